import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, heading, octets } from './description.js';
import { malformedText, unreadable } from './descriptionOfAlgorithm.js';
import { anyValue } from './descriptionOfValue.js';
import { microsoftExtensions } from './extensionDescriptionMicrosoft.js';
import { netscapeExtensions } from './extensionDescriptionNetscape.js';
import { otherExtensions } from './extensionDescriptionOthers.js';
import { rfcExtensions } from './extensionDescriptionRfc.js';
import type { ExtensionReader } from './extensionReader.js';

const known: ReadonlyMap<string, ExtensionReader> = new Map([
  ...rfcExtensions,
  ...microsoftExtensions,
  ...netscapeExtensions,
  ...otherExtensions,
]);

/** The name of an extension in the editor's language, or its number. */
export function extensionTitle(oid: string): string {
  return known.get(oid)?.title() ?? oid;
}

/** One `Extension` (RFC 5280 4.1), field by field where it is known; what is broken is shown by its bytes. Never throws. */
export function describeExtension(node: asn1.Asn1): DescriptionField {
  let oid: string;
  let critical: boolean;
  let value: Uint8Array;
  try {
    const members = asn1.Members.ofSequence(node, 'Extension');
    oid = asn1.readOid(members.next('extnID'), 'Extension');
    const flag = members.optional(asn1.Tag.boolean);
    critical = flag !== undefined && asn1.readBoolean(flag, 'critical');
    value = asn1.readOctetString(members.next('extnValue'), 'Extension');
    members.end();
  } catch (error) {
    return unreadable(l10n.t('Extension'), node.bytes, error);
  }
  return describeExtensionValue({ oid, critical, value });
}

/** The same for an extension that was taken out of its envelope. */
export function describeExtensionValue(extension: {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}): DescriptionField {
  const { oid, critical, value } = extension;
  const title = extensionTitle(oid);
  try {
    return heading(title, known.get(oid)?.read(value) ?? unknownFields(value), { oid, critical });
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    return heading(title, [field(l10n.t('Value'), octets(value))], {
      oid,
      critical,
      problem: malformedText(error),
    });
  }
}

/** The bytes, and the text before them where they are a string. */
function unknownFields(value: Uint8Array): readonly DescriptionField[] {
  return [...textIn(value), field(l10n.t('Value'), octets(value))];
}

function textIn(value: Uint8Array): readonly DescriptionField[] {
  try {
    const node = asn1.readAsn1(value);
    return asn1.isString(node) ? [field(l10n.t('Text'), anyValue(node))] : [];
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    return [];
  }
}
