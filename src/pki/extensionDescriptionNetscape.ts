import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { field } from './description.js';
import { ExtensionOid } from './oids.js';
import { type ExtensionReader, type ExtensionReaders, reader } from './extensionReader.js';

/** Bits of the certificate type with OpenSSL's words. */
const certificateTypes = [
  'SSL Client',
  'SSL Server',
  'S/MIME',
  'Object Signing',
  'Unused',
  'SSL CA',
  'S/MIME CA',
  'Object Signing CA',
] as const;

const text = (title: () => string): ExtensionReader =>
  reader(title, (node) => [field(l10n.t('Text'), asn1.readString(node, 'Netscape extension'))]);

/** Netscape's extensions, by name. */
export const netscapeExtensions: ExtensionReaders = [
  [
    ExtensionOid.netscapeCertType,
    reader(
      () => l10n.t('Netscape certificate type'),
      (node) => {
        if (!asn1.isUniversal(node, asn1.Tag.bitString)) {
          throw asn1.malformed('Netscape certificate type: a BIT STRING is expected');
        }
        return asn1
          .namedBits(node, certificateTypes, 'Netscape certificate type')
          .map((type) => field(l10n.t('Type'), type));
      },
    ),
  ],
  [ExtensionOid.netscapeBaseUrl, text(() => l10n.t('Netscape base URL'))],
  [ExtensionOid.netscapeRevocationUrl, text(() => l10n.t('Netscape revocation URL'))],
  [ExtensionOid.netscapeCaRevocationUrl, text(() => l10n.t('Netscape CA revocation URL'))],
  [ExtensionOid.netscapeRenewalUrl, text(() => l10n.t('Netscape renewal URL'))],
  [ExtensionOid.netscapeCaPolicyUrl, text(() => l10n.t('Netscape CA policy URL'))],
  [ExtensionOid.netscapeSslServerName, text(() => l10n.t('Netscape SSL server name'))],
  [ExtensionOid.netscapeComment, text(() => l10n.t('Netscape comment'))],
];
