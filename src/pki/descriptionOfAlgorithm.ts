import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, octets } from './description.js';
import { named } from './descriptionOfValue.js';
import { KeyAlgorithmOid, curveNames, hashNames, signatureAlgorithms } from './oids.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './publicKey.js';

const maskGenerationOid = '1.2.840.113549.1.1.8';

/** Names of all algorithms that stand in certificates, keys and parameters. */
const algorithmNames: ReadonlyMap<string, string> = new Map([
  ...[...signatureAlgorithms].map(([oid, { name }]) => [oid, name] as const),
  ...hashNames,
  [KeyAlgorithmOid.rsa, 'rsaEncryption'],
  [KeyAlgorithmOid.rsaOaep, 'rsaesOaep'],
  [KeyAlgorithmOid.dsa, 'dsaEncryption'],
  [KeyAlgorithmOid.ec, 'id-ecPublicKey'],
  [KeyAlgorithmOid.dh, 'dhPublicNumber'],
  [KeyAlgorithmOid.pkcs3Dh, 'dhKeyAgreement'],
  [KeyAlgorithmOid.x25519, 'X25519'],
  [KeyAlgorithmOid.x448, 'X448'],
  [maskGenerationOid, 'mgf1'],
  ['2.16.840.1.101.3.4.2.11', 'shake128'],
  ['2.16.840.1.101.3.4.2.12', 'shake256'],
  ['1.2.840.113549.2.2', 'md2'],
  ['1.2.840.113549.2.4', 'md4'],
  ['1.3.36.3.2.1', 'ripemd160'],
]);

/** An `AlgorithmIdentifier` by its encoding, parameters field by field; never throws. */
export function algorithmField(label: string, der: Uint8Array): DescriptionField {
  try {
    return identifierField(label, readAlgorithmIdentifier(asn1.readAsn1(der), label));
  } catch (error) {
    return unreadable(label, der, error);
  }
}

/** A field shown by its bytes because it is broken; throws on what is not a failure of the file. */
export function unreadable(label: string, bytes: Uint8Array, error: unknown): DescriptionField {
  if (!KeystoreError.is(error)) {
    throw error;
  }
  return field(label, octets(bytes), { problem: malformedText(error) });
}

/** Why a part is shown by its bytes. */
export function malformedText(error: KeystoreError): string {
  return l10n.t('Malformed, shown by its bytes: {0}', error.message);
}

/** An `AlgorithmIdentifier` that was read. */
export function identifierField(
  label: string,
  { algorithm, parameters }: AlgorithmIdentifier,
): DescriptionField {
  const children = parameters === undefined ? [] : parameterFields(algorithm, parameters);
  return named(label, algorithm, algorithmNames, children.length === 0 ? undefined : children);
}

function parameterFields(algorithm: string, parameters: asn1.Asn1): readonly DescriptionField[] {
  if (asn1.isUniversal(parameters, asn1.Tag.null)) {
    return [];
  }
  try {
    if (algorithm === KeyAlgorithmOid.rsaPss) {
      return pssFields(parameters);
    }
    if (asn1.isUniversal(parameters, asn1.Tag.oid)) {
      return [named(l10n.t('Parameters'), asn1.readOid(parameters, 'Parameters'), curveNames)];
    }
  } catch (error) {
    return [unreadable(l10n.t('Parameters'), parameters.bytes, error)];
  }
  return [field(l10n.t('Parameters'), octets(parameters.bytes))];
}

/** RFC 4055 3.1, with what is left out at its default. */
function pssFields(parameters: asn1.Asn1): readonly DescriptionField[] {
  const members = asn1.Members.ofSequence(parameters, 'RSASSA-PSS parameters');
  const [hash, mask, salt, trailer] = [0, 1, 2, 3].map((tag) => members.optionalContext(tag));
  members.end();
  const sha1 = { algorithm: '1.3.14.3.2.26', parameters: undefined };
  const identifier = (node: asn1.Asn1): AlgorithmIdentifier =>
    readAlgorithmIdentifier(asn1.explicitContent(node, 'RSASSA-PSS parameters'), 'RSASSA-PSS parameters');
  return [
    identifierField(l10n.t('Hash'), hash === undefined ? sha1 : identifier(hash)),
    maskField(mask === undefined ? undefined : identifier(mask)),
    field(l10n.t('Salt length'), String(salt === undefined ? 20 : numberIn(salt))),
    field(l10n.t('Trailer field'), String(trailer === undefined ? 1 : numberIn(trailer))),
  ];
}

function maskField(mask: AlgorithmIdentifier | undefined): DescriptionField {
  const label = l10n.t('Mask generation');
  if (mask === undefined) {
    return field(label, 'mgf1', { oid: maskGenerationOid, children: [field(l10n.t('Hash'), 'sha1')] });
  }
  if (mask.algorithm !== maskGenerationOid || mask.parameters === undefined) {
    return identifierField(label, mask);
  }
  const hash = readAlgorithmIdentifier(mask.parameters, 'Hash of the mask generation');
  return named(label, mask.algorithm, algorithmNames, [identifierField(l10n.t('Hash'), hash)]);
}

function numberIn(node: asn1.Asn1): bigint {
  return asn1.readInteger(asn1.explicitContent(node, 'RSASSA-PSS parameters'), 'RSASSA-PSS parameters');
}
