import * as l10n from '@vscode/l10n';
import { markdownSentence, markdownText } from '../ui/markdownText.js';
import type { MappingSnapshot, SnapshotRow } from './protocol.js';

/** A set-up as Markdown, for a ticket or a colleague; nothing of it is secret, since the page has nothing that is. */
export function mappingReport(snapshot: MappingSnapshot, now: Date): string {
  const { heading, tenant, summary, stages, next, sections, ways, texts } = snapshot;
  const chosen = ways.find((way) => way.chosen);
  return [
    `# ${markdownSentence(heading)}`,
    '',
    l10n.t('Tenant: {0}', markdownSentence(tenant)),
    '',
    markdownSentence(summary),
    '',
    l10n.t('As of {0}.', `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`),
    '',
    `## ${markdownSentence(texts.stagesHeading)}`,
    '',
    `| ${l10n.t('Stage')} | ${l10n.t('State')} | ${l10n.t('Reason')} |`,
    '| --- | --- | --- |',
    ...stages.map(
      ({ title, stateText, reason }) =>
        `| ${markdownSentence(title)} | ${markdownSentence(stateText)} | ${markdownSentence(reason)} |`,
    ),
    '',
    `## ${markdownSentence(texts.nextHeading)}`,
    '',
    markdownSentence(next.text),
    '',
    ...sections.flatMap(({ heading: title, text, lines, rows }) => [
      `## ${markdownSentence(title)}`,
      '',
      markdownSentence(text),
      '',
      ...lines.map((line) => `- ${markdownSentence(line)}`),
      ...(lines.length === 0 ? [] : ['']),
      ...table(rows),
    ]),
    ...(chosen === undefined
      ? []
      : [
          `## ${markdownSentence(chosen.title)}`,
          '',
          markdownSentence(chosen.consequence),
          '',
          ...chosen.warnings.map((warning) => `- ${markdownSentence(warning)}`),
          ...(chosen.warnings.length === 0 ? [] : ['']),
          ...table(chosen.settings),
        ]),
  ].join('\n');
}

function table(rows: readonly SnapshotRow[]): readonly string[] {
  return rows.length === 0
    ? []
    : [
        `| ${l10n.t('Field')} | ${l10n.t('Value')} |`,
        '| --- | --- |',
        ...rows.map(({ name, shown }) => `| ${markdownSentence(name)} | ${markdownText(shown)} |`),
        '',
      ];
}
