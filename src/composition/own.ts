import type * as vscode from 'vscode';

/** Keeps what ends with the extension, and hands it back. */
export type Own = <T extends vscode.Disposable>(disposable: T) => T;
