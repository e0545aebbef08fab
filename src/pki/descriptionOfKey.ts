import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import {
  type Description,
  type DescriptionField,
  colons,
  field,
  octets,
  wholeNumber,
} from './description.js';
import { identifierField, unreadable } from './descriptionOfAlgorithm.js';
import { named } from './descriptionOfValue.js';
import { KeyAlgorithmOid, curveNames } from './oids.js';
import { type PublicKey, readPublicKey } from './publicKey.js';
import { sshPublicKey } from './sshPublicKey.js';
import { KeystoreError } from '../errors.js';

/** Names that others have for curves. */
const curveAliases: ReadonlyMap<string, string> = new Map([
  ['prime192v1', 'P-192'],
  ['secp224r1', 'P-224'],
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/** `RSA, 2048 bits`, `EC, P-256 (prime256v1)`, `Ed25519`: the key in a few words. */
export function keyInWords(keyType: string): string {
  const [kind = '', detail] = keyType.split(':');
  if (detail === undefined) {
    return kind;
  }
  if (kind !== 'EC') {
    return l10n.t('{0}, {1} bits', kind, detail);
  }
  const alias = curveAliases.get(detail);
  return alias === undefined ? `EC, ${detail}` : `EC, ${alias} (${detail})`;
}

/** Every public number of a key; a broken one is shown by its bytes. */
export function publicKeyFields(key: PublicKey): readonly DescriptionField[] {
  const algorithm = identifierField(l10n.t('Algorithm'), {
    algorithm: key.algorithm,
    parameters: isShownApart(key) ? undefined : key.parameters,
  });
  const fields = [field(l10n.t('Key'), keyInWords(key.keyType)), algorithm];
  try {
    return [...fields, ...numbers(key)];
  } catch (error) {
    return [...fields, unreadable(l10n.t('Public key'), key.key, error)];
  }
}

/** The parameters are numbers that `numbers` shows one by one. */
function isShownApart({ algorithm }: PublicKey): boolean {
  return algorithm === KeyAlgorithmOid.dsa || algorithm === KeyAlgorithmOid.ec;
}

function numbers({ algorithm, key, parameters }: PublicKey): readonly DescriptionField[] {
  switch (algorithm) {
    case KeyAlgorithmOid.rsa:
    case KeyAlgorithmOid.rsaPss:
    case KeyAlgorithmOid.rsaOaep: {
      const members = asn1.Members.ofSequence(asn1.readAsn1(key), 'RSA key');
      const modulus = members.next('modulus');
      const exponent = asn1.readInteger(members.next('publicExponent'), 'RSA exponent');
      members.end();
      return [numberField(l10n.t('Modulus'), modulus), field(l10n.t('Exponent'), wholeNumber(exponent))];
    }
    case KeyAlgorithmOid.dsa: {
      const given = parameters === undefined ? [] : asn1.sequenceOf(parameters, 'DSA parameters');
      return [
        ...['P', 'Q', 'G'].flatMap((label, index) => {
          const node = given[index];
          return node === undefined ? [] : [numberField(label, node)];
        }),
        numberField(l10n.t('Public number'), asn1.readAsn1(key)),
      ];
    }
    case KeyAlgorithmOid.ec:
      return [...curveFields(parameters), pointField(key)];
    default:
      return [field(l10n.t('Public key'), octets(key))];
  }
}

/** The octets of a number without the zero that keeps it positive. */
function numberField(label: string, node: asn1.Asn1): DescriptionField {
  if (!asn1.isUniversal(node, asn1.Tag.integer)) {
    throw asn1.malformed(`${label}: an INTEGER is expected`);
  }
  const { content } = node;
  return field(label, octets(content[0] === 0 && content.length > 1 ? content.subarray(1) : content));
}

function curveFields(parameters: asn1.Asn1 | undefined): readonly DescriptionField[] {
  if (parameters === undefined || asn1.isUniversal(parameters, asn1.Tag.null)) {
    return [field(l10n.t('Curve'), l10n.t('the one of the issuer'))];
  }
  if (asn1.isUniversal(parameters, asn1.Tag.oid)) {
    const oid = asn1.readOid(parameters, 'Curve');
    const name = curveNames.get(oid);
    const bits = name === 'SM2' ? '256' : /\d{3}/.exec(name ?? '')?.[0];
    return [
      named(l10n.t('Curve'), oid, curveNames),
      ...(bits === undefined ? [] : [field(l10n.t('Size'), l10n.t('{0} bits', bits))]),
    ];
  }
  return explicitCurveFields(parameters);
}

/** RFC 3279 2.3.5 `ECParameters`; such keys are refused nearly everywhere. */
function explicitCurveFields(parameters: asn1.Asn1): readonly DescriptionField[] {
  const members = asn1.Members.ofSequence(parameters, 'Curve');
  members.next('version');
  const fieldId = asn1.Members.ofSequence(members.next('fieldID'), 'Field of the curve');
  const fieldType = asn1.readOid(fieldId.next('fieldType'), 'Field of the curve');
  const fieldParameters = fieldId.next('parameters');
  const curve = asn1.sequenceOf(members.next('curve'), 'Curve');
  const base = members.next('base');
  const order = members.next('order');
  const cofactor = members.optional(asn1.Tag.integer);
  return [
    field(l10n.t('Curve'), l10n.t('given by its own numbers')),
    asn1.isUniversal(fieldParameters, asn1.Tag.integer)
      ? numberField(l10n.t('Prime'), fieldParameters)
      : field(l10n.t('Field'), octets(fieldParameters.bytes), { oid: fieldType }),
    ...['A', 'B'].flatMap((label, index) => {
      const node = curve[index];
      return node === undefined ? [] : [field(label, octets(asn1.readOctetString(node, label)))];
    }),
    field(l10n.t('Generator'), octets(asn1.readOctetString(base, 'Generator'))),
    numberField(l10n.t('Order'), order),
    ...(cofactor === undefined
      ? []
      : [field(l10n.t('Cofactor'), wholeNumber(asn1.readInteger(cofactor, 'Cofactor')))]),
  ];
}

function pointField(key: Uint8Array): DescriptionField {
  const form =
    key[0] === 4 ? l10n.t('uncompressed') : key[0] === 2 || key[0] === 3 ? l10n.t('compressed') : undefined;
  const label = form === undefined ? l10n.t('Point') : l10n.t('Point ({0})', form);
  return field(label, octets(key));
}

/** By what a public key is found and pinned again. */
export function pinFields(spki: Uint8Array): readonly DescriptionField[] {
  const sha256 = createHash('sha256').update(spki).digest();
  const ssh = sshFingerprint(spki);
  return [
    field(l10n.t('SHA-256 of the public key'), colons(sha256.toString('hex'))),
    field(l10n.t('Pin of the public key (base64)'), sha256.toString('base64')),
    ...(ssh === undefined ? [] : [field(l10n.t('SSH fingerprint'), ssh)]),
  ];
}

function sshFingerprint(spki: Uint8Array): string | undefined {
  try {
    return sshPublicKey(spki).fingerprint;
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    return undefined;
  }
}

/** What may be told of a private key (or a public one): its public part only. */
export interface KeyFacts {
  readonly spki: Uint8Array;
  /** `undefined` for a public key. */
  readonly isPrivate: boolean;
  /** The file has it encrypted. */
  readonly encrypted?: boolean | undefined;
}

/** Describes a key by its public part; nothing secret is read or shown. */
export function describeKey({ spki, isPrivate, encrypted }: KeyFacts): Description {
  const key = readPublicKey(asn1.readAsn1(spki));
  const words = keyInWords(key.keyType);
  return {
    kind: 'key',
    title: isPrivate ? l10n.t('Private key: {0}', words) : l10n.t('Public key: {0}', words),
    groups: [
      {
        id: 'publicKey',
        title: l10n.t('Public key'),
        fields: [
          ...publicKeyFields(key),
          ...(isPrivate && encrypted !== undefined
            ? [
                field(
                  l10n.t('Private key'),
                  encrypted ? l10n.t('encrypted in the file') : l10n.t('not encrypted in the file'),
                ),
              ]
            : []),
        ],
      },
      { id: 'fingerprints', title: l10n.t('Fingerprints'), fields: pinFields(spki) },
    ],
    notes: [],
  };
}
