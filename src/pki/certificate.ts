import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type Name, readName } from './distinguishedName.js';
import * as decode from './extensions.js';
import type { Extension } from './extensions.js';
import type { GeneralName } from './generalName.js';
import { ExtensionOid, hashNames, signatureAlgorithms } from './oids.js';
import { type PublicKey, readAlgorithmIdentifier, readPublicKey } from './publicKey.js';

/** An X.509 certificate, every field of it from the original bytes. */
export interface Certificate {
  /** The certificate as it was read. */
  readonly der: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Lower-case hex without needless zero octets; a negative one begins with `-`, one that cannot be read is empty. */
  readonly serialNumber: string;
  readonly subject: Name;
  readonly issuer: Name;
  /** Where the time cannot be read, the end of time, so that the certificate counts as not yet valid. */
  readonly notBefore: Date;
  /** Where the time cannot be read, the beginning of time, so that the certificate counts as expired. */
  readonly notAfter: Date;
  readonly publicKey: PublicKey;
  readonly spki: Uint8Array;
  readonly spkiSha256: string;
  /** `RSA:2048`, `EC:prime256v1`, `DSA:1024`, `Ed25519`. */
  readonly keyType: string;
  /** OpenSSL's name, such as `sha256WithRSAEncryption`; the number of one that is not known. */
  readonly signatureAlgorithm: string;
  /** The `AlgorithmIdentifier` outside the signed part. */
  readonly signatureAlgorithmDer: Uint8Array;
  /** What is signed. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: readonly string[] | undefined;
  /** Purposes by their numbers. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectAltNames: readonly GeneralName[];
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  readonly sha1: string;
  readonly sha256: string;
  readonly sha512: string;
  /** What in this certificate is not as RFC 5280 says, for people; empty for most. */
  readonly problems: readonly string[];
  /** False where the fault is such that no path may lead through this certificate. */
  readonly isWellFormed: boolean;
}

/** No certificate that is used is nearly as large; what is larger is not one. */
const maxCertificateBytes = 1024 * 1024;

/**
 * Reads one certificate. What lies inside its fields may be broken and is then named in `problems`; throws `malformed`
 * only where the bytes are no certificate at all.
 */
export function readCertificate(der: Uint8Array): Certificate {
  return certificateFrom(asn1.readAsn1(der, { maxBytes: maxCertificateBytes, maxValues: 50_000 }));
}

/** True for a signed structure that is neither a signing request nor a revocation list. */
export function looksLikeCertificate(node: asn1.Asn1): boolean {
  const [signed, algorithm, signature] = node.children;
  if (
    node.children.length !== 3 ||
    !asn1.isUniversal(node, asn1.Tag.sequence) ||
    !asn1.isUniversal(signed, asn1.Tag.sequence) ||
    !asn1.isUniversal(algorithm, asn1.Tag.sequence) ||
    !asn1.isUniversal(signature, asn1.Tag.bitString)
  ) {
    return false;
  }
  const isRequest =
    asn1.isUniversal(signed.children[0], asn1.Tag.integer) &&
    signed.children.length <= 4 &&
    signed.children.slice(3).every((child) => asn1.isContext(child, 0));
  const isRevocationList = signed.children.some(
    (child) => asn1.isUniversal(child, asn1.Tag.utcTime) || asn1.isUniversal(child, asn1.Tag.generalizedTime),
  );
  return !isRequest && !isRevocationList;
}

