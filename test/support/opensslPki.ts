import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** Makes certificates with openssl in a folder of its own; `dispose` removes it. */
export class OpensslPki {
  private readonly directory = mkdtempSync(join(tmpdir(), 'keystore-pki-'));
  private count = 0;

  /** A self-signed CA. */
  ca(subject: string): Credential {
    const { key, certificate } = this.paths();
    this.openssl(
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'],
      ['-keyout', key, '-out', certificate, '-subj', subject, '-addext', 'keyUsage=critical,keyCertSign'],
    );
    return this.read(key, certificate);
  }

  /** A certificate below a CA; `days` may be negative for one that has expired. */
  issue(
    ca: Credential,
    subject: string,
    options: {
      days?: number;
      names?: string;
      ca?: boolean;
      usages?: string;
      bits?: number;
      hash?: string;
    } = {},
  ): Credential {
    const { key, certificate } = this.paths();
    const { key: caKey, certificate: caCertificate } = this.paths();
    writeFileSync(caKey, ca.key);
    writeFileSync(caCertificate, ca.certificate);
    const request = `${certificate}.csr`;
    const extensions = `${certificate}.ext`;
    writeFileSync(
      extensions,
      [
        ...(options.names === undefined ? [] : [`subjectAltName=${options.names}`]),
        ...(options.usages === undefined ? [] : [`extendedKeyUsage=${options.usages}`]),
        'subjectKeyIdentifier=hash',
        'authorityKeyIdentifier=keyid',
        options.ca === true ? 'basicConstraints=critical,CA:true' : 'basicConstraints=CA:false',
      ].join('\n'),
    );
    this.openssl([
      'req',
      '-new',
      '-newkey',
      `rsa:${options.bits ?? 2048}`,
      '-nodes',
      '-keyout',
      key,
      '-out',
      request,
      '-subj',
      subject,
    ]);
    this.openssl(
      [
        'x509',
        '-req',
        '-in',
        request,
        '-CA',
        caCertificate,
        '-CAkey',
        caKey,
        '-set_serial',
        String(this.count),
      ],
      [`-${options.hash ?? 'sha256'}`, '-days', String(options.days ?? 365)],
      ['-out', certificate, '-extfile', extensions],
    );
    return this.read(key, certificate);
  }

  /** Certifies the name and key of another CA. */
  crossSign(ca: Credential, other: Credential): Credential {
    const { key, certificate } = this.paths();
    const request = `${certificate}.csr`;
    const extensions = `${certificate}.ext`;
    writeFileSync(key, other.key);
    writeFileSync(
      extensions,
      'basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid',
    );
    const old = this.file(other.certificate);
    this.openssl(['x509', '-x509toreq', '-in', old, '-signkey', key, '-out', request]);
    this.openssl(
      ['x509', '-req', '-in', request, '-CA', this.file(ca.certificate), '-CAkey', this.file(ca.key)],
      ['-set_serial', String(this.count), '-days', '365', '-out', certificate, '-extfile', extensions],
    );
    return this.read(key, certificate);
  }

  /** Runs openssl in the folder and returns what it printed. */
  openssl(...args: readonly (readonly string[])[]): string {
    return execFileSync('openssl', args.flat(), {
      cwd: this.directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** A key in the traditional form `BEGIN RSA PRIVATE KEY`, as service keys hold it. */
  traditional(key: string): string {
    const path = this.file(key);
    return this.openssl(['rsa', '-in', path, '-traditional']);
  }

  encrypted(key: string): string {
    return this.openssl(['pkcs8', '-topk8', '-in', this.file(key), '-passout', 'pass:x']);
  }

  /** SHA-256 over the DER, upper-case pairs with colons. */
  fingerprint(certificate: string): string {
    const printed = this.openssl([
      'x509',
      '-in',
      this.file(certificate),
      '-noout',
      '-fingerprint',
      '-sha256',
    ]);
    return printed.trim().replace(/^.*=/, '');
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private file(text: string): string {
    const { key } = this.paths();
    writeFileSync(key, text);
    return key;
  }

  private paths(): { key: string; certificate: string } {
    this.count++;
    return {
      key: join(this.directory, `${this.count}.key`),
      certificate: join(this.directory, `${this.count}.crt`),
    };
  }

  private read(key: string, certificate: string): Credential {
    return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  }
}
