import * as l10n from '@vscode/l10n';
import type { ChainCertificate, KeystoreEntry } from '../tenant/keystoreEntry.js';
import { chainMembers } from './nodes/chainParts.js';
import {
  certificateDetails,
  entryNotes,
  isoTime,
  keystoreDetails,
  type Detail,
} from './nodes/entryDetails.js';
import { entryKind, hasPrivateKey, isSapOwned } from '../tenant/entryKind.js';
import { validityOf, validityText } from './nodes/expiry.js';
import { certificateName, partText } from './nodes/presentChainCertificate.js';
import { singleLineText, visibleText } from '../ui/visibleText.js';

/** What is known of an entry's chain when its text is written. */
export type ChainKnowledge =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly certificates: readonly ChainCertificate[] }
  | { readonly kind: 'failed'; readonly detail: string };

/** What the text of an entry is made of. */
export interface EntryTextFacts {
  readonly entry: KeystoreEntry;
  readonly tenantName: string;
  readonly practice: boolean;
  readonly chain: ChainKnowledge;
  readonly now: number;
}

/** A fact of an entry that can be copied. */
export type CopiedFact =
  'alias' | 'hexalias' | 'sha256' | 'sha1' | 'subject' | 'issuer' | 'serialNumber' | 'validity';

/** The text behind "Inspect": all that is known of an entry, line by line, with nothing hidden and nothing obeyed. */
export function inspectionText({ entry, tenantName, practice, chain, now }: EntryTextFacts): string {
  const heading = [
    visibleText(entry.alias),
    [
      kindText(entry),
      isSapOwned(entry) ? l10n.t('owned by SAP') : l10n.t('owned by the tenant'),
      practice ? l10n.t('{0} (practice)', visibleText(tenantName)) : visibleText(tenantName),
    ].join(' · '),
    validityText(validityOf(entry, now)),
  ];
  const sections = [
    heading,
    ...entryNotes(entry).map((note) => wrapped(note)),
    section(l10n.t('Keystore entry'), keystoreDetails(entry)),
    section(l10n.t('Certificate'), withSha512(entry, now)),
    ...(hasPrivateKey(entry) ? chainSections(entry, chain, now) : []),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

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

/**
 * Text that no Markdown renderer takes for markup, link, mention or cell border. Only a code span protects from automatic
 * links; a pipe would end the cell even in there, and is written between spans as a character reference.
 */
export function markdownText(text: string): string {
  return visibleText(text).split('|').map(codeSpan).join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') {
    return '';
  }
  const longestRun = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  // CommonMark 6.1 takes one space off at both ends, but never from a span of spaces only.
  const padding = /^[ `]|[ `]$/.test(text) && text.trim() !== '' ? ' ' : '';
  return `${fence}${padding}${text}${padding}${fence}`;
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

function chainSections(
  entry: KeystoreEntry,
  chain: ChainKnowledge,
  now: number,
): readonly (readonly string[])[] {
  const title = l10n.t('Certificate chain');
  switch (chain.kind) {
    case 'reading':
      return [[title, l10n.t('  being read…')]];
    case 'failed':
      return [[title, l10n.t('  could not be read: {0}', visibleText(chain.detail))]];
    case 'read': {
      const members = chainMembers(entry, chain.certificates);
      if (members.length === 0) {
        return [[title, l10n.t('  none')]];
      }
      return members.map(({ certificate, part }, position) =>
        section(
          l10n.t(
            'Certificate {0} of {1} ({2}): {3}',
            position + 1,
            members.length,
            partText(part),
            certificateName(certificate),
          ),
          certificateDetails(certificate, now),
        ),
      );
    }
  }
}

function withSha512(entry: KeystoreEntry, now: number): readonly Detail[] {
  const sha512 = entry.fingerprintSha512;
  return [
    ...certificateDetails(entry, now),
    ...(sha512 === undefined || sha512 === '' ? [] : [{ label: 'SHA-512', value: visibleText(sha512) }]),
  ];
}

function kindText(entry: KeystoreEntry): string {
  switch (entryKind(entry)) {
    case 'keyPair':
      return l10n.t('Key pair');
    case 'sshKey':
      return l10n.t('SSH key');
    case 'certificate':
      return l10n.t('Certificate');
    case 'other':
      return visibleText(entry.type);
  }
}

function section(title: string, facts: readonly Detail[]): readonly string[] {
  const width = Math.max(0, ...facts.map(({ label }) => label.length));
  return [title, ...facts.map(({ label, value }) => `  ${label.padEnd(width)}  ${value}`)];
}

/** Breaks a sentence of ours into lines that fit an editor. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > 100) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
