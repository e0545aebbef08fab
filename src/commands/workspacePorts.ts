import * as vscode from 'vscode';
import { KeystoreError } from '../errors.js';
import { maxFolderFiles, type FolderFiles } from '../services/folderFiles.js';
import type { CertificateFile } from '../services/issuers.js';
import type { KeyFile } from './whichKeyFits.js';
import { baseName } from './fileName.js';
import type { Files } from './files.js';

/** Files of any file system that VS Code knows. */
export const files: Files = {
  read: async (uri) => {
    try {
      return await vscode.workspace.fs.readFile(uri);
    } catch (cause) {
      throw fileError(vscode.l10n.t('"{0}" cannot be read.', uri.path), cause);
    }
  },
  write: async (uri, bytes) => {
    try {
      await vscode.workspace.fs.writeFile(uri, bytes);
    } catch (cause) {
      throw fileError(vscode.l10n.t('"{0}" cannot be written.', uri.path), cause);
    }
  },
};

function fileError(reason: string, cause: unknown): KeystoreError {
  return new KeystoreError('file-system', 'a file could not be read or written', {
    cause,
    details: { explanation: reason },
  });
}

/** The text of the active editor, or undefined where there is none. */
export function activeText(): { text: string; fileName: string } | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document === undefined
    ? undefined
    : { text: document.getText(), fileName: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1) };
}

/** Opens text in an editor of its own, unsaved. */
export async function openText(content: string, language = 'plaintext'): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

/** What the Explorer and the editor's title hand to a command. */
export function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri;
}

const certificateEndings = ['cer', 'crt', 'pem', 'der', 'p7b', 'p7c', 'p7s', 'spc', 'pkipath'];

/** Files of the open folder that by their names hold certificates. */
export async function certificateFiles(): Promise<FolderFiles<CertificateFile>> {
  return await filesEndingIn(certificateEndings);
}

/** Files of the open folder that by their names hold certificates, requests or keys. */
export async function keyFiles(): Promise<FolderFiles<KeyFile>> {
  return await filesEndingIn([
    ...certificateEndings,
    ...['csr', 'p10', 'req', 'key', 'p8', 'p12', 'pfx', 'pub', 'zip'],
  ]);
}

async function filesEndingIn(endings: readonly string[]): Promise<FolderFiles<KeyFile>> {
  // A pattern tells cases apart, and people's files end in .CER too.
  const eitherCase = endings.map((ending) =>
    ending.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`),
  );
  const pattern = `**/*.{${eitherCase.join(',')}}`;
  // One more, which tells whether there are more.
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', maxFolderFiles + 1);
  const listed = await Promise.all(
    found.slice(0, maxFolderFiles).map(async (uri) => ({
      uri,
      name: baseName(uri),
      size: await Promise.resolve(vscode.workspace.fs.stat(uri)).then(
        ({ size }) => size,
        () => 0,
      ),
      read: () => files.read(uri),
    })),
  );
  return { files: listed, isCut: found.length > maxFolderFiles };
}
