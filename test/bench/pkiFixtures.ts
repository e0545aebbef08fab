import { execFileSync } from 'node:child_process';
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCertificate } from '../../src/pki/certificateBuilder.js';
import { parseName } from '../../src/pki/distinguishedName.js';
import * as make from '../../src/pki/extensionMakers.js';
import { KeyPurpose } from '../../src/pki/oids.js';

/** A key pair, its public part encoded. */
export interface BenchKey {
  readonly privateKey: KeyObject;
  readonly spki: Uint8Array;
}

/** RSA with 2048 bits, the usual key of a client certificate. */
export function rsaKey(): BenchKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, spki: Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })) };
}

/** A name and the key that signs under it. */
export interface BenchIssuer {
  readonly name: string;
  readonly key: BenchKey;
}

const notBefore = new Date('2026-01-01T00:00:00Z');
const notAfter = new Date('2036-01-01T00:00:00Z');
let serial = 0;

/** A certificate as public authorities issue them; self-signed where the issuer is the subject itself. */
export function certificateOf(subject: BenchIssuer, issuer: BenchIssuer, isCa: boolean): Uint8Array {
  serial++;
  return buildCertificate(
    {
      subject: parseName(subject.name),
      issuer: parseName(issuer.name),
      serialNumber: Uint8Array.of(1, serial >> 16, (serial >> 8) & 255, serial & 255),
      notBefore,
      notAfter,
      spki: subject.key.spki,
      extensions: [
        make.basicConstraints({ isCa }),
        make.keyUsage(isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature', 'keyEncipherment']),
        make.subjectKeyIdentifier(subject.key.spki),
        make.authorityKeyIdentifier(issuer.key.spki),
        ...(isCa
          ? []
          : [
              make.extendedKeyUsage([KeyPurpose.clientAuth, KeyPurpose.serverAuth]),
              make.subjectAltName([
                { type: 'DNS', value: `client${serial}.example.org` },
                { type: 'email', value: `client${serial}@example.org` },
              ]),
            ]),
      ],
    },
    issuer.key.privateKey,
  );
}

/** Runs a program to its end; what it prints is dropped. */
export function runToEnd(program: string, args: readonly string[]): void {
  execFileSync(program, [...args], { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
}

/** Does something with a folder that is removed afterwards. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pki-bench-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
