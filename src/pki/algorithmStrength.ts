import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import type { Certificate } from './certificate.js';
import { signatureAlgorithms } from './oids.js';
import { readAlgorithmIdentifier } from './publicKey.js';
import { readPssParameters } from './signature.js';

/** What is weak about the key or the signature of a certificate. */
export type Weakness = 'hash' | 'rsa-size' | 'dsa' | 'curve';

/** `broken` is refused everywhere today; `weak` is refused by some and told as a warning. */
export interface StrengthFinding {
  readonly weakness: Weakness;
  readonly level: 'broken' | 'weak';
  /** The algorithm or key type, such as `md5WithRSAEncryption` or `RSA:1024`. */
  readonly what: string;
}

/** The limits chosen: SHA-1 and RSA below 2048 bits are weak, older hashes and RSA below 1024 bits are broken. */
export const strengthLimits = {
  weakRsaBits: 2048,
  brokenRsaBits: 1024,
  weakCurveBits: 224,
  brokenCurveBits: 160,
};

const brokenHashes: ReadonlySet<string> = new Set(['md2', 'md4', 'md5']);
const weakHashes: ReadonlySet<string> = new Set(['sha1', 'ripemd160']);

/** What is weak about the hash that the certificate was signed with; a trust anchor's own signature does not matter. */
export function signatureStrength(certificate: Certificate): StrengthFinding | undefined {
  const { signatureAlgorithm } = certificate;
  for (const { name, hash, key } of signatureAlgorithms.values()) {
    if (name !== signatureAlgorithm) {
      continue;
    }
    if (key === 'rsa-pss') {
      const ofParameters = pssHash(certificate);
      return ofParameters === undefined
        ? undefined
        : hashFinding(ofParameters, `${signatureAlgorithm} (${ofParameters})`);
    }
    return hash === undefined ? undefined : hashFinding(hash, signatureAlgorithm);
  }
  return undefined;
}

function hashFinding(hash: string, what: string): StrengthFinding | undefined {
  if (brokenHashes.has(hash)) {
    return { weakness: 'hash', level: 'broken', what };
  }
  return weakHashes.has(hash) ? { weakness: 'hash', level: 'weak', what } : undefined;
}

/** RSASSA-PSS names its hash in its parameters (RFC 4055 3.1); undefined where they tell none. */
function pssHash({ signatureAlgorithmDer }: Certificate): string | undefined {
  try {
    const { parameters } = readAlgorithmIdentifier(
      asn1.readAsn1(signatureAlgorithmDer),
      'Signature algorithm',
    );
    return readPssParameters(parameters)?.hash;
  } catch (error) {
    if (KeystoreError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

/** What is weak about the key of a certificate. */
export function keyStrength({ keyType }: Certificate): StrengthFinding | undefined {
  const [kind = '', detail = ''] = keyType.split(':');
  switch (kind) {
    case 'RSA': {
      const bits = Number(detail);
      if (bits < strengthLimits.brokenRsaBits) {
        return { weakness: 'rsa-size', level: 'broken', what: keyType };
      }
      return bits < strengthLimits.weakRsaBits
        ? { weakness: 'rsa-size', level: 'weak', what: keyType }
        : undefined;
    }
    case 'DSA':
      return { weakness: 'dsa', level: 'weak', what: keyType };
    case 'EC': {
      if (detail === 'explicit') {
        // RFC 5480 2.1.1 forbids them: who may choose the curve may choose the private key (CVE-2020-0601).
        return { weakness: 'curve', level: 'broken', what: keyType };
      }
      const bits = Number(/\d{3}/.exec(detail)?.[0] ?? '256');
      if (bits < strengthLimits.brokenCurveBits) {
        return { weakness: 'curve', level: 'broken', what: keyType };
      }
      return bits < strengthLimits.weakCurveBits
        ? { weakness: 'curve', level: 'weak', what: keyType }
        : undefined;
    }
    default:
      return undefined;
  }
}
