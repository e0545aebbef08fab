import crypto from 'node:crypto';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { curveNames, KeyAlgorithmOid } from './oids.js';
import { decodeBase64, decodeText, readPemBlocks } from './pem.js';
import { readPrivateKey } from './privateKey.js';
import type { ReadOptions } from './protectedFile.js';
import { readPublicKey, spkiOfRsaPublicKey } from './publicKey.js';
import { SshReader } from './sshReader.js';

/** A public key as SSH programs have it (RFC 4253 6.6, 5656 3.1, 8709 4). */
export interface SshPublicKey {
  /** `ssh-rsa`, `ecdsa-sha2-nistp256`, `ssh-ed25519`, `ssh-dss`, or another as the file names it. */
  readonly type: string;
  /** The encoded key or certificate. */
  readonly blob: Uint8Array;
  /** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it; of a certificate that of its key. */
  readonly fingerprint: string;
  readonly comment: string | undefined;
}

/** An SSH key file. Of a private key its public part is read, which stands there in clear text. */
export interface SshKeyFile extends SshPublicKey {
  readonly kind: 'public' | 'private' | 'certificate';
  /** The private key is encrypted; the comment is then encrypted too. */
  readonly encrypted: boolean;
}

const maxFileBytes = 1024 * 1024;

// -------------------------------------------------------------------------------------------------- from a public key

const sshCurves: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'nistp256'],
  ['secp384r1', 'nistp384'],
  ['secp521r1', 'nistp521'],
]);

/** The SSH form of a `SubjectPublicKeyInfo`; throws `unsupported` for keys that SSH has no form for. */
export function sshPublicKey(spki: Uint8Array, comment?: string): SshPublicKey {
  const { algorithm, parameters, key } = readPublicKey(asn1.readAsn1(spki));
  switch (algorithm) {
    case KeyAlgorithmOid.rsa: {
      const [modulus, exponent] = asn1.sequenceOf(asn1.readAsn1(key), 'RSA key');
      return fromParts(
        'ssh-rsa',
        [number(exponent, 'RSA exponent'), number(modulus, 'RSA modulus')],
        comment,
      );
    }
    case KeyAlgorithmOid.dsa: {
      const numbers = [...asn1.sequenceOf(parameters, 'DSA parameters'), asn1.readAsn1(key)];
      return fromParts(
        'ssh-dss',
        numbers.map((node) => number(node, 'DSA key')),
        comment,
      );
    }
    case KeyAlgorithmOid.ec: {
      const oid = asn1.isUniversal(parameters, asn1.Tag.oid) ? asn1.readOid(parameters, 'Curve') : '';
      const curve = sshCurves.get(curveNames.get(oid) ?? '');
      if (curve === undefined) {
        throw unsupported(curveNames.get(oid) ?? 'explicit-curve');
      }
      return fromParts(`ecdsa-sha2-${curve}`, [Buffer.from(curve), uncompressed(key, curve)], comment);
    }
    case KeyAlgorithmOid.ed25519:
      return fromParts('ssh-ed25519', [key], comment);
    case KeyAlgorithmOid.ed448:
      return fromParts('ssh-ed448', [key], comment);
    default:
      throw unsupported(algorithm);
  }
}

function unsupported(feature: string): KeystoreError {
  return new KeystoreError('unsupported', `SSH has no form for keys of the kind ${feature}`, {
    details: { feature },
  });
}

/** The content of an INTEGER is an mpint (RFC 4251 5) already, but for what a sloppy writer put in front. */
function number(node: asn1.Asn1 | undefined, what: string): Uint8Array {
  const value = asn1.readInteger(node, what);
  if (value <= 0n) {
    throw asn1.malformed(`${what}: not a positive number`);
  }
  return asn1.readAsn1(asn1.integer(value)).content;
}

/** SSH writes both coordinates (RFC 5656 3.1). */
function uncompressed(point: Uint8Array, curve: string): Uint8Array {
  if (point[0] === 4) {
    return point;
  }
  const name = [...sshCurves].find(([, ssh]) => ssh === curve)?.[0] ?? curve;
  try {
    const converted = crypto.ECDH.convertKey(Buffer.from(point), name, undefined, 'hex', 'uncompressed');
    return Uint8Array.from(Buffer.from(converted.toString(), 'hex'));
  } catch (cause) {
    throw asn1.malformed('The point of the EC key is not on its curve', cause);
  }
}

function fromParts(type: string, parts: readonly Uint8Array[], comment: string | undefined): SshPublicKey {
  return fromBlob(type, asn1.concatBytes([Buffer.from(type), ...parts].flatMap(withLength)), comment);
}

function withLength(part: Uint8Array): readonly Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  return [length, part];
}

