import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled } from '../errors.js';
import type { PickItem, Prompts } from '../ui/prompts.js';
import { baseName } from './fileName.js';
import type { Files } from './files.js';
import { plainLabel } from './targets.js';

/** Bytes that a command is to read, and where they came from. */
export interface Source {
  readonly bytes: Uint8Array;
  /** `undefined` for the clipboard. */
  readonly fileName: string | undefined;
  /** Of a file. */
  readonly uri?: Uri;
}

/** Where sources are read from. */
export interface SourcePorts {
  readonly files: Pick<Files, 'read'>;
  /** The text of the active editor, or undefined where there is none. */
  readonly activeText: () => { readonly text: string; readonly fileName: string } | undefined;
}

/** Asks for a file, the clipboard or the open editor; going back is `Cancelled`. */
export async function askSource(
  prompts: Prompts,
  ports: SourcePorts,
  options: {
    readonly title: string;
    readonly placeholder: string;
    readonly filters: Record<string, string[]>;
  },
): Promise<Source> {
  const { title, placeholder, filters } = options;
  const editor = ports.activeText();
  const items: readonly PickItem<'file' | 'clipboard' | 'editor'>[] = [
    { label: l10n.t('From a file…'), value: 'file' },
    { label: l10n.t('From the clipboard'), value: 'clipboard' },
    ...(editor === undefined
      ? []
      : [
          {
            label: l10n.t('From the open editor'),
            description: plainLabel(editor.fileName),
            value: 'editor' as const,
          },
        ]),
  ];
  const answer = await prompts.pick({ title, placeholder, items });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  switch (answer.value) {
    case 'file':
      return await readFileSource(
        ports,
        await prompts.openFile({ title, filters: { ...filters, [l10n.t('All files')]: ['*'] } }),
      );
    case 'clipboard':
      return { bytes: new TextEncoder().encode(await prompts.readClipboard()), fileName: undefined };
    case 'editor':
      return { bytes: new TextEncoder().encode(editor?.text ?? ''), fileName: editor?.fileName };
  }
}

/** A file as a source. */
export async function readFileSource(ports: Pick<SourcePorts, 'files'>, uri: Uri): Promise<Source> {
  return { bytes: await ports.files.read(uri), fileName: baseName(uri), uri };
}

/** What a dialog offers for a signing response. */
export function signingResponseFilters(): Record<string, string[]> {
  return {
    [l10n.t('Signing response')]: ['p7b', 'p7c', 'p7s', 'spc', 'pkipath', 'cer', 'crt', 'pem', 'der', 'zip'],
  };
}
