import { type KeyObject, createPublicKey } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { looksLikeCertificate } from './certificate.js';
import { type Name, readName } from './distinguishedName.js';
import {
  type ExtensionTemplate,
  encodeExtension,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
} from './extensionMakers.js';
import * as decode from './extensions.js';
import type { Extension, KeyUsage } from './extensions.js';
import type { GeneralName, GeneralNameInput } from './generalName.js';
import { ExtensionOid, KeyPurpose, hashNames, signatureAlgorithms } from './oids.js';
import { decodeBase64, decodeText, isPadding, readPemBlocks } from './pem.js';

import { type PublicKey, readAlgorithmIdentifier, readPublicKey, spkiSha256Of } from './publicKey.js';
import {
  type SignatureHash,
  type SignatureVerdict,
  signerFor,
  verificationKey,
  verifySignature,
} from './signature.js';

/** A certificate signing request (RFC 2986), every field from the original bytes. */
export interface SigningRequest {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly spki: Uint8Array;
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  /** The request was signed with the private key that belongs to its public key. */
  readonly signatureValid: boolean;
  /** Tells "not valid" from "this host cannot check it". */
  readonly signatureVerdict: SignatureVerdict;
  readonly extensions: readonly Extension[];
  readonly subjectAltNames: readonly GeneralName[];
  readonly keyUsage: readonly string[] | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly challengePassword?: string;
  /** What is not as the RFCs say, for people; empty for most. */
  readonly problems: readonly string[];
}

const maxRequestBytes = 1024 * 1024;
/** Attributes that ask for extensions: PKCS #9 (RFC 2985 5.4.2) and Microsoft's. */
export const extensionRequestOids: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.9.14',
  '1.3.6.1.4.1.311.2.1.14',
]);
/** RFC 2985 5.4.1. */
export const challengePasswordOid = '1.2.840.113549.1.9.7';

/** Reads a request from PEM, DER or base64; throws `malformed`, with what was found instead in `details.found`. */
export function readSigningRequest(bytes: Uint8Array): SigningRequest {
  if (bytes.length > maxRequestBytes) {
    throw new KeystoreError('malformed', 'Too large for a signing request');
  }
  const der = requestDer(bytes, true);
  const node = asn1.readFirstAsn1(der);
  if (!isPadding(der.subarray(node.bytes.length))) {
    throw asn1.malformed('Something else follows the signing request');
  }
  if (looksLikeCertificate(node)) {
    throw notARequest('CERTIFICATE');
  }
  return requestFrom(node);
}

function requestDer(bytes: Uint8Array, mayBeWrapped: boolean): Uint8Array {
  if (bytes[0] === 0x30) {
    return bytes;
  }
  const text = decodeText(bytes);
  const blocks = readPemBlocks(text);
  const block = blocks.find(({ label }) => label.endsWith('CERTIFICATE REQUEST'));
  if (block !== undefined) {
    return block.der;
  }
  const [first] = blocks;
  if (first !== undefined) {
    // Some tools write a wrong label; what is inside decides.
    if (looksLikeRequest(first.der)) {
      return first.der;
    }
    throw notARequest(first.label);
  }
  const decoded = decodeBase64(text);
  if (decoded === undefined || decoded.length === 0) {
    throw asn1.malformed('Neither PEM nor DER nor base64');
  }
  // SAP's Destination service has requests as base64 of the PEM text.
  return mayBeWrapped ? requestDer(decoded, false) : decoded;
}

/** True for the encoding of a signing request, whatever lies in its fields; never throws. */
export function looksLikeRequest(der: Uint8Array): boolean {
  try {
    const signed = asn1.readFirstAsn1(der).children[0];
    return (
      asn1.isUniversal(signed?.children[0], asn1.Tag.integer) &&
      asn1.isUniversal(signed.children[1], asn1.Tag.sequence) &&
      asn1.isUniversal(signed.children[2], asn1.Tag.sequence) &&
      signed.children.length <= 4
    );
  } catch {
    return false;
  }
}

function notARequest(found: string): KeystoreError {
  return new KeystoreError('malformed', `Not a signing request but ${found}`, { details: { found } });
}

