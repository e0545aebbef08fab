import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { readCertificate, type Certificate } from '../pki/certificate.js';
import { buildCertificate } from '../pki/certificateBuilder.js';
import { makeName, parseName, type Name } from '../pki/distinguishedName.js';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyIdentifier,
} from '../pki/extensionMakers.js';
import { KeyPurpose } from '../pki/oids.js';
import { makeKeys, type Keys } from './keys.js';
import type { PracticeFiles } from './practiceFiles.js';
import { practiceOrganization } from '../pki/practiceMarker.js';

const fileName = 'practice-ca.json';
const day = 86_400_000;

/** A certificate of the practice CA with its key. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

/** Facts for a certificate of a sender or a partner. */
export interface LeafWish {
  readonly subject: Name;
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly dnsNames?: readonly string[];
  readonly purposes?: readonly string[];
}

/** The practice CA: a root with an intermediate below it, and a stranger that nobody trusts. */
export class PracticeAuthority {
  private constructor(
    readonly root: Issuer,
    readonly intermediate: Issuer,
    readonly stranger: Issuer,
    private readonly clock: () => number,
  ) {}

  /** Loads the CA of this machine, or makes it at the first time. */
  static async open(files: PracticeFiles, clock: () => number): Promise<PracticeAuthority> {
    const stored = parseStored(await files.read(fileName));
    if (stored !== undefined) {
      return new PracticeAuthority(stored.root, stored.intermediate, stored.stranger, clock);
    }
    const [rootKeys, intermediateKeys, strangerKeys] = await Promise.all(
      [0, 1, 2].map(() => makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
    );
    if (rootKeys === undefined || intermediateKeys === undefined || strangerKeys === undefined) {
      throw new Error('unreachable');
    }
    const root = certify('Practice Root CA', rootKeys, undefined, clock());
    const intermediate = certify('Practice Issuing CA', intermediateKeys, root, clock());
    const stranger = certify('Practice Stranger CA', strangerKeys, undefined, clock());
    await files.write(fileName, {
      version: 1,
      root: stored1(root),
      intermediate: stored1(intermediate),
      stranger: stored1(stranger),
    });
    return new PracticeAuthority(root, intermediate, stranger, clock);
  }

  /** What the practice tenant trusts as top of a chain. */
  get trusted(): readonly Certificate[] {
    return [this.root.certificate];
  }

  /** A certificate for somebody's key, for client authentication where nothing else is said. */
  issue(wish: LeafWish, issuer: Issuer = this.intermediate): Uint8Array {
    return buildCertificate(
      {
        subject: wish.subject,
        issuer: issuer.certificate.subject,
        serialNumber: serialNumber(),
        notBefore: wish.notBefore,
        notAfter: wish.notAfter,
        spki: wish.spki,
        extensions: [
          basicConstraints({ isCa: false }),
          keyUsage(['digitalSignature', 'keyEncipherment']),
          extendedKeyUsage(wish.purposes ?? [KeyPurpose.clientAuth]),
          ...(wish.dnsNames === undefined
            ? []
            : [subjectAltName(wish.dnsNames.map((value) => ({ type: 'DNS', value })))]),
          subjectKeyIdentifier(wish.spki),
          authorityKeyIdentifier(issuer.certificate.spki),
        ],
      },
      issuer.key,
    );
  }

  /** A certificate signed with its own key, as the tenant makes it for a new pair. */
  selfSigned(options: {
    readonly subject: Name;
    readonly keys: Keys;
    readonly notBefore: Date;
    readonly notAfter: Date;
    readonly hash?: Parameters<typeof buildCertificate>[2];
  }): Uint8Array {
    const spki = spkiOf(options.keys);
    return buildCertificate(
      {
        subject: options.subject,
        issuer: options.subject,
        serialNumber: serialNumber(),
        notBefore: options.notBefore,
        notAfter: options.notAfter,
        spki,
        extensions: [subjectKeyIdentifier(spki)],
      },
      options.keys.privateKey,
      options.hash,
    );
  }

  now(): number {
    return this.clock();
  }
}

/** The public key of a pair as `SubjectPublicKeyInfo`. */
export function spkiOf(keys: Keys): Uint8Array {
  return Uint8Array.from(createPublicKey(keys.privateKey).export({ type: 'spki', format: 'der' }));
}

/** A positive random serial number of 16 octets. */
function serialNumber(): Uint8Array {
  const octets = Uint8Array.from(randomBytes(16));
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets;
}

/** A CA certificate; where no issuer is given, it signs itself. */
export function certify(commonName: string, keys: Keys, issuer: Issuer | undefined, now: number): Issuer {
  const subject = makeName([
    [{ oid: '2.5.4.6', value: 'DE' }],
    [{ oid: '2.5.4.10', value: practiceOrganization }],
    [{ oid: '2.5.4.3', value: commonName }],
  ]);
  return certifyName(subject, keys, issuer, now);
}

/** The same under any name, for the roots that a tenant brings along. */
export function certifyName(subject: Name, keys: Keys, issuer: Issuer | undefined, now: number): Issuer {
  const spki = spkiOf(keys);
  const der = buildCertificate(
    {
      subject,
      issuer: issuer?.certificate.subject ?? subject,
      serialNumber: serialNumber(),
      notBefore: new Date(now - 400 * day),
      notAfter: new Date(now + (issuer === undefined ? 5000 : 3000) * day),
      spki,
      extensions: [
        basicConstraints({ isCa: true, ...(issuer === undefined ? {} : { pathLength: 0 }) }),
        keyUsage(['keyCertSign', 'cRLSign']),
        subjectKeyIdentifier(spki),
        ...(issuer === undefined ? [] : [authorityKeyIdentifier(issuer.certificate.spki)]),
      ],
    },
    issuer?.key ?? keys.privateKey,
  );
  return { certificate: readCertificate(der), key: keys.privateKey };
}

/** A name as a person writes it. */
export function nameOf(text: string): Name {
  return parseName(text);
}

interface StoredIssuer {
  readonly certificate: string;
  readonly key: string;
}

function stored1({ certificate, key }: Issuer): StoredIssuer {
  return {
    certificate: Buffer.from(certificate.der).toString('base64'),
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function parseStored(content: unknown): { root: Issuer; intermediate: Issuer; stranger: Issuer } | undefined {
  const issuer = (name: string): Issuer | undefined => {
    const part: unknown =
      typeof content === 'object' && content !== null ? Reflect.get(content, name) : undefined;
    if (typeof part !== 'object' || part === null) {
      return undefined;
    }
    const certificate: unknown = Reflect.get(part, 'certificate');
    const key: unknown = Reflect.get(part, 'key');
    try {
      return typeof certificate === 'string' && typeof key === 'string'
        ? { certificate: readCertificate(Buffer.from(certificate, 'base64')), key: createPrivateKey(key) }
        : undefined;
    } catch {
      return undefined;
    }
  };
  const [root, intermediate, stranger] = [issuer('root'), issuer('intermediate'), issuer('stranger')];
  return root === undefined || intermediate === undefined || stranger === undefined
    ? undefined
    : { root, intermediate, stranger };
}
