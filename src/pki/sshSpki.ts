import * as asn1 from './asn1.js';
import { curveNames, KeyAlgorithmOid } from './oids.js';
import { keyOfBlob, type SshPublicKey } from './sshPublicKey.js';
import { SshReader } from './sshReader.js';

/** SSH's names of curves with OpenSSL's (RFC 5656 10.1). */
const curves: ReadonlyMap<string, string> = new Map([
  ['nistp256', 'prime256v1'],
  ['nistp384', 'secp384r1'],
  ['nistp521', 'secp521r1'],
]);

/**
 * The `SubjectPublicKeyInfo` of an SSH key, by which certificates and requests have it; of an SSH certificate that of its key. Points
 * of curves are taken as they stand; `undefined` for types that no certificate has. Throws `malformed`.
 */
export function spkiOfSshKey({ type, blob }: Pick<SshPublicKey, 'type' | 'blob'>): Uint8Array | undefined {
  const reader = new SshReader(keyOfBlob(type, blob));
  const name = reader.text();
  switch (name) {
    case 'ssh-rsa': {
      const exponent = positive(reader);
      const modulus = positive(reader);
      return spki(KeyAlgorithmOid.rsa, asn1.nullValue(), asn1.sequence(modulus, exponent));
    }
    case 'ssh-dss': {
      const parameters = asn1.sequence(positive(reader), positive(reader), positive(reader));
      return spki(KeyAlgorithmOid.dsa, parameters, positive(reader));
    }
    case 'ssh-ed25519':
      return spki(KeyAlgorithmOid.ed25519, undefined, reader.string());
    case 'ssh-ed448':
      return spki(KeyAlgorithmOid.ed448, undefined, reader.string());
    default: {
      const curve = name.startsWith('ecdsa-sha2-') ? curveOid(reader.text()) : undefined;
      return curve === undefined ? undefined : spki(KeyAlgorithmOid.ec, asn1.oid(curve), reader.string());
    }
  }
}

function spki(algorithm: string, parameters: Uint8Array | undefined, key: Uint8Array): Uint8Array {
  return asn1.sequence(asn1.sequence(asn1.oid(algorithm), parameters), asn1.bitString(key));
}

/** An mpint (RFC 4251 5) as the INTEGER that it is but for its length. */
function positive(reader: SshReader): Uint8Array {
  const value = asn1.integerFromContent(reader.string(), 'SSH key');
  if (value <= 0n) {
    throw asn1.malformed('SSH key: not a positive number');
  }
  return asn1.integer(value);
}

function curveOid(name: string): string | undefined {
  const curve = curves.get(name);
  return [...curveNames].find(([, known]) => known === curve)?.[0];
}
