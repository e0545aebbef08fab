import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import {
  type Description,
  type DescriptionField,
  type DescriptionGroup,
  field,
  heading,
  octets,
  shownText,
} from './description.js';
import { algorithmField, unreadable } from './descriptionOfAlgorithm.js';
import { pinFields, publicKeyFields } from './descriptionOfKey.js';
import { nameFields, tellingName } from './descriptionOfName.js';
import { anyValue } from './descriptionOfValue.js';
import { describeExtension } from './extensionDescription.js';
import { type SigningRequest, challengePasswordOid, extensionRequestOids } from './signingRequest.js';

/** The name under which a request stands in a list, nothing hidden in it. */
export function signingRequestTitle({ subject, subjectAltNames: [alternative] }: SigningRequest): string {
  return shownText(tellingName(subject) ?? alternative?.value ?? l10n.t('Signing request without a name'));
}

/** Every field of a signing request (RFC 2986) from its original bytes; what is broken is shown by its bytes. */
export function describeSigningRequest(request: SigningRequest): Description {
  const [signed, algorithm, signature] = asn1.readAsn1(request.der).children;
  const attributes = (signed?.children ?? []).filter((member) => asn1.isContext(member, 0));
  const nodes = attributes.flatMap(({ children }) => children);
  const { extensions, others } = readAttributes(nodes);
  return {
    kind: 'signingRequest',
    title: signingRequestTitle(request),
    groups: [
      { id: 'subject', title: l10n.t('Subject'), fields: nameFields(request.subject) },
      { id: 'publicKey', title: l10n.t('Public key'), fields: publicKeyFields(request.publicKey) },
      ...group('extensions', l10n.t('Requested extensions'), extensions),
      ...group('attributes', l10n.t('Attributes'), others),
      {
        id: 'signature',
        title: l10n.t('Signature'),
        fields: [
          ...(algorithm === undefined
            ? []
            : [algorithmField(l10n.t('Signature algorithm'), algorithm.bytes)]),
          field(l10n.t('Made with the private key of this request'), verdictText(request)),
          ...(signature === undefined ? [] : [bitsField(l10n.t('Value'), signature)]),
        ],
      },
      { id: 'fingerprints', title: l10n.t('Fingerprints'), fields: pinFields(request.spki) },
    ],
    notes: [...request.problems, ...signatureNotes(request)],
  };
}

function group(id: string, title: string, fields: readonly DescriptionField[]): readonly DescriptionGroup[] {
  return fields.length === 0 ? [] : [{ id, title, fields }];
}

/** Attributes that are not the requested extensions. */
const attributeNames: ReadonlyMap<string, () => string> = new Map([
  [challengePasswordOid, () => l10n.t('Challenge password')],
  ['1.2.840.113549.1.9.2', () => l10n.t('Unstructured name')],
  ['1.2.840.113549.1.9.8', () => l10n.t('Unstructured address')],
  ['1.3.6.1.4.1.311.13.2.3', () => l10n.t('Microsoft operating system version')],
  ['1.3.6.1.4.1.311.13.2.2', () => l10n.t('Microsoft enrolment provider')],
  ['1.3.6.1.4.1.311.21.20', () => l10n.t('Microsoft request client')],
]);

interface Attributes {
  readonly extensions: readonly DescriptionField[];
  readonly others: readonly DescriptionField[];
}

function readAttributes(nodes: readonly asn1.Asn1[]): Attributes {
  const extensions: DescriptionField[] = [];
  const others: DescriptionField[] = [];
  for (const node of nodes) {
    try {
      const members = asn1.Members.ofSequence(node, 'Attribute');
      const oid = asn1.readOid(members.next('type'), 'Attribute');
      const values = asn1.setOf(members.next('values'), 'Attribute values');
      members.end();
      if (extensionRequestOids.has(oid)) {
        extensions.push(...values.flatMap(({ children }) => children).map(describeExtension));
      } else {
        others.push(attributeField(oid, values));
      }
    } catch (error) {
      others.push(unreadable(l10n.t('Attribute'), node.bytes, error));
    }
  }
  return { extensions, others };
}

function attributeField(oid: string, values: readonly asn1.Asn1[]): DescriptionField {
  const label = attributeNames.get(oid)?.() ?? oid;
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? field(label, anyValue(only), { oid })
    : heading(
        label,
        values.map((value) => field(l10n.t('Value'), anyValue(value))),
        { oid },
      );
}

function bitsField(label: string, node: asn1.Asn1): DescriptionField {
  try {
    return field(label, octets(asn1.readBitString(node, label).bytes));
  } catch (error) {
    return unreadable(label, node.bytes, error);
  }
}

function verdictText({ signatureVerdict }: SigningRequest): string {
  switch (signatureVerdict) {
    case 'valid':
      return l10n.t('Yes, checked');
    case 'invalid':
      return l10n.t('No');
    case 'unchecked':
      return l10n.t('Cannot be checked here');
  }
}

function signatureNotes({ signatureVerdict, signatureAlgorithm }: SigningRequest): readonly string[] {
  switch (signatureVerdict) {
    case 'valid':
      return [];
    case 'invalid':
      return [
        l10n.t(
          'The signature does not fit: the request was changed after it was made, or was not made with its own private key. A CA will refuse it.',
        ),
      ];
    case 'unchecked':
      return [l10n.t('The signature ({0}) cannot be checked here.', signatureAlgorithm)];
  }
}
