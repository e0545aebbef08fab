import { markdownText } from '../ui/markdownText.js';
import * as l10n from '@vscode/l10n';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { isoTime } from './nodes/entryDetails.js';
import { singleLineText } from '../ui/visibleText.js';

/** A fact of an entry that can be copied. */
export type CopiedFact =
  'alias' | 'hexalias' | 'sha256' | 'sha1' | 'subject' | 'issuer' | 'serialNumber' | 'validity';

/** One fact of each entry, one entry a line; an entry that lacks the fact leaves its line empty. */
export function copiedText(fact: CopiedFact, entries: readonly KeystoreEntry[]): string {
  return entries.map((entry) => singleLineText(factOf(fact, entry) ?? '')).join('\n');
}

/** A Markdown table of entries; whatever a tenant sent is text in it. */
export function markdownTable(entries: readonly KeystoreEntry[]): string {
  const header = [
    l10n.t('Alias'),
    l10n.t('Type'),
    l10n.t('Owner'),
    l10n.t('Subject'),
    l10n.t('Issuer'),
    l10n.t('Serial number'),
    l10n.t('Valid until'),
    'SHA-256',
  ];
  return [header, header.map(() => '---')]
    .map(markdownRow)
    .concat(entries.map(markdownEntryRow))
    .map((row) => `${row}\n`)
    .join('');
}

/** The row of one entry in `markdownTable`, for a table that exists already. */
export function markdownEntryRow(entry: KeystoreEntry): string {
  return markdownRow(
    [
      entry.alias,
      entry.type,
      entry.owner,
      entry.subjectDn,
      entry.issuerDn,
      entry.serialNumber,
      isoTime(entry.validNotAfter),
      entry.fingerprintSha256,
    ].map((value) => markdownText(value ?? '')),
  );
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function factOf(fact: CopiedFact, entry: KeystoreEntry): string | undefined {
  switch (fact) {
    case 'alias':
      return entry.alias;
    case 'hexalias':
      return entry.hexalias;
    case 'sha256':
      return entry.fingerprintSha256;
    case 'sha1':
      return entry.fingerprintSha1;
    case 'subject':
      return entry.subjectDn;
    case 'issuer':
      return entry.issuerDn;
    case 'serialNumber':
      return entry.serialNumber;
    case 'validity': {
      const from = isoTime(entry.validNotBefore);
      const until = isoTime(entry.validNotAfter);
      if (from === undefined) {
        return until === undefined ? undefined : l10n.t('until {0}', until);
      }
      return until === undefined ? l10n.t('from {0}', from) : l10n.t('{0} to {1}', from, until);
    }
  }
}