function fromBlob(type: string, blob: Uint8Array, comment: string | undefined): SshPublicKey {
  const hash = crypto.createHash('sha256').update(keyOfBlob(type, blob)).digest('base64');
  return { type, blob, fingerprint: `SHA256:${hash.replace(/=+$/, '')}`, comment };
}

/** The key alone: what is encoded, or what an SSH certificate is about. */
export function keyOfBlob(type: string, blob: Uint8Array): Uint8Array {
  return isCertificate(type) ? certifiedKey(blob) : blob;
}

/** The line of an `authorized_keys` or `.pub` file, without a line break. */
export function formatSshPublicKey({ type, blob, comment }: SshPublicKey): string {
  return [type, Buffer.from(blob).toString('base64'), ...(comment === undefined ? [] : [comment])].join(' ');
}

// ------------------------------------------------------------------------------------------------------ from a file

/**
 * Reads an SSH key file, told apart by content: an OpenSSH line, RFC 4716, the private keys of OpenSSH and PuTTY (their public
 * parts, so no passphrase is needed), a PEM or DER private key, a PEM public key. Throws as `readPrivateKey` does.
 */
export async function readSshKeyFile(bytes: Uint8Array, options: ReadOptions): Promise<SshKeyFile> {
  if (bytes.length > maxFileBytes) {
    throw new KeystoreError('budget', `An SSH key file of more than ${maxFileBytes} bytes`);
  }
  const text = bytes[0] === 0x30 ? '' : decodeText(bytes);
  if (text.trimStart().startsWith('PuTTY-User-Key-File-')) {
    return readPuttyKey(text);
  }
  if (text.includes('---- BEGIN SSH2 PUBLIC KEY ----')) {
    return readRfc4716(text);
  }
  const block = readPemBlocks(text).find(({ label }) => /(?:PRIVATE|^PUBLIC|^RSA PUBLIC) KEY$/.test(label));
  if (block?.label === 'OPENSSH PRIVATE KEY') {
    return readOpensshPrivateKey(block.der);
  }
  if (block?.label === 'PUBLIC KEY') {
    return { ...sshPublicKey(block.der), kind: 'public', encrypted: false };
  }
  if (block?.label === 'RSA PUBLIC KEY') {
    return { ...sshPublicKey(spkiOfRsaPublicKey(block.der)), kind: 'public', encrypted: false };
  }
  if (block !== undefined || bytes[0] === 0x30) {
    const { spki, encrypted } = await readPrivateKey(bytes, options);
    return { ...sshPublicKey(spki), kind: 'private', encrypted };
  }
  return readLine(text);
}

function readLine(text: string): SshKeyFile {
  for (const line of text.split(/\r\n|\n|\r/)) {
    const match = /(?:^|\s)([a-z0-9@.-]{3,80})[ \t]+(AAAA[A-Za-z0-9+/]+={0,2})(?!\S)/.exec(line);
    const [whole, type, base64] = match ?? [];
    const blob = base64 === undefined ? undefined : decodeBase64(base64);
    if (type !== undefined && blob !== undefined && !line.trimStart().startsWith('#')) {
      if (new SshReader(blob).text() !== type) {
        throw asn1.malformed('The SSH key is of another type than its line says');
      }
      const comment = line.slice((match?.index ?? 0) + (whole?.length ?? 0)).trim();
      return publicKeyFile(blob, comment === '' ? undefined : comment);
    }
  }
  throw asn1.malformed('Not an SSH key');
}

function readRfc4716(text: string): SshKeyFile {
  const begin = '---- BEGIN SSH2 PUBLIC KEY ----';
  const start = text.indexOf(begin) + begin.length;
  const end = text.indexOf('---- END SSH2 PUBLIC KEY ----', start);
  // A header line ends with a backslash where it goes on in the next one.
  const lines = text
    .slice(start, Math.max(start, end))
    .replace(/\\\r?\n/g, '')
    .split(/\r\n|\n|\r/);
  const isHeader = (line: string): boolean => /^[^\s:]{1,64}:/.test(line);
  const blob = decodeBase64(lines.filter((line) => !isHeader(line)).join(''));
  if (blob === undefined) {
    throw asn1.malformed('Not an SSH key');
  }
  const comment = lines
    .find((line) => /^comment:/i.test(line))
    ?.slice(8)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return publicKeyFile(blob, comment);
}

function publicKeyFile(blob: Uint8Array, comment: string | undefined): SshKeyFile {
  const type = checkedType(blob);
  const kind = isCertificate(type) ? 'certificate' : 'public';
  return { ...fromBlob(type, blob, comment), kind, encrypted: false };
}

const certificateSuffix = '-cert-v01@openssh.com';

function isCertificate(type: string): boolean {
  return type.endsWith(certificateSuffix);
}

