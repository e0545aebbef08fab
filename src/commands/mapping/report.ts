import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { ActionContext, Environment } from '../environment.js';
import { asFileName } from '../fileName.js';
import type { MappingPorts } from './ports.js';
import { chooseSetUp } from './setUpCommands.js';

/** "Save as Markdown…": the page of a set-up as a report without secrets, for a ticket or the security colleague. */
export async function saveReport(
  { prompts, connections }: Pick<Environment, 'prompts' | 'connections'>,
  argument: unknown,
  ports: MappingPorts,
  { withProgress }: ActionContext,
): Promise<void> {
  const title = l10n.t('Save Mapping Set-Up as Markdown');
  const setUp = await chooseSetUp({ prompts, connections }, argument, ports, title);
  const report = await withProgress(l10n.t('Reading "{0}"', setUp.name), () => ports.pages.report(setUp.id));
  if (report === undefined) {
    throw new Cancelled();
  }
  const uri = await prompts.saveFile({
    title,
    fileName: asFileName(setUp.name, '.md'),
    filters: { Markdown: ['md'] },
    startAt: 'workspace',
  });
  await ports.files.write(uri, new TextEncoder().encode(report));
  prompts.note(l10n.t('The report on "{0}" is saved.', setUp.name));
}
