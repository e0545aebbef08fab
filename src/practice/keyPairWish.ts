import { KeystoreError } from '../errors.js';
import { makeName, type Name } from '../pki/distinguishedName.js';
import type { KeyWish } from './keys.js';
import { PracticeError } from './practiceError.js';

/** A key pair as `KeyPairGenerationRequests` asks for it, with the tenant's defaults. */
export interface KeyPairWish {
  readonly alias: string;
  readonly key: KeyWish;
  readonly signatureAlgorithm: string;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const subjectAttributes = [
  ['Country', '2.5.4.6'],
  ['State', '2.5.4.8'],
  ['Locality', '2.5.4.7'],
  ['Organization', '2.5.4.10'],
  ['OrganizationUnit', '2.5.4.11'],
  ['CommonName', '2.5.4.3'],
  ['Email', '1.2.840.113549.1.9.1'],
] as const;

/** Reads and checks the body; fails with 400 and what is wrong. */
export function readKeyPairWish(body: unknown, now: number): KeyPairWish {
  if (typeof body !== 'object' || body === null) {
    throw new PracticeError(400, 'The body is not a JSON object');
  }
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(body, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const mandatory = (name: string): string => {
    const value = text(name);
    if (value === undefined) {
      throw new PracticeError(400, `The property '${name}' must not be empty`);
    }
    return value;
  };
  const alias = mandatory('Alias');
  mandatory('Hexalias');
  mandatory('CommonName');
  if (mandatory('Country').length !== 2) {
    throw new PracticeError(400, "The property 'Country' must have 2 characters");
  }
  const type = text('KeyType') ?? 'RSA';
  const size: unknown = Reflect.get(body, 'KeySize');
  const notBefore = date(text('ValidNotBefore')) ?? new Date(now);
  const threeYears = new Date(now);
  threeYears.setUTCFullYear(threeYears.getUTCFullYear() + 3);
  return {
    alias,
    key: {
      type,
      size: typeof size === 'number' ? size : type === 'EC' ? undefined : 4096,
      curve: text('KeyAlgorithmParameter'),
    },
    signatureAlgorithm: text('SignatureAlgorithm') ?? 'SHA-512/RSA',
    subject: subjectOf(text),
    notBefore,
    notAfter: date(text('ValidNotAfter')) ?? threeYears,
  };
}

function subjectOf(text: (name: string) => string | undefined): Name {
  try {
    return makeName(
      subjectAttributes.flatMap(([name, oid]) => {
        const value = text(name);
        return value === undefined ? [] : [[{ oid, value }]];
      }),
    );
  } catch (error) {
    throw KeystoreError.is(error, 'invalid-input') ? new PracticeError(400, error.message) : error;
  }
}

function date(text: string | undefined): Date | undefined {
  if (text === undefined) {
    return undefined;
  }
  const milliseconds = /^\/Date\((-?\d+)(?:[+-]\d{1,4})?\)\/$/.exec(text)?.[1];
  if (milliseconds === undefined) {
    throw new PracticeError(400, `The value '${text}' is not a date`);
  }
  return new Date(Number(milliseconds));
}
