import * as vscode from 'vscode';
import { Command } from '../contributions.js';
import { addressesOf, dropPurpose } from './nodes/droppedFiles.js';

/** More files at once are a mistake rather than a wish: each has its own questions. */
const maxFiles = 20;

/**
 * Files dropped on the tree: on a tenant or anything below it they are meant for that tenant. Nothing is read here; the commands
 * ask before anything is changed.
 */
export async function dropOnTree(tenantId: string | undefined, data: vscode.DataTransfer): Promise<void> {
  const text = await data.get('text/uri-list')?.asString();
  const addresses = addressesOf(text ?? '');
  const files = addresses.slice(0, maxFiles).map((address) => vscode.Uri.parse(address));
  if (addresses.length > maxFiles) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} files were dropped. The first {1} are taken, which is the most at once; {2} were left out.',
        addresses.length,
        maxFiles,
        addresses.length - maxFiles,
      ),
    );
  }
  if (files.length > 0) {
    // The questions of the commands may stay open for long; the drop is over now.
    void run(files, tenantId);
  }
}

async function run(files: readonly vscode.Uri[], tenantId: string | undefined): Promise<void> {
  const of = (purpose: ReturnType<typeof dropPurpose>): readonly vscode.Uri[] =>
    files.filter(({ path }) => dropPurpose(path) === purpose);
  const row = tenantId === undefined ? {} : { tenantId };
  const certificates = of('certificate');
  const keyPairs = of('keyPair');
  // One command for all, so that cancelling ends all and one message names what was not added.
  await (keyPairs.length === 0
    ? vscode.commands.executeCommand(Command.certificateAdd, { ...row, files: certificates })
    : vscode.commands.executeCommand(Command.keyPairAdd, { ...row, files: keyPairs, certificates }));
}
