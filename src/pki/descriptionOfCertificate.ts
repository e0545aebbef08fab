import { X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type Certificate, formatFingerprint } from './certificate.js';
import {
  type Description,
  type DescriptionField,
  type DescriptionGroup,
  colons,
  field,
  octets,
  shownText,
  utcTime,
} from './description.js';
import { algorithmField, unreadable } from './descriptionOfAlgorithm.js';
import { pinFields, publicKeyFields } from './descriptionOfKey.js';
import { nameFields, tellingName } from './descriptionOfName.js';
import { namesEqual } from './distinguishedName.js';
import { describeExtension } from './extensionDescription.js';
import { verificationKey, verifySignature } from './signature.js';

/** The name under which a certificate stands in a list, nothing hidden in it: its common name or what tells most. */
export function certificateTitle({ subject, subjectAltNames, serialNumber }: Certificate): string {
  const [alternative] = subjectAltNames;
  return shownText(
    tellingName(subject) ??
      alternative?.value ??
      l10n.t('Certificate with the serial number {0}', serialNumber),
  );
}

/**
 * Every field of a certificate from its original bytes. With `now`, the validity also says how long it lasts. Never throws for
 * a certificate that was read: what is broken is shown by its bytes.
 */
export function describeCertificate(
  certificate: Certificate,
  options: { readonly now?: Date | undefined } = {},
): Description {
  const raw = readRawParts(certificate);
  return {
    kind: 'certificate',
    title: certificateTitle(certificate),
    groups: [
      { id: 'general', title: l10n.t('Certificate'), fields: generalFields(certificate) },
      {
        id: 'subject',
        title: l10n.t('Subject'),
        fields: [...nameFields(certificate.subject), ...raw.subjectId],
      },
      { id: 'issuer', title: l10n.t('Issuer'), fields: [...nameFields(certificate.issuer), ...raw.issuerId] },
      { id: 'validity', title: l10n.t('Validity'), fields: validityFields(certificate, raw, options.now) },
      { id: 'publicKey', title: l10n.t('Public key'), fields: publicKeyFields(certificate.publicKey) },
      ...extensionGroup(raw.extensions),
      { id: 'signature', title: l10n.t('Signature'), fields: signatureFields(certificate) },
      { id: 'fingerprints', title: l10n.t('Fingerprints'), fields: fingerprintFields(certificate) },
    ],
    notes: [...certificate.problems, ...uncheckable(certificate)],
  };
}

function generalFields({
  version,
  serialNumber,
  signatureAlgorithmDer,
}: Certificate): readonly DescriptionField[] {
  if (serialNumber === '') {
    return [
      field(l10n.t('Version'), String(version)),
      field(l10n.t('Serial number'), '', { problem: l10n.t('Missing') }),
      algorithmField(l10n.t('Signature algorithm'), signatureAlgorithmDer),
    ];
  }
  const isNegative = serialNumber.startsWith('-');
  const digits = isNegative ? serialNumber.slice(1) : serialNumber;
  const decimal = BigInt(`0x${digits}`);
  return [
    field(l10n.t('Version'), String(version)),
    field(l10n.t('Serial number'), `${isNegative ? '-' : ''}${colons(digits)}`),
    field(l10n.t('Serial number (decimal)'), String(isNegative ? -decimal : decimal)),
    algorithmField(l10n.t('Signature algorithm'), signatureAlgorithmDer),
  ];
}

/** What `Certificate` does not keep, read anew and part by part. */
interface RawParts {
  readonly notBefore: asn1.Asn1 | undefined;
  readonly notAfter: asn1.Asn1 | undefined;
  readonly issuerId: readonly DescriptionField[];
  readonly subjectId: readonly DescriptionField[];
  readonly extensions: readonly DescriptionField[];
}

function readRawParts({ signedPart }: Certificate): RawParts {
  const members = asn1.readAsn1(signedPart).children;
  // The fields before the key are all there, else nothing had been read; only the version may be missing.
  const first = asn1.isContext(members[0], 0) ? 1 : 0;
  const validity = members[first + 3]?.children ?? [];
  const late = members.slice(first + 6);
  const uniqueId = (tag: number, label: string): readonly DescriptionField[] => {
    const node = late.find((member) => asn1.isContext(member, tag));
    return node === undefined ? [] : [uniqueIdField(label, node)];
  };
  return {
    notBefore: validity[0],
    notAfter: validity[1],
    issuerId: uniqueId(1, l10n.t('Unique identifier of the issuer')),
    subjectId: uniqueId(2, l10n.t('Unique identifier of the subject')),
    extensions: late
      .filter((member) => asn1.isContext(member, 3))
      .flatMap((member) => member.children)
      .flatMap((sequence) => sequence.children)
      .map(describeExtension),
  };
}

