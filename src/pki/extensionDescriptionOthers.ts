import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, heading, octets, wholeNumber } from './description.js';
import { anyValue, named } from './descriptionOfValue.js';
import { ExtensionOid } from './oids.js';
import { type ExtensionReader, type ExtensionReaders, reader } from './extensionReader.js';
import { signedTimestampFields } from './signedTimestamps.js';

/** RFC 3739 3.2.6, ETSI EN 319 412-5 and TS 119 495. */
const statementNames: ReadonlyMap<string, string> = new Map([
  ['0.4.0.1862.1.1', 'QcCompliance'],
  ['0.4.0.1862.1.2', 'QcLimitValue'],
  ['0.4.0.1862.1.3', 'QcRetentionPeriod'],
  ['0.4.0.1862.1.4', 'QcSSCD'],
  ['0.4.0.1862.1.5', 'QcPDS'],
  ['0.4.0.1862.1.6', 'QcType'],
  ['0.4.0.1862.1.7', 'QcCClegislation'],
  ['0.4.0.19495.2', 'PSD2'],
  ['1.3.6.1.5.5.7.11.1', 'qcSyntax-v1'],
  ['1.3.6.1.5.5.7.11.2', 'qcSyntax-v2'],
  ['0.4.0.1862.1.6.1', 'esign'],
  ['0.4.0.1862.1.6.2', 'eseal'],
  ['0.4.0.1862.1.6.3', 'web'],
  ['0.4.0.19495.1.1', 'PSP_AS'],
  ['0.4.0.19495.1.2', 'PSP_PI'],
  ['0.4.0.19495.1.3', 'PSP_AI'],
  ['0.4.0.19495.1.4', 'PSP_IC'],
  ['0.4.0.194121.1.1', 'semanticsId-Natural'],
  ['0.4.0.194121.1.2', 'semanticsId-Legal'],
]);

const maxDepth = 8;

function statementFields(node: asn1.Asn1): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'Qualified certificate statements').map((statement) => {
    const members = asn1.Members.ofSequence(statement, 'Statement');
    const oid = asn1.readOid(members.next('statementId'), 'Statement');
    const info = members.rest();
    return named(
      l10n.t('Statement'),
      oid,
      statementNames,
      info.length === 0 ? undefined : info.flatMap((value) => leaves(value, 0)),
    );
  });
}

/** The simple values inside a structure, one after the other. */
function leaves(node: asn1.Asn1, depth: number): readonly DescriptionField[] {
  if (depth < maxDepth && node.children.length > 0) {
    return node.children.flatMap((child) => leaves(child, depth + 1));
  }
  return asn1.isUniversal(node, asn1.Tag.oid)
    ? [named(l10n.t('Value'), anyValue(node), statementNames)]
    : [field(l10n.t('Value'), anyValue(node))];
}

/** RFC 7633. */
const tlsFeatures: ReadonlyMap<bigint, string> = new Map([
  [5n, 'status_request'],
  [17n, 'status_request_v2'],
]);

/** An extension that says what it says by being there. */
const flag = (title: () => string): ExtensionReader =>
  reader(title, (node) => {
    if (!asn1.isUniversal(node, asn1.Tag.null) || node.content.length > 0) {
      throw asn1.malformed('NULL is expected');
    }
    return [];
  });

/** Known by name, shown by its bytes. */
const byName = (title: () => string): ExtensionReader => ({
  title,
  read: (value) => [field(l10n.t('Value'), octets(value))],
});

/** RFC 8551 2.5.2. */
function capabilityFields(node: asn1.Asn1): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'S/MIME capabilities').map((capability) => {
    const members = asn1.Members.ofSequence(capability, 'S/MIME capability');
    const oid = asn1.readOid(members.next('capabilityID'), 'S/MIME capability');
    const parameters = members.rest();
    return field(l10n.t('Capability'), capabilityNames.get(oid) ?? oid, {
      oid,
      ...(parameters.length === 0
        ? {}
        : { children: parameters.map((parameter) => field(l10n.t('Parameters'), anyValue(parameter))) }),
    });
  });
}

