import crypto from 'node:crypto';
import * as asn1 from './asn1.js';
import { unsupportedHash } from './hashIteration.js';
import type { FileDerivation } from './keyDerivation.js';
import { hashNames } from './oids.js';
import type { PasswordForm } from './password.js';
import { prfHash, readKeyDerivationFunction } from './passwordEncryption.js';
import { readAlgorithmIdentifier } from './publicKey.js';

const pbmac1Oid = '1.2.840.113549.1.5.14';

/** Digests that only MACs use, with node's names. */
const furtherHashes: ReadonlyMap<string, string> = new Map([
  ['1.3.36.3.2.1', 'ripemd160'],
  ['1.2.156.10197.1.401', 'sm3'],
  ['1.3.6.1.4.1.1722.12.2.1.16', 'blake2b512'],
  ['1.3.6.1.4.1.1722.12.2.2.8', 'blake2s256'],
]);

/** The MAC over a PKCS#12 file's content. */
export interface Pkcs12Mac {
  /** For the log: `PBMAC1 with sha256`. */
  readonly name: string;
  /** True where the password is the one that the MAC was made with and the content is unchanged. */
  verify(content: Uint8Array, password: PasswordForm, file: FileDerivation): Promise<boolean>;
}

/** Reads `MacData` (RFC 7292 4, RFC 9579 4); throws `unsupported` for a digest that is not known. */
export function readPkcs12Mac(node: asn1.Asn1): Pkcs12Mac {
  const members = asn1.Members.ofSequence(node, 'MacData');
  const info = asn1.Members.ofSequence(members.next('mac'), 'DigestInfo');
  const { algorithm, parameters } = readAlgorithmIdentifier(info.next('digestAlgorithm'), 'MAC algorithm');
  const digest = asn1.readOctetString(info.next('digest'), 'MAC');
  info.end();
  const salt = asn1.readOctetString(members.next('macSalt'), 'MAC salt');
  const roundsNode = members.optional(asn1.Tag.integer);
  const rounds = roundsNode === undefined ? 1 : asn1.readSmallInteger(roundsNode, 'MAC iterations');
  members.end();
  if (algorithm === pbmac1Oid) {
    return readPbmac1(parameters, digest);
  }
  const hash = hashNames.get(algorithm) ?? furtherHashes.get(algorithm);
  if (hash === undefined) {
    throw unsupportedHash(algorithm);
  }
  const length = hmac(hash, new Uint8Array(1), new Uint8Array(0)).length;
  return {
    name: `HMAC with ${hash}`,
    verify: async (content, { wide: password }, file) => {
      const key = await file.derive({ kind: 'pkcs12', hash, password, salt, rounds, purpose: 3, length });
      return isEqual(hmac(hash, key, content), digest);
    },
  };
}

function readPbmac1(parameters: asn1.Asn1 | undefined, digest: Uint8Array): Pkcs12Mac {
  const members = asn1.Members.ofSequence(parameters, 'PBMAC1 parameters');
  const kdf = readKeyDerivationFunction(members.next('keyDerivationFunc'));
  const hash = prfHash(readAlgorithmIdentifier(members.next('messageAuthScheme'), 'MAC').algorithm);
  members.end();
  const { keyLength } = kdf;
  // RFC 9579 5: without it a reader would have to guess; below 20 octets it would be weaker than what it replaces.
  if (keyLength === undefined || keyLength < 20) {
    throw asn1.malformed('PBMAC1 without a key length of at least 20 bytes');
  }
  return {
    name: `PBMAC1 with ${hash}`,
    verify: async (content, { octets }, file) => {
      const key = await file.derive(kdf.request(octets, keyLength));
      return isEqual(hmac(hash, key, content), digest);
    },
  };
}

function hmac(hash: string, key: Uint8Array, content: Uint8Array): Uint8Array {
  try {
    return crypto.createHmac(hash, key).update(content).digest();
  } catch (cause) {
    throw unsupportedHash(hash, cause);
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}

/**
 * `MacData` over the content, in the older scheme that every reader knows (RFC 7292 appendix B); the key is derived while the
 * content is still being made.
 */
export async function writePkcs12Mac(
  content: Promise<Uint8Array>,
  password: PasswordForm,
  options: { readonly hash: 'sha1' | 'sha256'; readonly rounds: number; readonly file: FileDerivation },
): Promise<Uint8Array> {
  const { hash, rounds, file } = options;
  const [length, oid] = hash === 'sha1' ? [20, '1.3.14.3.2.26'] : [32, '2.16.840.1.101.3.4.2.1'];
  const salt = crypto.randomBytes(length);
  const [key, bytes] = await Promise.all([
    file.derive({ kind: 'pkcs12', hash, password: password.wide, salt, rounds, purpose: 3, length }),
    content,
  ]);
  return asn1.sequence(
    asn1.sequence(asn1.sequence(asn1.oid(oid), asn1.nullValue()), asn1.octetString(hmac(hash, key, bytes))),
    asn1.octetString(salt),
    asn1.integer(rounds),
  );
}
