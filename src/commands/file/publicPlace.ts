import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import type { Prompts } from '../../ui/prompts.js';
import { visibleText } from '../../ui/visibleText.js';
import { asFileName, baseName } from '../fileName.js';
import type { FileParts } from './parts.js';

/** What a form without the private key loses of a file that has one. */
export function keyLosses({ openKeys, unreadableKey }: FileParts): readonly string[] {
  return openKeys === undefined && unreadableKey === undefined ? [] : [l10n.t('the private key is left out')];
}

/** What a form of certificates loses of a file that has a signing request beside them. */
export function requestLosses({ form, request }: FileParts): readonly string[] {
  return form === 'signingRequest' || request === undefined
    ? []
    : [l10n.t('the signing request is left out')];
}

/** What of a file could not be read and so is in no form of it. */
export function unreadLosses({ unread }: FileParts): readonly string[] {
  return unread.length === 0
    ? []
    : [
        l10n.t(
          'what could not be read of it: {0}',
          unread.map(({ entry, error }) => visibleText(entry ?? error.message)).join(', '),
        ),
      ];
}

/** What a form loses, in a sentence. */
export function lossText(losses: readonly string[]): string {
  return losses.length === 0 ? l10n.t('Nothing is lost.') : l10n.t('What is lost: {0}.', losses.join('; '));
}

/** Asks where a file goes that holds no private key; one that holds the key is not replaced by it without a question. */
export async function askPublicPlace(
  prompts: Prompts,
  options: {
    readonly parts: FileParts;
    readonly title: string;
    readonly fileName: string;
    readonly filters: Record<string, string[]>;
  },
): Promise<Uri> {
  const { parts, title, fileName, filters } = options;
  for (;;) {
    const uri = await prompts.saveFile({
      title,
      fileName,
      filters,
      ...(parts.uri === undefined ? {} : { startAt: parts.uri }),
    });
    const isSource = uri.toString() === parts.uri?.toString();
    if (!isSource || keyLosses(parts).length === 0 || (await mayLoseKey(prompts, uri))) {
      return uri;
    }
  }
}

async function mayLoseKey(prompts: Prompts, uri: Uri): Promise<boolean> {
  return await prompts.confirm({
    message: l10n.t('Replace "{0}" and lose its private key?', baseName(uri)),
    detail: l10n.t(
      '"{0}" holds a private key, which will not be in the new file. If it is nowhere else, it is lost.',
      baseName(uri),
    ),
    action: l10n.t('Replace'),
  });
}

/** The file's name with another extension; with the suffix too where that would be the file itself. */
export function newName({ name }: FileParts, extension: string, suffix = ''): string {
  const stem = name.replace(/\.[A-Za-z0-9]{1,8}$/, '');
  const isSame = `${stem}${extension}`.toLowerCase() === name.toLowerCase();
  return asFileName(isSame ? `${stem}${suffix}` : stem, extension);
}
