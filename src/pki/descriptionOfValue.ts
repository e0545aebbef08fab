import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, octets, utcTime, wholeNumber, yesOrNo } from './description.js';

/** A value of any type: its text where it has one, else the hex of its encoding; never throws. */
export function anyValue(node: asn1.Asn1): string {
  try {
    return readableValue(node) ?? octets(node.bytes);
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    return octets(node.bytes);
  }
}

/** The text of a value that has one; throws `malformed` where it is broken. */
function readableValue(node: asn1.Asn1): string | undefined {
  if (asn1.isString(node)) {
    return asn1.readString(node, 'Value');
  }
  if (node.tagClass !== 'universal') {
    return undefined;
  }
  switch (node.tag) {
    case asn1.Tag.oid:
      return asn1.readOid(node, 'Value');
    case asn1.Tag.integer:
    case asn1.Tag.enumerated:
      return wholeNumber(asn1.readInteger(node, 'Value'));
    case asn1.Tag.boolean:
      return yesOrNo(asn1.readBoolean(node, 'Value'));
    case asn1.Tag.utcTime:
    case asn1.Tag.generalizedTime:
      return utcTime(asn1.readTime(node, 'Value'));
    case asn1.Tag.octetString:
      return octets(asn1.readOctetString(node, 'Value'));
    default:
      return undefined;
  }
}

/** A field over a number that has a name. */
export function named(
  label: string,
  oid: string,
  names: ReadonlyMap<string, string>,
  children?: readonly DescriptionField[],
): DescriptionField {
  const name = names.get(oid);
  return field(label, name ?? oid, { oid, ...(children === undefined ? {} : { children }) });
}

const stringTypes: ReadonlyMap<number, string> = new Map([
  [asn1.Tag.utf8String, 'UTF8String'],
  [asn1.Tag.numericString, 'NumericString'],
  [asn1.Tag.printableString, 'PrintableString'],
  [asn1.Tag.teletexString, 'T61String'],
  [asn1.Tag.videotexString, 'VideotexString'],
  [asn1.Tag.ia5String, 'IA5String'],
  [asn1.Tag.graphicString, 'GraphicString'],
  [asn1.Tag.visibleString, 'VisibleString'],
  [asn1.Tag.generalString, 'GeneralString'],
  [asn1.Tag.universalString, 'UniversalString'],
  [asn1.Tag.bmpString, 'BMPString'],
]);

/** The name of the string type that an encoded value begins with; `undefined` for other types. */
export function stringType(der: Uint8Array): string | undefined {
  const [tag = 0] = der;
  return tag >= 0x40 ? undefined : stringTypes.get(tag & 0x1f);
}