function uniqueIdField(label: string, node: asn1.Asn1): DescriptionField {
  try {
    return field(label, octets(asn1.bitsFromNode(node, label).bytes));
  } catch (error) {
    return unreadable(label, node.bytes, error);
  }
}

function extensionGroup(fields: readonly DescriptionField[]): readonly DescriptionGroup[] {
  return fields.length === 0 ? [] : [{ id: 'extensions', title: l10n.t('Extensions'), fields }];
}

const dayMilliseconds = 86_400_000;

function validityFields(
  certificate: Certificate,
  raw: RawParts,
  now: Date | undefined,
): readonly DescriptionField[] {
  const { notBefore, notAfter } = certificate;
  const fields = [
    timeField(l10n.t('Not before'), raw.notBefore),
    timeField(l10n.t('Not after'), raw.notAfter),
  ];
  if (fields.some(({ problem }) => problem !== undefined)) {
    return fields;
  }
  // Both ends count (RFC 5280 4.1.2.5).
  const days = (notAfter.getTime() + 1000 - notBefore.getTime()) / dayMilliseconds;
  return [
    ...fields,
    field(
      l10n.t('Length'),
      days < 0 ? l10n.t('ends before it begins') : l10n.t('{0} days', roundedDays(days)),
    ),
    ...(now === undefined ? [] : [field(l10n.t('State'), stateText(notBefore, notAfter, now))]),
  ];
}

function roundedDays(days: number): number {
  return days >= 1 ? Math.floor(days) : Math.floor(days * 100) / 100;
}

function timeField(label: string, node: asn1.Asn1 | undefined): DescriptionField {
  if (node === undefined) {
    return field(label, '', { problem: l10n.t('Missing') });
  }
  try {
    return field(label, utcTime(asn1.readTime(node, label)));
  } catch (error) {
    return unreadable(label, node.bytes, error);
  }
}

function stateText(notBefore: Date, notAfter: Date, now: Date): string {
  const days = (from: Date, to: Date): number =>
    Math.floor((to.getTime() - from.getTime()) / dayMilliseconds);
  if (now < notBefore) {
    return l10n.t('not yet valid, begins in {0} days', days(now, notBefore));
  }
  return now.getTime() >= notAfter.getTime() + 1000
    ? l10n.t('expired {0} days ago', days(notAfter, now))
    : l10n.t('valid, expires in {0} days', days(now, notAfter));
}

function signatureFields(certificate: Certificate): readonly DescriptionField[] {
  return [
    algorithmField(l10n.t('Signature algorithm'), certificate.signatureAlgorithmDer),
    field(l10n.t('Value'), octets(certificate.signature)),
    ...(isSelfIssued(certificate) ? [field(l10n.t('Made with its own key'), ownSignature(certificate))] : []),
  ];
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return namesEqual(subject, issuer);
}

function ownSignature(certificate: Certificate): string {
  if (certificate.publicKey.algorithm === '?') {
    return l10n.t('Cannot be checked here');
  }
  switch (verifySignature(certificate, verificationKey(certificate.spki))) {
    case 'valid':
      return l10n.t('Yes, checked');
    case 'invalid':
      return l10n.t('No');
    case 'unchecked':
      return l10n.t('Cannot be checked here');
  }
}

function fingerprintFields({ sha1, sha256, sha512, spki }: Certificate): readonly DescriptionField[] {
  return [
    field('SHA-256', formatFingerprint(sha256)),
    field('SHA-1', formatFingerprint(sha1)),
    field('SHA-512', formatFingerprint(sha512)),
    ...pinFields(spki),
  ];
}

/** What this program's own OpenSSL (BoringSSL on a desktop) cannot do with the certificate. */
function uncheckable({ der, spki, keyType, problems }: Certificate): readonly string[] {
  try {
    new X509Certificate(Buffer.from(der.buffer, der.byteOffset, der.length));
  } catch (error) {
    return [refusalNote(problems.length > 0 ? undefined : reasonOf(error)), ...keyNote(spki, keyType)];
  }
  return keyNote(spki, keyType);
}

function refusalNote(reason: string | undefined): string {
  return reason === undefined
    ? l10n.t(
        'The cryptographic library of this program refuses the certificate as a whole. It is shown from its encoding. Programs that use the same library will refuse it too.',
      )
    : l10n.t(
        'The cryptographic library of this program refuses the certificate as a whole ({0}). It is shown from its encoding. Programs that use the same library will refuse it too.',
        reason,
      );
}

/** Node tries DER and then PEM, and tells the failure of the latter, which says nothing of the certificate. */
function reasonOf(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  return text === '' || /PEM[ _]routines/i.test(text) ? undefined : text;
}

function keyNote(spki: Uint8Array, keyType: string): readonly string[] {
  try {
    if (verificationKey(spki).key !== undefined) {
      return [];
    }
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
  }
  return [l10n.t('Signatures made with the key of this certificate ({0}) cannot be checked here.', keyType)];
}