const capabilityNames: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.1.2', 'AES-128-CBC'],
  ['2.16.840.1.101.3.4.1.6', 'AES-128-GCM'],
  ['2.16.840.1.101.3.4.1.22', 'AES-192-CBC'],
  ['2.16.840.1.101.3.4.1.42', 'AES-256-CBC'],
  ['2.16.840.1.101.3.4.1.46', 'AES-256-GCM'],
  ['1.2.840.113549.3.2', 'RC2-CBC'],
  ['1.2.840.113549.3.7', 'DES-EDE3-CBC'],
  ['1.3.14.3.2.7', 'DES-CBC'],
]);

/** CA/Browser Forum EV Guidelines 9.8.2. */
function organizationFields(node: asn1.Asn1): readonly DescriptionField[] {
  const what = 'Organization identifier';
  const members = asn1.Members.ofSequence(node, what);
  const scheme = asn1.readString(members.next('registrationSchemeIdentifier'), what);
  const country = asn1.readString(members.next('registrationCountry'), what);
  const state = members.optionalContext(0);
  const reference = asn1.readString(members.next('registrationReference'), what);
  members.end();
  return [
    field(l10n.t('Registration scheme'), scheme),
    field(l10n.t('Country'), country),
    ...(state === undefined
      ? []
      : [field(l10n.t('State or province'), Buffer.from(state.content).toString('latin1'))]),
    field(l10n.t('Registration number'), reference),
  ];
}

/** ICAO Doc 9303-12. */
function documentTypeFields(node: asn1.Asn1): readonly DescriptionField[] {
  const members = asn1.Members.ofSequence(node, 'Document type list');
  const version = asn1.readInteger(members.next('version'), 'Document type list');
  const types = asn1.setOf(members.next('docTypeList'), 'Document type list');
  return [
    field(l10n.t('Version'), wholeNumber(version)),
    heading(
      l10n.t('Document types'),
      types.map((type) => field(l10n.t('Type'), anyValue(type))),
    ),
  ];
}

/** Extensions of other standards. */
export const otherExtensions: ExtensionReaders = [
  [
    ExtensionOid.sctList,
    { title: () => l10n.t('Signed certificate timestamps'), read: signedTimestampFields },
  ],
  [ExtensionOid.precertificatePoison, flag(() => l10n.t('Precertificate, not to be used'))],
  [ExtensionOid.ocspNoCheck, flag(() => l10n.t('OCSP: no check'))],
  [ExtensionOid.noRevocationAvailable, flag(() => l10n.t('No revocation information available'))],
  [ExtensionOid.qcStatements, reader(() => l10n.t('Qualified certificate statements'), statementFields)],
  [
    ExtensionOid.tlsFeature,
    reader(
      () => l10n.t('TLS features'),
      (node) =>
        asn1.sequenceOf(node, 'TLS features').map((feature) => {
          const number = asn1.readInteger(feature, 'TLS feature');
          return field(l10n.t('Feature'), tlsFeatures.get(number) ?? wholeNumber(number));
        }),
    ),
  ],
  ['1.2.840.113549.1.9.15', reader(() => l10n.t('S/MIME capabilities'), capabilityFields)],
  ['2.23.140.3.1', reader(() => l10n.t('Organization identifier'), organizationFields)],
  ['2.23.136.1.1.6.2', reader(() => l10n.t('ICAO document type list'), documentTypeFields)],
  ['2.23.136.1.1.6.1', flag(() => l10n.t('ICAO name change'))],
  ['1.3.6.1.5.5.7.1.2', byName(() => l10n.t('Biometric information'))],
  ['1.3.6.1.5.5.7.1.7', byName(() => l10n.t('IP address delegation'))],
  ['1.3.6.1.5.5.7.1.8', byName(() => l10n.t('Autonomous system delegation'))],
  ['1.3.6.1.5.5.7.1.12', byName(() => l10n.t('Logotype'))],
  ['1.3.6.1.5.5.7.1.14', byName(() => l10n.t('Proxy certificate information'))],
  ['1.2.840.113533.7.65.0', byName(() => l10n.t('Entrust version information'))],
];
