import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { acceptedCurves } from './ellipticCurves.js';
import { formatODataDate } from './odataDate.js';
import { isReservedAlias } from './reservedAlias.js';

/** What kind of key the tenant is to make. */
export type KeySpecification =
  | { readonly type: 'RSA'; readonly size: number }
  | { readonly type: 'DSA'; readonly size: number }
  | { readonly type: 'EC'; readonly curve: string };

/** The subject of the new certificate; empty members are left out. */
export interface KeyPairSubject {
  readonly commonName: string;
  readonly organizationUnit?: string | undefined;
  readonly organization?: string | undefined;
  readonly locality?: string | undefined;
  readonly state?: string | undefined;
  /** Two letters. */
  readonly country: string;
  readonly email?: string | undefined;
}

/** A key pair that the tenant is asked to generate, with a self-signed certificate. */
export interface KeyPairRequest {
  readonly alias: string;
  readonly key: KeySpecification;
  /** As requests write it, such as `SHA-256/RSA`. */
  readonly signatureAlgorithm: string;
  readonly subject: KeyPairSubject;
  /** The tenant's default is now. */
  readonly validNotBefore?: Date | undefined;
  /** The tenant's default is three years from now. */
  readonly validNotAfter?: Date | undefined;
}

/** Sizes in bits that are offered and sent, the sensible one first. */
export const keySizes: Readonly<Record<'RSA' | 'DSA', readonly number[]>> = {
  RSA: [4096, 3072, 2048],
  DSA: [3072, 2048, 1024],
};

/** Signature algorithms that go with a type of key, as requests write them, the sensible one first. */
export const signatureAlgorithms: Readonly<Record<KeySpecification['type'], readonly string[]>> = {
  RSA: ['SHA-256/RSA', 'SHA-512/RSA', 'SHA-384/RSA', 'SHA-224/RSA', 'SHA-1/RSA'],
  DSA: ['SHA-256/DSA', 'SHA-224/DSA', 'SHA-1/DSA'],
  EC: ['SHA-256/ECDSA', 'SHA-512/ECDSA', 'SHA-1/ECDSA'],
};

/** The longest alias, counted as Java counts. */
export const maximumAliasLength = 250;

const maximumSubjectLength = 500;

/** What is wrong with one member of a request, in words for a person. */
export interface RequestProblem {
  /** `alias`, `key`, `signatureAlgorithm`, `validity`, or a member of the subject. */
  readonly field: string;
  readonly problem: string;
}

/** Checks a request as far as it can be checked without the tenant; empty where nothing is wrong. */
export function checkKeyPairRequest(request: KeyPairRequest): readonly RequestProblem[] {
  const found: readonly (readonly [string, string | undefined])[] = [
    ['alias', checkNewAlias(request.alias)],
    ['key', checkKey(request.key)],
    ['signatureAlgorithm', checkSignatureAlgorithm(request)],
    ...subjectMembers.map((member) => [member, checkSubjectMember(member, request.subject[member])] as const),
    ['validity', checkValidity(request)],
  ];
  return found.flatMap(([field, problem]) => (problem === undefined ? [] : [{ field, problem }]));
}

/** Checks an alias for a new entry; returns what is wrong with it, in words for a person. */
export function checkNewAlias(alias: string): string | undefined {
  if (alias === '') {
    return l10n.t('Enter an alias.');
  }
  if (alias.length > maximumAliasLength) {
    return l10n.t('The alias has {0} characters; the tenant takes {1}.', alias.length, maximumAliasLength);
  }
  if (/[\p{Cc}\p{Surrogate}]/u.test(alias)) {
    return l10n.t('The alias contains a control character.');
  }
  if (isReservedAlias(alias)) {
    return l10n.t(
      'SAP keeps aliases that begin with "sap_" or "hcicertificate", and "hcimsgcertificate", for itself.',
    );
  }
  return undefined;
}

/** Checks a country code; returns what is wrong with it, in words for a person. */
export function checkCountry(country: string): string | undefined {
  return /^[A-Za-z]{2}$/.test(country) ? undefined : l10n.t('The country has two letters, such as DE or US.');
}

