import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, octets } from './description.js';
import { anyValue, stringType } from './descriptionOfValue.js';
import { type Attribute, type Name, commonName, formatName } from './distinguishedName.js';
import type { GeneralName, GeneralNameType } from './generalName.js';
import { attributeNames } from './oids.js';

/** The whole name by RFC 4514, then each attribute in the order of the encoding. */
export function nameFields(name: Name): readonly DescriptionField[] {
  return [
    field(l10n.t('Whole name'), formatName(name)),
    ...name.rdns.flatMap((rdn) => rdn.map(attributeField)),
  ];
}

/** One attribute of a name; the label is RFC 4514's. */
export function attributeField({ oid, value, der }: Attribute): DescriptionField {
  const encoding = stringType(der);
  return field(attributeNames.get(oid) ?? oid, value, {
    oid,
    ...(encoding === undefined ? {} : { encoding }),
  });
}

/** The types that tell most about whose name it is, the most telling first. */
const tellingTypes = [
  '2.5.4.65',
  '2.5.4.41',
  '0.9.2342.19200300.100.1.1',
  '1.2.840.113549.1.9.1',
  '0.9.2342.19200300.100.1.3',
  '2.5.4.5',
  '2.5.4.11',
  '2.5.4.10',
];

/** The common name, else the most telling attribute, else the whole name; `undefined` for an empty one. */
export function tellingName(name: Name): string | undefined {
  const common = commonName(name);
  if (common !== undefined && common.trim() !== '') {
    return common;
  }
  const attributes = [...name.rdns].reverse().flat();
  for (const type of tellingTypes) {
    const found = attributes.find(({ oid, value }) => oid === type && value.trim() !== '');
    if (found !== undefined) {
      return found.value;
    }
  }
  return attributes.length === 0 ? undefined : formatName(name);
}

/** The words for the kinds of alternative names. */
function generalNameLabel(type: GeneralNameType): string {
  switch (type) {
    case 'otherName':
      return l10n.t('Other name');
    case 'email':
      return l10n.t('Email address');
    case 'DNS':
      return l10n.t('DNS name');
    case 'X400Name':
      return l10n.t('X.400 address');
    case 'DirName':
      return l10n.t('Directory name');
    case 'EdiPartyName':
      return l10n.t('EDI party name');
    case 'URI':
      return l10n.t('URI');
    case 'IP':
      return l10n.t('IP address');
    case 'RID':
      return l10n.t('Registered ID');
  }
}

/** One alternative name; a directory name with its attributes, another name with its type. */
export function generalNameField(name: GeneralName): DescriptionField {
  switch (name.type) {
    case 'DirName':
      return field(generalNameLabel(name.type), name.value, {
        ...(name.name === undefined ? {} : { children: name.name.rdns.flat().map(attributeField) }),
      });
    case 'X400Name':
      return field(generalNameLabel(name.type), octets(name.content));
    case 'otherName':
      return otherNameField(name);
    default:
      return field(generalNameLabel(name.type), name.value);
  }
}

/** Kinds of other names that programs write. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.4.1.311.20.2.3', 'userPrincipalName'],
  ['1.3.6.1.4.1.311.25.1', 'ntdsReplication'],
  ['1.3.6.1.4.1.311.25.2.1', 'ntdsObjectSid'],
  ['1.3.6.1.5.2.2', 'krb5PrincipalName'],
  ['1.3.6.1.5.5.7.8.3', 'permanentIdentifier'],
  ['1.3.6.1.5.5.7.8.4', 'hardwareModuleName'],
  ['1.3.6.1.5.5.7.8.5', 'xmppAddr'],
  ['1.3.6.1.5.5.7.8.7', 'dnsSRV'],
  ['1.3.6.1.5.5.7.8.8', 'naiRealm'],
  ['1.3.6.1.5.5.7.8.9', 'smtpUTF8Mailbox'],
  ['2.16.840.1.101.3.6.6', 'fascN'],
]);

const sidOid = '1.3.6.1.4.1.311.25.2.1';

function otherNameField({ type, content }: GeneralName): DescriptionField {
  const label = generalNameLabel(type);
  const [typeNode, tagged] = asn1.readAsn1(asn1.encode(0x30, content)).children;
  const oid = asn1.readOid(typeNode, label);
  const node = asn1.explicitContent(tagged, label);
  const name = otherNames.get(oid);
  return field(name === undefined ? label : `${label} (${name})`, otherNameValue(oid, node), { oid });
}

function otherNameValue(oid: string, node: asn1.Asn1): string {
  if (oid === sidOid && asn1.isUniversal(node, asn1.Tag.octetString)) {
    // Microsoft keeps the text of the security identifier in an OCTET STRING.
    const text = asn1.readOctetString(node, 'Security identifier');
    try {
      return asn1.textFromContent(asn1.Tag.utf8String, text, 'Security identifier');
    } catch (error) {
      if (!KeystoreError.is(error)) {
        throw error;
      }
    }
  }
  return anyValue(node);
}
