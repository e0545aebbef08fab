import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, heading, octets, wholeNumber } from './description.js';
import { anyValue, named } from './descriptionOfValue.js';

/** Policies that everybody means the same by. */
export const policyNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.32.0', 'anyPolicy'],
  ['2.23.140.1.1', 'CA/Browser Forum: extended validation'],
  ['2.23.140.1.2.1', 'CA/Browser Forum: domain validated'],
  ['2.23.140.1.2.2', 'CA/Browser Forum: organization validated'],
  ['2.23.140.1.2.3', 'CA/Browser Forum: individual validated'],
  ['2.23.140.1.3', 'CA/Browser Forum: extended validation code signing'],
  ['2.23.140.1.4.1', 'CA/Browser Forum: code signing'],
  ['2.23.140.1.5.1.1', 'CA/Browser Forum: S/MIME mailbox validated, legacy'],
  ['2.23.140.1.5.1.2', 'CA/Browser Forum: S/MIME mailbox validated, multipurpose'],
  ['2.23.140.1.5.1.3', 'CA/Browser Forum: S/MIME mailbox validated, strict'],
  ['2.23.140.1.5.2.1', 'CA/Browser Forum: S/MIME organization validated, legacy'],
  ['2.23.140.1.5.2.2', 'CA/Browser Forum: S/MIME organization validated, multipurpose'],
  ['2.23.140.1.5.2.3', 'CA/Browser Forum: S/MIME organization validated, strict'],
  ['2.23.140.1.5.3.1', 'CA/Browser Forum: S/MIME sponsor validated, legacy'],
  ['2.23.140.1.5.3.2', 'CA/Browser Forum: S/MIME sponsor validated, multipurpose'],
  ['2.23.140.1.5.3.3', 'CA/Browser Forum: S/MIME sponsor validated, strict'],
  ['0.4.0.2042.1.1', 'ETSI: NCP'],
  ['0.4.0.2042.1.2', 'ETSI: NCP+'],
  ['0.4.0.2042.1.3', 'ETSI: LCP'],
  ['0.4.0.2042.1.4', 'ETSI: EVCP'],
  ['0.4.0.2042.1.6', 'ETSI: DVCP'],
  ['0.4.0.2042.1.7', 'ETSI: OVCP'],
  ['0.4.0.194112.1.0', 'ETSI: QCP-n'],
  ['0.4.0.194112.1.1', 'ETSI: QCP-l'],
  ['0.4.0.194112.1.2', 'ETSI: QCP-n-qscd'],
  ['0.4.0.194112.1.3', 'ETSI: QCP-l-qscd'],
  ['0.4.0.194112.1.4', 'ETSI: QEVCP-w'],
]);

const cpsOid = '1.3.6.1.5.5.7.2.1';
const userNoticeOid = '1.3.6.1.5.5.7.2.2';

/** RFC 5280 4.2.1.4. */
export function policyFields(
  node: asn1.Asn1,
  names: ReadonlyMap<string, string>,
): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'Certificate policies').map((policy) => {
    const members = asn1.Members.ofSequence(policy, 'Certificate policy');
    const oid = asn1.readOid(members.next('policyIdentifier'), 'Certificate policy');
    const qualifiers = members.optional(asn1.Tag.sequence);
    members.end();
    const children = qualifiers?.children.map(qualifierField);
    return named(l10n.t('Policy'), oid, names, children);
  });
}

function qualifierField(node: asn1.Asn1): DescriptionField {
  const members = asn1.Members.ofSequence(node, 'Policy qualifier');
  const oid = asn1.readOid(members.next('policyQualifierId'), 'Policy qualifier');
  const value = members.next('qualifier');
  members.end();
  switch (oid) {
    case cpsOid:
      return field(l10n.t('Practice statement (CPS)'), anyValue(value), { oid });
    case userNoticeOid:
      return heading(l10n.t('User notice'), userNoticeFields(value), { oid });
    default:
      return field(l10n.t('Qualifier'), octets(value.bytes), { oid });
  }
}

function userNoticeFields(node: asn1.Asn1): readonly DescriptionField[] {
  const fields: DescriptionField[] = [];
  for (const member of asn1.sequenceOf(node, 'User notice')) {
    if (asn1.isString(member)) {
      fields.push(field(l10n.t('Text'), asn1.readString(member, 'User notice')));
      continue;
    }
    const reference = asn1.Members.ofSequence(member, 'User notice');
    const organization = asn1.readString(reference.next('organization'), 'User notice');
    const numbers = asn1.sequenceOf(reference.next('noticeNumbers'), 'User notice');
    reference.end();
    fields.push(
      field(l10n.t('Organization'), organization),
      field(
        l10n.t('Notice numbers'),
        numbers.map((number) => String(asn1.readInteger(number, 'Notice number'))).join(', '),
      ),
    );
  }
  return fields;
}

/** RFC 5280 4.2.1.5. */
export function policyMappingFields(
  node: asn1.Asn1,
  names: ReadonlyMap<string, string>,
): readonly DescriptionField[] {
  return asn1.sequenceOf(node, 'Policy mappings').map((mapping) => {
    const members = asn1.Members.ofSequence(mapping, 'Policy mapping');
    const issuer = asn1.readOid(members.next('issuerDomainPolicy'), 'Policy mapping');
    const subject = asn1.readOid(members.next('subjectDomainPolicy'), 'Policy mapping');
    members.end();
    return heading(l10n.t('Mapping'), [
      named(l10n.t('Policy of the issuer'), issuer, names),
      named(l10n.t('Policy of the subject'), subject, names),
    ]);
  });
}

/** RFC 5280 4.2.1.11. */
export function policyConstraintFields(node: asn1.Asn1): readonly DescriptionField[] {
  const members = asn1.Members.ofSequence(node, 'Policy constraints');
  const explicit = members.optionalContext(0);
  const inhibit = members.optionalContext(1);
  members.end();
  const count = (label: string, value: asn1.Asn1 | undefined): readonly DescriptionField[] =>
    value === undefined ? [] : [field(label, wholeNumber(asn1.integerFromContent(value.content, label)))];
  return [
    ...count(l10n.t('Certificates until an explicit policy is required'), explicit),
    ...count(l10n.t('Certificates until policy mapping is inhibited'), inhibit),
  ];
}
