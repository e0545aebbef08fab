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
  const files = addressesOf(text ?? '')
    .slice(0, maxFiles)
    .map((address) => vscode.Uri.parse(address));
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
  if (certificates.length > 0) {
    await vscode.commands.executeCommand(Command.certificateAdd, { ...row, files: certificates });
  }
  for (const file of of('keyPair')) {
    await vscode.commands.executeCommand(Command.keyPairAdd, { ...row, files: [file] });
  }
}
