import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { buildCertificate } from '../../../src/pki/certificateBuilder.js';
import { type Certificate, readCertificate } from '../../../src/pki/certificate.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import * as make from '../../../src/pki/extensionMakers.js';

/** A key pair with its encoded public key. */
export interface TestKey {
  readonly privateKey: KeyObject;
  readonly spki: Uint8Array;
}

/** What a test wants to be different from an ordinary certificate. */
export interface TestCertificate {
  readonly subject: string;
  readonly key?: TestKey;
  readonly isCa?: boolean;
  readonly pathLength?: number;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly serialNumber?: number;
  readonly extensions?: readonly make.ExtensionTemplate[];
  /** Replaces all extensions. */
  readonly onlyExtensions?: readonly make.ExtensionTemplate[];
}

/** A certificate with the key that belongs to it. */
export interface Issued {
  readonly certificate: Certificate;
  readonly key: TestKey;
}

let serial = 1000;

/** A new P-256 key. */
export function newKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
}

/** Issues a certificate, self-signed where there is no issuer. */
export function issue(wanted: TestCertificate, issuer?: Issued): Issued {
  const key = wanted.key ?? newKey();
  const isCa = wanted.isCa ?? false;
  const subject = parseName(wanted.subject);
  const issuerSpki = issuer?.key.spki ?? key.spki;
  const extensions = wanted.onlyExtensions ?? [
    make.basicConstraints({ isCa, pathLength: wanted.pathLength }),
    make.keyUsage(isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']),
    make.subjectKeyIdentifier(key.spki),
    make.authorityKeyIdentifier(issuerSpki),
    ...(wanted.extensions ?? []),
  ];
  const der = buildCertificate(
    {
      subject,
      issuer: issuer?.certificate.subject ?? subject,
      serialNumber: Uint8Array.of(
        1,
        (wanted.serialNumber ?? ++serial) >> 8,
        (wanted.serialNumber ?? serial) & 255,
      ),
      notBefore: new Date(wanted.notBefore ?? '2020-01-01T00:00:00Z'),
      notAfter: new Date(wanted.notAfter ?? '2040-01-01T00:00:00Z'),
      spki: key.spki,
      extensions,
    },
    (issuer?.key ?? key).privateKey,
  );
  return { certificate: readCertificate(der), key };
}

/** Root, intermediate and leaf. */
export function issueChain(name = 'Test'): { root: Issued; intermediate: Issued; leaf: Issued } {
  const root = issue({ subject: `CN=${name} Root,O=Example,C=DE`, isCa: true });
  const intermediate = issue({ subject: `CN=${name} Issuing CA,O=Example,C=DE`, isCa: true }, root);
  const leaf = issue(
    {
      subject: `CN=${name} client,O=Example,C=DE`,
      extensions: [make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])],
    },
    intermediate,
  );
  return { root, intermediate, leaf };
}
