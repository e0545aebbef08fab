import * as l10n from '@vscode/l10n';

/** So many files of the open folder are looked at; a folder with more is hardly about keys. */
export const maxFolderFiles = 500;

/** Files of the open folder, at most `maxFolderFiles`. */
export interface FolderFiles<File> {
  readonly files: readonly File[];
  /** The folder has more of them. */
  readonly isCut: boolean;
}

/** What has to be said of a search in these files; nothing where all were looked at. */
export function folderLimit({ isCut }: FolderFiles<unknown>): readonly string[] {
  return isCut
    ? [l10n.t('Only the first {0} such files of the open folder were looked at.', maxFolderFiles)]
    : [];
}
