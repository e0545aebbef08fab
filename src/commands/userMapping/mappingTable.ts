import * as l10n from '@vscode/l10n';
import { formatFingerprint } from '../../pki/certificate.js';
import { displayName } from '../../pki/distinguishedName.js';
import { mappingSubject, mappingValidUntil, type UserMapping } from '../../inbound/userMapping.js';
import { markdownText } from '../../ui/markdownText.js';
import { day } from '../change/facts.js';

/** Mappings as a table in Markdown; whatever they hold stays text. */
export function mappingTable(mappings: readonly UserMapping[]): string {
  const heads = [
    l10n.t('User'),
    l10n.t('Subject'),
    l10n.t('Issuer'),
    l10n.t('Valid until'),
    'SHA-256',
    l10n.t('Identifier (MD5)'),
  ];
  const row = (mapping: UserMapping): readonly string[] => [
    mapping.user,
    mappingSubject(mapping),
    mapping.certificate === undefined ? '?' : displayName(mapping.certificate.issuer),
    day(mappingValidUntil(mapping)),
    mapping.certificate === undefined ? '?' : formatFingerprint(mapping.certificate.sha256),
    mapping.id,
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...mappings.map((mapping) => line(row(mapping).map(markdownText))),
    '',
  ].join('\n');
}