function certificateFrom(node: asn1.Asn1): Certificate {
  if (!looksLikeCertificate(node)) {
    throw asn1.malformed('Not a certificate');
  }
  const problems = new Problems();
  const outer = asn1.Members.ofSequence(node, 'Certificate');
  const signed = outer.next('tbsCertificate');
  const outerAlgorithm = outer.next('signatureAlgorithm');
  const signature = outer.next('signatureValue');

  const members = asn1.Members.ofSequence(signed, 'Certificate');
  const version = readVersion(members.optionalContext(0), problems);
  const serial = members.next('serialNumber');
  const innerAlgorithm = members.next('signature');
  const issuer = readNameOrBytes(members.next('issuer'), l10n.t('Issuer'), problems);
  const { notBefore, notAfter } = readValidity(members.next('validity'), problems);
  const subject = readNameOrBytes(members.next('subject'), l10n.t('Subject'), problems);
  const keyInfo = members.next('subjectPublicKeyInfo');
  const publicKey =
    attempt(problems, l10n.t('Public key'), () => readPublicKey(keyInfo)) ?? unreadableKey(keyInfo);
  members.optionalContext(1);
  members.optionalContext(2);
  const extensionsNode = members.optionalContext(3);
  if (members.rest().length > 0) {
    problems.refuse(l10n.t('Something follows the last field of the certificate.'));
  }
  if (!asn1.bytesEqual(outerAlgorithm.bytes, innerAlgorithm.bytes)) {
    problems.refuse(l10n.t('The signature algorithm is not the same inside and outside the signed part.'));
  }
  const serialNumber = attempt(problems, l10n.t('Serial number'), () => serialText(serial.content)) ?? '';
  if (serialNumber.startsWith('-')) {
    problems.note(l10n.t('The serial number is negative.'));
  }
  const extensions = attempt(problems, l10n.t('Extensions'), () =>
    extensionsNode === undefined
      ? []
      : decode.readExtensions(asn1.explicitContent(extensionsNode, 'Extensions')),
  );
  if (extensionsNode !== undefined && version !== 3) {
    problems.refuse(l10n.t('A certificate of version {0} has no extensions.', version));
  }
  if (issuer.rdns.length === 0) {
    problems.refuse(l10n.t('The name of the issuer is empty.'));
  }
  const { algorithm } = readAlgorithmIdentifier(outerAlgorithm, 'Signature algorithm');
  const der = node.bytes;
  return {
    der,
    version,
    serialNumber,
    subject,
    issuer,
    notBefore: notBefore ?? new Date(8.64e15),
    notAfter: notAfter ?? new Date(-8.64e15),
    publicKey,
    spki: publicKey.spki,
    spkiSha256: digest('sha256', publicKey.spki),
    keyType: publicKey.keyType,
    signatureAlgorithm: signatureAlgorithms.get(algorithm)?.name ?? hashNames.get(algorithm) ?? algorithm,
    signatureAlgorithmDer: outerAlgorithm.bytes,
    signedPart: signed.bytes,
    signature: attempt(problems, l10n.t('Signature'), () => wholeOctets(signature)) ?? new Uint8Array(),
    extensions: extensions ?? [],
    ...readKnownExtensions(extensions ?? [], problems),
    sha1: digest('sha1', der),
    sha256: digest('sha256', der),
    sha512: digest('sha512', der),
    problems: problems.texts,
    isWellFormed: problems.isWellFormed,
  };
}

/** Collects what is wrong while the rest is read on. */
class Problems {
  readonly texts: string[] = [];
  isWellFormed = true;

  note(text: string): void {
    this.texts.push(text);
  }

  refuse(text: string): void {
    this.texts.push(text);
    this.isWellFormed = false;
  }
}

function readVersion(node: asn1.Asn1 | undefined, problems: Problems): 1 | 2 | 3 {
  const version =
    node === undefined
      ? 0n
      : attempt(problems, l10n.t('Version'), () =>
          asn1.readInteger(asn1.explicitContent(node, 'Version'), 'Version'),
        );
  switch (version) {
    case 0n:
      return 1;
    case 1n:
      return 2;
    case 2n:
      return 3;
    default:
      if (version !== undefined) {
        problems.refuse(l10n.t('There is no certificate version {0}.', String(version + 1n)));
      }
      return 3;
  }
}

function serialText(content: Uint8Array): string {
  const value = asn1.integerFromContent(content, 'Serial number');
  const magnitude = (value < 0n ? -value : value).toString(16);
  return `${value < 0n ? '-' : ''}${magnitude.length % 2 === 0 ? '' : '0'}${magnitude}`;
}