function requestFrom(node: asn1.Asn1): SigningRequest {
  const outer = asn1.Members.ofSequence(node, 'Signing request');
  const signed = outer.next('certificationRequestInfo');
  const algorithmNode = outer.next('signatureAlgorithm');
  const signatureNode = outer.next('signature');
  outer.end();
  const members = asn1.Members.ofSequence(signed, 'Signing request');
  const version = asn1.readInteger(members.next('version'), 'Version of the signing request');
  if (version !== 0n) {
    throw asn1.malformed(`There is no signing request of version ${version + 1n}`);
  }
  const subject = readName(members.next('subject'));
  const publicKey = readPublicKey(members.next('subjectPKInfo'));
  const attributes = members.optionalContext(0);
  members.end();

  const problems: string[] = [];
  const requested = readAttributes(attributes, problems);
  const { algorithm } = readAlgorithmIdentifier(algorithmNode, 'Signature algorithm');
  const { bytes: signature, unusedBits } = asn1.readBitString(signatureNode, 'Signature');
  const signatureVerdict =
    unusedBits === 0
      ? verifySignature(
          { signedPart: signed.bytes, signature, signatureAlgorithmDer: algorithmNode.bytes },
          verificationKey(publicKey.spki),
        )
      : 'invalid';
  return {
    der: node.bytes,
    subject,
    publicKey,
    spki: publicKey.spki,
    spkiSha256: spkiSha256Of(publicKey.spki),
    keyType: publicKey.keyType,
    signatureAlgorithm: signatureAlgorithms.get(algorithm)?.name ?? hashNames.get(algorithm) ?? algorithm,
    signatureValid: signatureVerdict === 'valid',
    signatureVerdict,
    ...requested,
    problems,
  };
}

type Requested = Pick<
  SigningRequest,
  'extensions' | 'subjectAltNames' | 'keyUsage' | 'extendedKeyUsage' | 'challengePassword'
>;

function readAttributes(node: asn1.Asn1 | undefined, problems: string[]): Requested {
  const extensions: Extension[] = [];
  let challengePassword: string | undefined;
  for (const attribute of node?.children ?? []) {
    attempt(problems, l10n.t('An attribute of the request'), () => {
      const members = asn1.Members.ofSequence(attribute, 'Attribute');
      const oid = asn1.readOid(members.next('type'), 'Attribute');
      const values = asn1.setOf(members.next('values'), 'Attribute values');
      members.end();
      if (values.length === 0) {
        problems.push(l10n.t('The attribute {0} has no value.', oid));
      } else if (extensionRequestOids.has(oid)) {
        extensions.push(...decode.readExtensions(values[0]));
      } else if (oid === challengePasswordOid) {
        challengePassword = asn1.readString(values[0], 'Challenge password');
      }
    });
  }
  const seen = new Set<string>();
  for (const { oid } of extensions) {
    if (seen.has(oid)) {
      problems.push(l10n.t('The extension {0} is there more than once.', oid));
    }
    seen.add(oid);
  }
  const read = <T>(oid: string, decoder: (value: Uint8Array) => T): T | undefined => {
    const extension = decode.findExtension(extensions, oid);
    return extension && attempt(problems, l10n.t('Extension {0}', oid), () => decoder(extension.value));
  };
  return {
    extensions,
    subjectAltNames: read(ExtensionOid.subjectAltName, decode.decodeAlternativeNames) ?? [],
    keyUsage: read(ExtensionOid.keyUsage, decode.decodeKeyUsage),
    extendedKeyUsage: read(ExtensionOid.extendedKeyUsage, decode.decodeExtendedKeyUsage),
    ...(challengePassword === undefined ? {} : { challengePassword }),
  };
}

function attempt<T>(problems: string[], field: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    problems.push(l10n.t('{0} cannot be read: {1}', field, error.message));
    return undefined;
  }
}

/** What a signing request is to ask for. */
export interface SigningRequestOptions {
  readonly subject: Name;
  readonly privateKey: KeyObject;
  /** Without one, the hash that fits the key. */
  readonly hash?: SignatureHash;
  readonly subjectAltNames?: readonly GeneralNameInput[];
  readonly keyUsage?: readonly KeyUsage[];
  /** Purposes by their numbers; client authentication where nothing is said, none for an empty list. */
  readonly extendedKeyUsage?: readonly string[];
}

/** Makes and signs a request; the DER encoding. */
export function writeSigningRequest(options: SigningRequestOptions): Uint8Array {
  const { subject, privateKey } = options;
  const purposes = options.extendedKeyUsage ?? [KeyPurpose.clientAuth];
  const extensions: ExtensionTemplate[] = [];
  if (options.keyUsage !== undefined && options.keyUsage.length > 0) {
    extensions.push(keyUsage(options.keyUsage));
  }
  if (purposes.length > 0) {
    extensions.push(extendedKeyUsage(purposes));
  }
  if (options.subjectAltNames !== undefined && options.subjectAltNames.length > 0) {
    extensions.push(subjectAltName(options.subjectAltNames, { subject }));
  }
  const signer = signerFor(privateKey, options.hash);
  const spki = Uint8Array.from(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  const attributes =
    extensions.length === 0
      ? []
      : [
          asn1.sequence(
            asn1.oid('1.2.840.113549.1.9.14'),
            asn1.set(asn1.sequence(...extensions.map((extension) => encodeExtension(extension)))),
          ),
        ];
  const signedPart = asn1.sequence(
    asn1.integer(0),
    subject.der,
    spki,
    asn1.contextConstructed(0, ...attributes),
  );
  return asn1.sequence(signedPart, signer.algorithmDer, asn1.bitString(signer.sign(signedPart)));
}
