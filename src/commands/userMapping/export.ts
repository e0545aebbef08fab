import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { mappingsAsJson, mappingsAsPem, type ExportForm } from '../../inbound/userMappingExport.js';
import type { ActionContext, Environment } from '../environment.js';
import { asFileName } from '../fileName.js';
import { readMappings } from './chooseMapping.js';
import { mappingTable } from './mappingTable.js';
import { chooseNeoTenant } from './neoTenant.js';
import type { UserMappingPorts } from './ports.js';

const endings: Readonly<Record<ExportForm, string>> = { json: '.json', pem: '.pem', markdown: '.md' };

/** "Export Certificate-to-User Mappings…": users and public certificates of a tenant to a file. */
export async function exportUserMappings(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Export Certificate-to-User Mappings');
  const { prompts, now } = environment;
  const connection = await chooseNeoTenant(environment, argument, title);
  const all = await readMappings(connection, ports, context);
  if (all.length === 0) {
    throw new KeystoreError('refused', 'no mapping to export', {
      details: { explanation: l10n.t('"{0}" has no certificate-to-user mappings.', connection.name) },
    });
  }
  const form = await prompts.pick<ExportForm>({
    title,
    placeholder: l10n.t('Form of the file; nothing in it is secret'),
    items: [
      { label: 'JSON', detail: l10n.t('Everything, in the names of the API'), value: 'json' },
      {
        label: l10n.t('Certificates, PEM'),
        detail: l10n.t('Each with its user in a line before it'),
        value: 'pem',
      },
      { label: l10n.t('Table, Markdown'), detail: l10n.t('For a ticket or a colleague'), value: 'markdown' },
    ],
  });
  if (form.kind === 'back') {
    throw new Cancelled();
  }
  const ending = endings[form.value];
  const uri = await prompts.saveFile({
    title,
    fileName: asFileName(l10n.t('{0} mappings', connection.name), ending),
    filters: { [ending.slice(1).toUpperCase()]: [ending.slice(1)] },
  });
  const text = (): string => {
    switch (form.value) {
      case 'json':
        return mappingsAsJson(all, { tenant: connection.name, at: new Date(now()) });
      case 'pem':
        return mappingsAsPem(all);
      case 'markdown':
        return mappingTable(all);
    }
  };
  await ports.files.write(uri, new TextEncoder().encode(text()));
  const left = form.value === 'pem' ? all.filter(({ certificate }) => certificate === undefined).length : 0;
  prompts.note(
    left === 0
      ? l10n.t('{0} mappings were saved.', all.length)
      : l10n.t('{0} mappings were saved; {1} have no certificate that can be read.', all.length - left, left),
  );
}
