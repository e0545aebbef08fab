import * as l10n from '@vscode/l10n';
import { type Certificate, formatFingerprint } from '../../pki/certificate.js';
import { type Name } from '../../pki/distinguishedName.js';
import { type Extension } from '../../pki/extensions.js';
import { attributeNames, ExtensionOid, keyPurposeNames } from '../../pki/oids.js';
import { visibleText } from '../../ui/visibleText.js';

/**
 * A certificate for the diff editor: one fact a line, always in the same order, so that what differs stands side by side; what is
 * not taken apart is given by its bytes, so that no difference is hidden. Nothing in it is invisible or steers the text.
 */
export function certificateText(certificate: Certificate): string {
  const { notBefore, notAfter, problems } = certificate;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [l10n.t('Subject'), nameLines(certificate.subject)],
    [l10n.t('Issuer'), nameLines(certificate.issuer)],
    [l10n.t('Validity'), [`${l10n.t('from')} ${time(notBefore)}`, `${l10n.t('until')} ${time(notAfter)}`]],
    [
      l10n.t('Certificate'),
      [
        `${l10n.t('Version')} ${certificate.version}`,
        `${l10n.t('Serial number')} ${certificate.serialNumber}`,
        `${l10n.t('Signature algorithm')} ${certificate.signatureAlgorithm}`,
        `SHA-256 ${formatFingerprint(certificate.sha256)}`,
        `SHA-1 ${formatFingerprint(certificate.sha1)}`,
      ],
    ],
    [
      l10n.t('Public key'),
      [
        certificate.keyType,
        `SHA-256 ${formatFingerprint(certificate.spkiSha256)}`,
        ...hexLines(certificate.spki),
      ],
    ],
    ...[...certificate.extensions]
      .sort((a, b) => (a.oid < b.oid ? -1 : a.oid > b.oid ? 1 : 0))
      .map((extension) => extensionSection(certificate, extension)),
    [l10n.t('Signature'), hexLines(certificate.signature)],
    ...(problems.length === 0 ? [] : [[l10n.t('Not as the standards say'), problems] as const]),
  ];
  return sections
    .map(([title, lines]) =>
      [visibleText(title), ...lines.map((line) => `  ${visibleText(line)}`), ''].join('\n'),
    )
    .join('\n');
}

function nameLines({ rdns }: Name): readonly string[] {
  return rdns.length === 0
    ? [l10n.t('(empty)')]
    : rdns.map((rdn) =>
        rdn.map(({ oid, value }) => `${attributeNames.get(oid) ?? oid} = ${value}`).join(' + '),
      );
}

const extensionNames: ReadonlyMap<string, string> = new Map(
  Object.entries(ExtensionOid).map(([name, oid]) => [oid, name]),
);

function extensionSection(
  certificate: Certificate,
  { oid, critical, value }: Extension,
): readonly [string, readonly string[]] {
  const name = extensionNames.get(oid);
  const title = name === undefined ? oid : `${name} (${oid})`;
  return [
    l10n.t('Extension {0}', title),
    [...(critical ? [l10n.t('critical')] : []), ...(decodedLines(certificate, oid) ?? hexLines(value))],
  ];
}

/** What the certificate's own fields say of an extension; `undefined` where they do not say all of it. */
function decodedLines(certificate: Certificate, oid: string): readonly string[] | undefined {
  switch (oid) {
    case ExtensionOid.basicConstraints:
      return [
        certificate.isCa ? l10n.t('certificate authority') : l10n.t('no certificate authority'),
        ...(certificate.pathLength === undefined ? [] : [l10n.t('path length {0}', certificate.pathLength)]),
      ];
    case ExtensionOid.keyUsage:
      return certificate.keyUsage;
    case ExtensionOid.extendedKeyUsage:
      return certificate.extendedKeyUsage?.map((purpose) => {
        const name = keyPurposeNames.get(purpose);
        return name === undefined ? purpose : `${name} (${purpose})`;
      });
    case ExtensionOid.subjectAltName:
      return certificate.subjectAltNames.map(({ type, value }) => `${type}: ${value}`);
    default:
      return undefined;
  }
}

function hexLines(bytes: Uint8Array): readonly string[] {
  return (
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,64}/g) ?? []
  );
}

function time(date: Date): string {
  return Number.isNaN(date.getTime()) || Math.abs(date.getTime()) >= 8.64e15 ? '?' : date.toISOString();
}
