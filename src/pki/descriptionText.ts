import * as l10n from '@vscode/l10n';
import type { Description, DescriptionField } from './description.js';
import { visibleText } from './visibleText.js';

/** Pairs of hex digits a line, so that two long values differ in single lines. */
const octetsPerLine = 32;

const hexOctets = /^[0-9A-F]{2}(?::[0-9A-F]{2})+$/;

/**
 * A description as text: a fact a line, in the order of the description, indented below its heading; long hex is broken into lines.
 * Two descriptions differ in their texts wherever they differ in a value. No line hides anything or steers the text around it.
 */
export function describeAsText(
  { title, groups, notes }: Description,
  /** The extensions in the order of their numbers, so that those of two certificates stand side by side. */
  { sortedExtensions = false }: { readonly sortedExtensions?: boolean } = {},
): string {
  const sections = [
    [visibleText(title)],
    ...(notes.length === 0 ? [] : [[l10n.t('Notes'), ...notes.map((note) => `  ${visibleText(note)}`)]]),
    ...groups.map(({ id, title: heading, fields }) => [
      visibleText(heading),
      ...(sortedExtensions && id === 'extensions' ? byNumber(fields) : fields).flatMap((field) =>
        lines(field, 1),
      ),
    ]),
  ];
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
}

function byNumber(fields: readonly DescriptionField[]): readonly DescriptionField[] {
  return [...fields].sort(({ oid: a = '' }, { oid: b = '' }) => (a < b ? -1 : a > b ? 1 : 0));
}

function lines(field: DescriptionField, depth: number): readonly string[] {
  const { label, value, oid, critical, encoding, problem, children = [] } = field;
  const remarks = [
    ...(oid === undefined || oid === value || oid === label ? [] : [oid]),
    ...(critical === true ? [l10n.t('critical')] : []),
    ...(encoding === undefined ? [] : [encoding]),
  ];
  const heading = `${label}${remarks.length === 0 ? '' : ` (${remarks.join(', ')})`}`;
  const parts = hexOctets.test(value) ? hexLines(value) : [value];
  const [only = ''] = parts;
  return [
    ...(parts.length > 1
      ? [indented(depth, `${heading}:`), ...parts.map((part) => indented(depth + 1, part))]
      : [indented(depth, only === '' ? heading : `${heading}: ${only}`)]),
    ...(problem === undefined ? [] : [indented(depth + 1, problem)]),
    ...children.flatMap((child) => lines(child, depth + 1)),
  ];
}

function hexLines(value: string): readonly string[] {
  const octets = value.split(':');
  return Array.from({ length: Math.ceil(octets.length / octetsPerLine) }, (_, line) =>
    octets.slice(line * octetsPerLine, (line + 1) * octetsPerLine).join(':'),
  );
}

function indented(depth: number, text: string): string {
  return `${'  '.repeat(depth)}${visibleText(text)}`;
}