/** The key that an SSH certificate is about (OpenSSH's PROTOCOL.certkeys): its parts follow type and nonce. */
function certifiedKey(certificate: Uint8Array): Uint8Array {
  const reader = new SshReader(certificate);
  const name = reader.text().slice(0, -certificateSuffix.length);
  const type = name.startsWith('sk-') ? `${name}@openssh.com` : name;
  reader.string();
  const parts = Array.from({ length: partCounts.get(type) ?? 0 }, () => reader.string());
  return asn1.concatBytes([Buffer.from(type), ...parts].flatMap(withLength));
}

/** PuTTY's file has the public part in clear text and the comment too. */
function readPuttyKey(text: string): SshKeyFile {
  const lines = text.split(/\r\n|\n|\r/);
  const header = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const count = Number(header('Public-Lines') ?? 'NaN');
  const start = lines.findIndex((line) => line.startsWith('Public-Lines:'));
  const blob =
    Number.isInteger(count) && count > 0 && count < 1000
      ? decodeBase64(lines.slice(start + 1, start + 1 + count).join(''))
      : undefined;
  if (blob === undefined) {
    throw asn1.malformed('PuTTY key without its public part');
  }
  const encryption = header('Encryption');
  return {
    ...fromBlob(checkedType(blob), blob, header('Comment')),
    kind: 'private',
    encrypted: encryption !== undefined && encryption !== 'none',
  };
}

/** The key's own name of its type; throws `malformed` where the blob is not of it. */
function checkedType(blob: Uint8Array): string {
  const reader = new SshReader(blob);
  const type = reader.text();
  const parts: Uint8Array[] = [];
  while (!reader.atEnd) {
    if (isCertificate(type)) {
      // A certificate holds numbers of 4 and 8 octets as well; only its type is told here.
      return type;
    }
    parts.push(reader.string());
  }
  const expected = partCounts.get(type);
  if (parts.length === 0 || (expected !== undefined && parts.length !== expected)) {
    throw asn1.malformed(`SSH key of type ${type} with ${parts.length} parts`);
  }
  return type;
}

const partCounts: ReadonlyMap<string, number> = new Map([
  ['ssh-rsa', 2],
  ['ssh-dss', 4],
  ['ssh-ed25519', 1],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
  ['sk-ssh-ed25519@openssh.com', 2],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 3],
]);

/** OpenSSH's PROTOCOL.key: only what follows the public keys is encrypted. */
function readOpensshPrivateKey(der: Uint8Array): SshKeyFile {
  const magic = Buffer.from('openssh-key-v1\0');
  if (!asn1.bytesEqual(der.subarray(0, magic.length), magic)) {
    throw asn1.malformed('Not an OpenSSH private key');
  }
  const reader = new SshReader(der.subarray(magic.length));
  const encrypted = reader.text() !== 'none';
  reader.string();
  reader.string();
  const count = reader.number();
  if (count !== 1) {
    throw asn1.malformed(`OpenSSH private key file with ${count} keys`);
  }
  const blob = reader.string();
  const secret = reader.string();
  const comment = encrypted ? undefined : commentOf(secret, blob);
  return { ...fromBlob(checkedType(blob), blob, comment), kind: 'private', encrypted };
}

/** The comment is the last string before the padding 1, 2, 3 …; the key's own parts depend on its type. */
function commentOf(secret: Uint8Array, blob: Uint8Array): string | undefined {
  const reader = new SshReader(secret);
  if (reader.number() !== reader.number()) {
    throw asn1.malformed('Damaged OpenSSH private key');
  }
  const type = reader.text();
  if (type !== new SshReader(blob).text()) {
    throw asn1.malformed('OpenSSH private key with two types');
  }
  const counts = privatePartCounts.get(type);
  if (counts === undefined) {
    return undefined;
  }
  for (const part of counts) {
    if (part === 'string') {
      reader.string();
    } else {
      reader.skip(1);
    }
  }
  const comment = reader.text();
  return comment === '' ? undefined : comment;
}

const strings = (count: number): readonly ('string' | 'octet')[] =>
  Array.from({ length: count }, () => 'string' as const);

/** What stands between the type and the comment. */
const privatePartCounts: ReadonlyMap<string, readonly ('string' | 'octet')[]> = new Map<
  string,
  readonly ('string' | 'octet')[]
>([
  ['ssh-rsa', strings(6)],
  ['ssh-dss', strings(5)],
  ['ssh-ed25519', strings(2)],
  ['ecdsa-sha2-nistp256', strings(3)],
  ['ecdsa-sha2-nistp384', strings(3)],
  ['ecdsa-sha2-nistp521', strings(3)],
  // Public key, application, flags, key handle, reserved.
  ['sk-ssh-ed25519@openssh.com', [...strings(2), 'octet', ...strings(2)]],
  ['sk-ecdsa-sha2-nistp256@openssh.com', [...strings(3), 'octet', ...strings(2)]],
]);
