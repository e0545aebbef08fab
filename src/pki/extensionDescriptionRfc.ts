import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import {
  type DescriptionField,
  field,
  heading,
  octets,
  utcTime,
  wholeNumber,
  yesOrNo,
} from './description.js';
import { attributeField, generalNameField } from './descriptionOfName.js';
import { anyValue, named } from './descriptionOfValue.js';
import { readAttributeSet } from './distinguishedName.js';
import {
  policyConstraintFields,
  policyFields,
  policyMappingFields,
  policyNames,
} from './extensionDescriptionPolicies.js';
import * as decode from './extensions.js';
import { generalNamesFrom, readGeneralName, readGeneralNames } from './generalName.js';
import { ExtensionOid, attributeNames } from './oids.js';
import { type ExtensionReader, type ExtensionReaders, reader } from './extensionReader.js';
import { purposeNames } from './purposeNames.js';

/** RFC 5280 4.2.1.1. */
function authorityKeyFields(value: Uint8Array): readonly DescriptionField[] {
  const { keyIdentifier, issuer, serialNumber } = decode.decodeAuthorityKeyIdentifier(value);
  return [
    ...(keyIdentifier === undefined ? [] : [field(l10n.t('Key identifier'), octets(keyIdentifier))]),
    ...(issuer === undefined ? [] : [heading(l10n.t('Issuer'), issuer.map(generalNameField))]),
    ...(serialNumber === undefined ? [] : [field(l10n.t('Serial number'), serialText(serialNumber))]),
  ];
}

function serialText(value: bigint): string {
  const hex = (value < 0n ? -value : value).toString(16);
  return `${value < 0n ? '-' : ''}${octets(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))}`;
}

/** RFC 5280 4.2.1.8. */
function directoryAttributeFields(node: asn1.Asn1): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'Subject directory attributes').map((attribute) => {
    const members = asn1.Members.ofSequence(attribute, 'Subject directory attribute');
    const oid = asn1.readOid(members.next('type'), 'Subject directory attribute');
    const values = asn1.setOf(members.next('values'), 'Subject directory attribute');
    members.end();
    const label = directoryAttributeNames.get(oid) ?? attributeNames.get(oid) ?? oid;
    const [only] = values;
    return values.length === 1 && only !== undefined
      ? field(label, anyValue(only), { oid })
      : heading(
          label,
          values.map((value) => field(l10n.t('Value'), anyValue(value))),
          { oid },
        );
  });
}

/** RFC 3739 3.2.2, and what Microsoft and X.501 have for people. */
const directoryAttributeNames: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.9.1', 'dateOfBirth'],
  ['1.3.6.1.5.5.7.9.2', 'placeOfBirth'],
  ['1.3.6.1.5.5.7.9.3', 'gender'],
  ['1.3.6.1.5.5.7.9.4', 'countryOfCitizenship'],
  ['1.3.6.1.5.5.7.9.5', 'countryOfResidence'],
  ['2.5.4.55', 'clearance'],
]);

/** RFC 5280 4.2.1.9. */
function basicConstraintFields(value: Uint8Array): readonly DescriptionField[] {
  const { isCa, pathLength } = decode.decodeBasicConstraints(value);
  return [
    field(l10n.t('Certification authority'), yesOrNo(isCa)),
    ...(pathLength === undefined
      ? []
      : [field(l10n.t('Certification authorities below it at most'), String(pathLength))]),
  ];
}

/** RFC 5280 4.2.1.10. */
function nameConstraintFields(value: Uint8Array): readonly DescriptionField[] {
  const { permitted, excluded } = decode.decodeNameConstraints(value);
  const group = (label: string, subtrees: readonly decode.Subtree[]): readonly DescriptionField[] =>
    subtrees.length === 0 ? [] : [heading(label, subtrees.map(subtreeField))];
  return [...group(l10n.t('Permitted'), permitted), ...group(l10n.t('Excluded'), excluded)];
}

function subtreeField({ base, minimum, maximum }: decode.Subtree): DescriptionField {
  const described = generalNameField(base);
  const children = [
    ...(described.children ?? []),
    ...(minimum === 0 ? [] : [field(l10n.t('Minimum'), String(minimum))]),
    ...(maximum === undefined ? [] : [field(l10n.t('Maximum'), String(maximum))]),
  ];
  return children.length === 0 ? described : { ...described, children };
}

/** RFC 5280 4.2.1.13. */
const revocationReasons = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

function distributionPointFields(node: asn1.Asn1): readonly DescriptionField[] {
  const what = 'Distribution point';
  return asn1.sequenceOf(node, what).map((point) => {
    const members = asn1.Members.ofSequence(point, what);
    const name = members.optionalContext(0);
    const reasons = members.optionalContext(1);
    const issuer = members.optionalContext(2);
    members.end();
    return heading(l10n.t('Distribution point'), [
      ...(name === undefined ? [] : pointNameFields(asn1.explicitContent(name, what), what)),
      ...(reasons === undefined
        ? []
        : [field(l10n.t('Reasons'), asn1.namedBits(reasons, revocationReasons, what).join(', '))]),
      ...(issuer === undefined
        ? []
        : [
            heading(
              l10n.t('Issuer of the list'),
              generalNamesFrom(issuer.children, what).map(generalNameField),
            ),
          ]),
    ]);
  });
}

