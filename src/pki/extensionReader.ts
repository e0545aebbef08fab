import * as asn1 from './asn1.js';
import type { DescriptionField } from './description.js';

/** How one kind of extension is named and shown. */
export interface ExtensionReader {
  /** In the editor's language, so it is asked for when it is shown. */
  readonly title: () => string;
  /** From what the OCTET STRING holds; throws `malformed`. */
  readonly read: (value: Uint8Array) => readonly DescriptionField[];
}

/** Numbers of extensions with their readers. */
export type ExtensionReaders = readonly (readonly [oid: string, reader: ExtensionReader])[];

/** A reader of the one ASN.1 value that an extension holds. */
export function reader(
  title: () => string,
  read: (node: asn1.Asn1) => readonly DescriptionField[],
): ExtensionReader {
  return { title, read: (value) => read(asn1.readAsn1(value)) };
}
