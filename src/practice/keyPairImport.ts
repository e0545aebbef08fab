import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { orderChain } from '../pki/chain.js';
import { localKeyDerivation } from '../pki/keyDerivation.js';
import { encodePem } from '../pki/pem.js';
import { readPkcs12, type Pkcs12Content } from '../pki/pkcs12Reader.js';
import { PracticeError } from './practiceError.js';

/** What `POST KeyPairResources` brings. */
export interface KeyPairImport {
  readonly alias: string;
  /** PKCS#8, PEM. */
  readonly key: string;
  /** The leaf first. */
  readonly chain: readonly Certificate[];
}

const maxContainerBytes = 30_072;

/** Reads the body of `KeyPairResources`; refuses what the tenant refuses, with its statuses. Of several keys one is taken. */
export async function readKeyPairImport(body: unknown): Promise<KeyPairImport> {
  const alias = member(body, 'Alias');
  const password = member(body, 'Password');
  const resource = member(body, 'Resource');
  if (member(body, 'Hexalias') === undefined || alias === undefined || resource === undefined) {
    throw new PracticeError(400, "The properties 'Hexalias', 'Alias' and 'Resource' must not be empty");
  }
  const container = Buffer.from(resource, 'base64');
  if (container.length > maxContainerBytes) {
    throw new PracticeError(413, `The size of the key pair exceeds ${maxContainerBytes} bytes`);
  }
  if (password === undefined || !meetsPasswordRules(password)) {
    throw new PracticeError(400, 'The password does not meet the requirements for keystore passwords');
  }
  const { keys, certificates } = await open(container, password);
  const [first] = keys;
  if (first === undefined) {
    throw new PracticeError(400, 'The PKCS#12 container holds no private key');
  }
  const { chain, leaf } = orderChain(
    certificates.map(({ certificate }) => certificate),
    { leafSpkiSha256: first.key.spkiSha256 },
  );
  if (leaf?.spkiSha256 !== first.key.spkiSha256) {
    throw new PracticeError(400, 'The certificate chain does not belong to the private key');
  }
  return { alias, key: encodePem('PRIVATE KEY', first.key.pkcs8), chain };
}

/** At least 8 characters of ASCII, of at least three of the four kinds. */
function meetsPasswordRules(password: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password));
  return /^[\x20-\x7e]{8,}$/.test(password) && kinds.length >= 3;
}

async function open(container: Uint8Array, password: string): Promise<Pkcs12Content> {
  try {
    return await readPkcs12(container, { password, derivation: localKeyDerivation });
  } catch (error) {
    if (KeystoreError.is(error, 'wrong-password') || KeystoreError.is(error, 'password-needed')) {
      throw new PracticeError(400, 'The password of the PKCS#12 container is wrong');
    }
    if (KeystoreError.is(error)) {
      throw new PracticeError(415, 'The body is not a PKCS#12 container in a supported format');
    }
    throw error;
  }
}

function member(body: unknown, name: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