/** The English name of a country code, or `undefined` where no country has it. */
export function countryName(country: string): string | undefined {
  if (checkCountry(country) !== undefined) {
    return undefined;
  }
  const name = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(country.toUpperCase());
  return name === 'Unknown Region' ? undefined : name;
}

/** What is wrong with a country code of two letters that no country has; `undefined` for one that a country has. */
export function checkCountryExists(code: string): string | undefined {
  const name = countryName(code);
  if (name === undefined) {
    return l10n.t('No country has the code "{0}".', code.toUpperCase());
  }
  // Some codes are only reserved for a country, such as UK (ISO 3166-1); authorities refuse them.
  const { region } = new Intl.Locale(`und-${code}`);
  return region === undefined || region === code.toUpperCase()
    ? undefined
    : l10n.t('The code of {0} is {1}, not {2}.', name, region, code.toUpperCase());
}

/** The request's body; throws `invalid-input` with the first problem where the request is wrong. */
export function keyPairRequestBody(request: KeyPairRequest): string {
  const [first] = checkKeyPairRequest(request);
  if (first !== undefined) {
    throw new KeystoreError('invalid-input', first.problem, { details: { field: first.field } });
  }
  const { key, subject } = request;
  return JSON.stringify({
    // The tenant takes any digits here and computes its own from the alias.
    Hexalias: '00',
    Alias: request.alias,
    KeyType: key.type,
    SignatureAlgorithm: request.signatureAlgorithm,
    // Without a null the default of 4096 would apply to a curve as well.
    KeySize: key.type === 'EC' ? null : key.size,
    ...(key.type === 'EC' ? { KeyAlgorithmParameter: key.curve } : {}),
    CommonName: subject.commonName,
    ...optional('OrganizationUnit', subject.organizationUnit),
    ...optional('Organization', subject.organization),
    ...optional('Locality', subject.locality),
    ...optional('State', subject.state),
    Country: subject.country.toUpperCase(),
    ...optional('Email', subject.email),
    ...optionalDate('ValidNotBefore', request.validNotBefore),
    ...optionalDate('ValidNotAfter', request.validNotAfter),
  });
}

const subjectMembers = [
  'commonName',
  'organizationUnit',
  'organization',
  'locality',
  'state',
  'country',
  'email',
] as const;

/** Checks a member of the subject; returns what is wrong with it, in words for a person. */
export function checkSubjectMember(
  member: keyof KeyPairSubject,
  value: string | undefined,
): string | undefined {
  const text = value ?? '';
  if (member === 'country') {
    return checkCountry(text);
  }
  if (member === 'commonName' && text.trim() === '') {
    return l10n.t('Enter a common name (CN).');
  }
  if (text.length > maximumSubjectLength) {
    return l10n.t('This has {0} characters; the tenant takes {1}.', text.length, maximumSubjectLength);
  }
  return /[\p{Cc}\p{Surrogate}]/u.test(text) ? l10n.t('This contains a control character.') : undefined;
}

function checkKey(key: KeySpecification): string | undefined {
  if (key.type === 'EC') {
    return acceptedCurves.includes(key.curve)
      ? undefined
      : l10n.t('The tenant does not know the curve "{0}".', key.curve);
  }
  return keySizes[key.type].includes(key.size)
    ? undefined
    : l10n.t('{0} keys have {1} bits.', key.type, keySizes[key.type].join(', '));
}

function checkSignatureAlgorithm({ key, signatureAlgorithm }: KeyPairRequest): string | undefined {
  return signatureAlgorithms[key.type].includes(signatureAlgorithm)
    ? undefined
    : l10n.t('"{0}" does not go with a key of type {1}.', signatureAlgorithm, key.type);
}

function checkValidity({ validNotBefore, validNotAfter }: KeyPairRequest): string | undefined {
  if (Number.isNaN(validNotBefore?.getTime()) || Number.isNaN(validNotAfter?.getTime())) {
    return l10n.t('This is no date.');
  }
  return validNotBefore !== undefined && validNotAfter !== undefined && validNotAfter <= validNotBefore
    ? l10n.t('The validity ends before it begins.')
    : undefined;
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined || value.trim() === '' ? {} : { [name]: value };
}

function optionalDate(name: string, value: Date | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: formatODataDate(value) };
}