function readValidity(
  node: asn1.Asn1,
  problems: Problems,
): { readonly notBefore: Date | undefined; readonly notAfter: Date | undefined } {
  const times = attempt(problems, l10n.t('Validity'), () => {
    const members = asn1.Members.ofSequence(node, 'Validity');
    return { from: members.next('notBefore'), to: members.next('notAfter') };
  });
  return {
    notBefore: times && readTime(times.from, 'notBefore', problems),
    notAfter: times && readTime(times.to, 'notAfter', problems),
  };
}

/** A name that cannot be read stands by its bytes, as one attribute of no type, so that it is not taken for another name. */
function readNameOrBytes(node: asn1.Asn1, field: string, problems: Problems): Name {
  const unreadable = { oid: '?', value: `#${asn1.toHex(node.bytes).toUpperCase()}`, isText: false };
  return (
    attempt(problems, field, () => readName(node)) ?? {
      rdns: [[{ ...unreadable, der: node.bytes }]],
      der: node.bytes,
    }
  );
}

function unreadableKey(node: asn1.Asn1): PublicKey {
  return { spki: node.bytes, algorithm: '?', parameters: undefined, key: node.content, keyType: '?' };
}

function readTime(node: asn1.Asn1, field: string, problems: Problems): Date | undefined {
  return attempt(problems, field, () => asn1.readTime(node, field));
}

function wholeOctets(node: asn1.Asn1): Uint8Array {
  const { bytes, unusedBits } = asn1.readBitString(node, 'Signature');
  if (unusedBits !== 0) {
    throw asn1.malformed('Signature: not a whole number of octets');
  }
  return bytes;
}

type KnownExtensions = Pick<
  Certificate,
  | 'isCa'
  | 'pathLength'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'subjectAltNames'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
>;

function readKnownExtensions(extensions: readonly Extension[], problems: Problems): KnownExtensions {
  const seen = new Set<string>();
  for (const { oid } of extensions) {
    if (seen.has(oid)) {
      problems.refuse(l10n.t('The extension {0} is there more than once.', oid));
    }
    seen.add(oid);
  }
  const read = <T>(oid: string, name: string, decoder: (value: Uint8Array) => T): T | undefined => {
    const extension = decode.findExtension(extensions, oid);
    return extension === undefined ? undefined : attempt(problems, name, () => decoder(extension.value));
  };
  const constraints = read(
    ExtensionOid.basicConstraints,
    l10n.t('Basic constraints'),
    decode.decodeBasicConstraints,
  );
  const subjectKey = read(
    ExtensionOid.subjectKeyIdentifier,
    l10n.t('Subject key identifier'),
    decode.decodeSubjectKeyIdentifier,
  );
  const authorityKey = read(
    ExtensionOid.authorityKeyIdentifier,
    l10n.t('Authority key identifier'),
    decode.decodeAuthorityKeyIdentifier,
  )?.keyIdentifier;
  return {
    isCa: constraints?.isCa ?? false,
    pathLength: constraints?.pathLength,
    keyUsage: read(ExtensionOid.keyUsage, l10n.t('Key usage'), decode.decodeKeyUsage),
    extendedKeyUsage: read(
      ExtensionOid.extendedKeyUsage,
      l10n.t('Extended key usage'),
      decode.decodeExtendedKeyUsage,
    ),
    subjectAltNames:
      read(ExtensionOid.subjectAltName, l10n.t('Subject alternative name'), decode.decodeAlternativeNames) ??
      [],
    subjectKeyIdentifier: subjectKey && asn1.toHex(subjectKey),
    authorityKeyIdentifier: authorityKey && asn1.toHex(authorityKey),
  };
}

/** A broken field is named and left out; the rest of the certificate is shown all the same. */
function attempt<T>(problems: Problems, field: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    problems.refuse(l10n.t('{0} cannot be read: {1}', field, error.message));
    return undefined;
  }
}

function digest(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** A fingerprint as people compare it: `AB:CD:…`. */
export function formatFingerprint(hex: string): string {
  return (hex.toUpperCase().match(/.{1,2}/g) ?? []).join(':');
}
