import type * as vscode from 'vscode';

/** Reads a file of any file system that VS Code knows; throws `file-system`. */
export type ReadFile = (uri: vscode.Uri) => Promise<Uint8Array>;

/** Writes a file whole; throws `file-system`. */
export type WriteFile = (uri: vscode.Uri, bytes: Uint8Array) => Promise<void>;

/** The two directions together. */
export interface Files {
  readonly read: ReadFile;
  readonly write: WriteFile;
}
