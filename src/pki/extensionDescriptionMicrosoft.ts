import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, octets, wholeNumber } from './description.js';
import { generalNameField } from './descriptionOfName.js';
import { policyConstraintFields, policyFields, policyMappingFields } from './extensionDescriptionPolicies.js';
import { readGeneralNames } from './generalName.js';
import { ExtensionOid } from './oids.js';
import { type ExtensionReaders, reader } from './extensionReader.js';
import { purposeNames } from './purposeNames.js';

/** [MS-WCCE] 2.2.2.7.7.3: the certificate's index in the lower 16 bits, the key's above. */
function versionFields(node: asn1.Asn1): readonly DescriptionField[] {
  const version = asn1.readInteger(node, 'CA version');
  if (version < 0n || version > 0xffffffffn) {
    throw asn1.malformed('CA version: a number of 32 bits is expected');
  }
  return [
    field(l10n.t('Version'), `V${version & 0xffffn}.${version >> 16n}`),
    field(l10n.t('Index of the certificate'), String(version & 0xffffn)),
    field(l10n.t('Index of the key'), String(version >> 16n)),
  ];
}

/** [MS-WCCE] 2.2.2.7.7.2. */
function templateFields(node: asn1.Asn1): readonly DescriptionField[] {
  const members = asn1.Members.ofSequence(node, 'Certificate template');
  const oid = asn1.readOid(members.next('templateID'), 'Certificate template');
  const major = members.optional(asn1.Tag.integer);
  const minor = members.optional(asn1.Tag.integer);
  members.end();
  const number = (label: string, value: asn1.Asn1 | undefined): readonly DescriptionField[] =>
    value === undefined ? [] : [field(label, wholeNumber(asn1.readInteger(value, label)))];
  return [
    field(l10n.t('Template'), oid, { oid }),
    ...number(l10n.t('Major version'), major),
    ...number(l10n.t('Minor version'), minor),
  ];
}

/** Microsoft's extensions, by name. */
export const microsoftExtensions: ExtensionReaders = [
  [
    ExtensionOid.msCertificateTemplateName,
    reader(
      () => l10n.t('Microsoft certificate template name'),
      (node) => [field(l10n.t('Template'), asn1.readString(node, 'Certificate template name'))],
    ),
  ],
  [ExtensionOid.msCaVersion, reader(() => l10n.t('Microsoft CA version'), versionFields)],
  [
    ExtensionOid.msPreviousCaCertificateHash,
    reader(
      () => l10n.t('Microsoft previous CA certificate hash'),
      (node) => [field(l10n.t('Hash'), octets(asn1.readOctetString(node, 'Previous CA certificate hash')))],
    ),
  ],
  [
    ExtensionOid.msCertificateTemplate,
    reader(() => l10n.t('Microsoft certificate template'), templateFields),
  ],
  [
    ExtensionOid.msApplicationPolicies,
    reader(
      () => l10n.t('Microsoft application policies'),
      (node) => policyFields(node, purposeNames),
    ),
  ],
  [
    ExtensionOid.msApplicationPolicyMappings,
    reader(
      () => l10n.t('Microsoft application policy mappings'),
      (node) => policyMappingFields(node, purposeNames),
    ),
  ],
  [
    ExtensionOid.msApplicationPolicyConstraints,
    reader(() => l10n.t('Microsoft application policy constraints'), policyConstraintFields),
  ],
  [
    ExtensionOid.msNtdsSecurity,
    reader(
      () => l10n.t('Microsoft NTDS security identifier'),
      (node) => readGeneralNames(node, 'NTDS security identifier').map(generalNameField),
    ),
  ],
];