function pointNameFields(node: asn1.Asn1, what: string): readonly DescriptionField[] {
  if (asn1.isContext(node, 0)) {
    return generalNamesFrom(node.children, what).map(generalNameField);
  }
  if (asn1.isContext(node, 1)) {
    return [
      heading(l10n.t('Name relative to the issuer'), readAttributeSet(node.children).map(attributeField)),
    ];
  }
  throw asn1.malformed(`${what}: a name is expected`);
}

/** RFC 5280 4.2.2.1 and 4.2.2.2. */
const accessMethods: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.48.1', 'OCSP'],
  ['1.3.6.1.5.5.7.48.2', 'caIssuers'],
  ['1.3.6.1.5.5.7.48.3', 'timeStamping'],
  ['1.3.6.1.5.5.7.48.4', 'dvcs'],
  ['1.3.6.1.5.5.7.48.5', 'caRepository'],
  ['1.3.6.1.5.5.7.48.10', 'rpkiManifest'],
  ['1.3.6.1.5.5.7.48.11', 'signedObject'],
  ['1.3.6.1.5.5.7.48.13', 'rpkiNotify'],
]);

function accessFields(node: asn1.Asn1): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'Access').map((description) => {
    const members = asn1.Members.ofSequence(description, 'Access');
    const method = asn1.readOid(members.next('accessMethod'), 'Access');
    const location = readGeneralName(members.next('accessLocation'), 'Access');
    members.end();
    return named(l10n.t('Method'), method, accessMethods, [generalNameField(location)]);
  });
}

/** RFC 3280 4.2.1.4. */
function usagePeriodFields(node: asn1.Asn1): readonly DescriptionField[] {
  const what = 'Private key usage period';
  const members = asn1.Members.ofSequence(node, what);
  const notBefore = members.optionalContext(0);
  const notAfter = members.optionalContext(1);
  members.end();
  const time = (label: string, value: asn1.Asn1 | undefined): readonly DescriptionField[] =>
    value === undefined
      ? []
      : [field(label, utcTime(asn1.timeFromContent(value.content, 'generalizedTime', what)))];
  return [...time(l10n.t('Not before'), notBefore), ...time(l10n.t('Not after'), notAfter)];
}

const alternativeNames = (title: () => string): ExtensionReader =>
  reader(title, (node) => readGeneralNames(node, 'Alternative names').map(generalNameField));

/** Extensions of RFC 5280 and its forerunner. */
export const rfcExtensions: ExtensionReaders = [
  [
    ExtensionOid.authorityKeyIdentifier,
    { title: () => l10n.t('Authority key identifier'), read: authorityKeyFields },
  ],
  [
    ExtensionOid.subjectKeyIdentifier,
    {
      title: () => l10n.t('Subject key identifier'),
      read: (value) => [field(l10n.t('Key identifier'), octets(decode.decodeSubjectKeyIdentifier(value)))],
    },
  ],
  [
    ExtensionOid.keyUsage,
    {
      title: () => l10n.t('Key usage'),
      read: (value) => decode.decodeKeyUsage(value).map((usage) => field(l10n.t('Usage'), usage)),
    },
  ],
  [ExtensionOid.privateKeyUsagePeriod, reader(() => l10n.t('Private key usage period'), usagePeriodFields)],
  [
    ExtensionOid.certificatePolicies,
    reader(
      () => l10n.t('Certificate policies'),
      (node) => policyFields(node, policyNames),
    ),
  ],
  [
    ExtensionOid.policyMappings,
    reader(
      () => l10n.t('Policy mappings'),
      (node) => policyMappingFields(node, policyNames),
    ),
  ],
  [ExtensionOid.policyConstraints, reader(() => l10n.t('Policy constraints'), policyConstraintFields)],
  [
    ExtensionOid.inhibitAnyPolicy,
    reader(
      () => l10n.t('Inhibit any policy'),
      (node) => [
        field(
          l10n.t('Certificates until any policy is inhibited'),
          wholeNumber(asn1.readInteger(node, 'Inhibit any policy')),
        ),
      ],
    ),
  ],
  [ExtensionOid.subjectAltName, alternativeNames(() => l10n.t('Subject alternative name'))],
  [ExtensionOid.issuerAltName, alternativeNames(() => l10n.t('Issuer alternative name'))],
  [
    ExtensionOid.subjectDirectoryAttributes,
    reader(() => l10n.t('Subject directory attributes'), directoryAttributeFields),
  ],
  [ExtensionOid.basicConstraints, { title: () => l10n.t('Basic constraints'), read: basicConstraintFields }],
  [ExtensionOid.nameConstraints, { title: () => l10n.t('Name constraints'), read: nameConstraintFields }],
  [
    ExtensionOid.extendedKeyUsage,
    {
      title: () => l10n.t('Extended key usage'),
      read: (value) =>
        decode.decodeExtendedKeyUsage(value).map((oid) => named(l10n.t('Purpose'), oid, purposeNames)),
    },
  ],
  [
    ExtensionOid.crlDistributionPoints,
    reader(() => l10n.t('CRL distribution points'), distributionPointFields),
  ],
  [ExtensionOid.freshestCrl, reader(() => l10n.t('Freshest CRL'), distributionPointFields)],
  [ExtensionOid.authorityInfoAccess, reader(() => l10n.t('Authority information access'), accessFields)],
  [ExtensionOid.subjectInfoAccess, reader(() => l10n.t('Subject information access'), accessFields)],
];
