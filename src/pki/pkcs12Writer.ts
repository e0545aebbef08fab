import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { readCertificate } from './certificate.js';
import { FileDerivation, type KeyDerivation, type KeyDerivationOptions } from './keyDerivation.js';
import { passwordForms } from './password.js';
import { defaultRounds, type EncryptionProfile, encryptWithPassword } from './passwordEncryption.js';
import { writePkcs12Mac } from './pkcs12Mac.js';
import { Pkcs12Oid } from './pkcs12Oids.js';
import { readPkcs12 } from './pkcs12Reader.js';
import { readPrivateKeyInfo } from './privateKeyInfo.js';

/** How a file under a password is written. */
export interface WriteOptions extends KeyDerivationOptions {
  readonly password: string;
  readonly profile: EncryptionProfile;
  /** Rounds of each derivation; `defaultRounds` where it is left out. */
  readonly rounds?: number;
  readonly derivation: KeyDerivation;
}

/** A key pair with its chain, to be written. */
export interface Pkcs12Entry {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** DER, written in this order; one of them has the key's public key. Empty for a key alone. */
  readonly certificates: readonly Uint8Array[];
  readonly friendlyName?: string | undefined;
}

/**
 * Writes one key pair as PKCS#12 (RFC 7292) and reads it back before it returns. Throws `mismatch` where no certificate belongs
 * to the key, `malformed` for a key or certificate that cannot be read, `Cancelled`.
 */
export async function writePkcs12(entry: Pkcs12Entry, options: WriteOptions): Promise<Uint8Array> {
  const key = readPrivateKeyInfo(asn1.readAsn1(entry.privateKey));
  const certificates = entry.certificates.map(readCertificate);
  const leaf = certificates.find(({ spkiSha256 }) => spkiSha256 === key.spkiSha256);
  if (leaf === undefined && certificates.length > 0) {
    throw new KeystoreError('mismatch', 'No certificate has the public key of the private key');
  }
  const localKeyId = Buffer.from(leaf?.sha1 ?? key.spkiSha256, 'hex');
  const ownAttributes = attributes(entry.friendlyName, localKeyId);
  const certBags = certificates.map((certificate) =>
    bag(
      Pkcs12Oid.certBag,
      asn1.sequence(
        asn1.oid(Pkcs12Oid.x509Certificate),
        asn1.contextConstructed(0, asn1.octetString(certificate.der)),
      ),
      certificate === leaf ? ownAttributes : undefined,
    ),
  );
  const { profile, rounds = defaultRounds[profile], signal, onProgress } = options;
  // Writing and reading back take the same time.
  const file = new FileDerivation(options.derivation, {
    signal,
    onProgress: (fraction) => onProgress?.(fraction / 2),
  });
  const [password] = passwordForms(options.password);
  const encryption = { profile, rounds, file };
  const content = (async () => {
    const [certificatePart, shroudedKey] = await Promise.all([
      certBags.length === 0
        ? undefined
        : encryptWithPassword(asn1.sequence(...certBags), password, encryption),
      encryptWithPassword(key.pkcs8, password, encryption),
    ]);
    const keyBag = bag(
      Pkcs12Oid.shroudedKeyBag,
      asn1.sequence(shroudedKey.algorithm, asn1.octetString(shroudedKey.encrypted)),
      ownAttributes,
    );
    return asn1.sequence(
      certificatePart && encryptedData(certificatePart),
      contentInfo(Pkcs12Oid.data, asn1.octetString(asn1.sequence(keyBag))),
    );
  })();
  const hash = profile === 'modern' ? 'sha256' : 'sha1';
  const [mac, authenticatedSafe] = await Promise.all([
    writePkcs12Mac(content, password, { hash, rounds, file }),
    content,
  ]);
  const written = asn1.sequence(
    asn1.integer(3),
    contentInfo(Pkcs12Oid.data, asn1.octetString(authenticatedSafe)),
    mac,
  );
  await readBack(written, entry, {
    ...options,
    onProgress: (fraction) => onProgress?.(0.5 + fraction / 2),
  });
  return written;
}

function contentInfo(type: string, content: Uint8Array): Uint8Array {
  return asn1.sequence(asn1.oid(type), asn1.contextConstructed(0, content));
}

function encryptedData({
  algorithm,
  encrypted,
}: {
  readonly algorithm: Uint8Array;
  readonly encrypted: Uint8Array;
}): Uint8Array {
  const info = asn1.sequence(asn1.oid(Pkcs12Oid.data), algorithm, asn1.contextPrimitive(0, encrypted));
  return contentInfo(Pkcs12Oid.encryptedData, asn1.sequence(asn1.integer(0), info));
}

function bag(type: string, value: Uint8Array, bagAttributes: Uint8Array | undefined): Uint8Array {
  return asn1.sequence(asn1.oid(type), asn1.contextConstructed(0, value), bagAttributes);
}

function attributes(friendlyName: string | undefined, localKeyId: Uint8Array): Uint8Array {
  const attribute = (type: string, value: Uint8Array): Uint8Array =>
    asn1.sequence(asn1.oid(type), asn1.set(value));
  return asn1.set(
    attribute(Pkcs12Oid.localKeyId, asn1.octetString(localKeyId)),
    ...(friendlyName === undefined ? [] : [attribute(Pkcs12Oid.friendlyName, asn1.bmpString(friendlyName))]),
  );
}

async function readBack(written: Uint8Array, entry: Pkcs12Entry, options: WriteOptions): Promise<void> {
  const { certificates, keys, macVerified } = await readPkcs12(written, options);
  const [key] = keys;
  const isSame =
    macVerified &&
    keys.length === 1 &&
    key !== undefined &&
    crypto.timingSafeEqual(hashOf(key.key.pkcs8), hashOf(entry.privateKey)) &&
    key.friendlyName === entry.friendlyName &&
    certificates.length === entry.certificates.length &&
    certificates.every(({ certificate }, index) =>
      asn1.bytesEqual(certificate.der, entry.certificates[index] ?? new Uint8Array(0)),
    );
  if (!isSame) {
    throw asn1.malformed('The PKCS#12 file that was written does not read back as what was put in');
  }
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return crypto.createHash('sha256').update(bytes).digest();
}
