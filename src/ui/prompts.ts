import type * as vscode from 'vscode';

/** What a step of a flow gives: a value, or the wish to go back. Escape is `Cancelled`, thrown. */
export type Answer<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'back' };

/** Where a question stands in its flow. */
export interface Position {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
}

export interface PickItem<T> {
  readonly label: string;
  /** Name of a codicon; a label's own `$(name)` is text. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
  /** A separator with this label stands before the item. */
  readonly separatorBefore?: string;
  readonly picked?: boolean;
  readonly value: T;
}

export interface PickOptions<T> extends Position {
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[] | Promise<readonly PickItem<T>[]>;
}

export interface InputOptions extends Position {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  /** What is wrong with the value, or undefined; asked while typing and again on accept. */
  readonly validate?: (value: string) => string | undefined;
  /** Something to know about a value that is right, shown while typing. */
  readonly hint?: (value: string) => string | undefined;
}

export interface ConfirmOptions {
  readonly message: string;
  /** The consequence. */
  readonly detail: string;
  /** The verb button. */
  readonly action: string;
}

/** All questions that commands ask; a scripted double stands in for it in tests. */
export interface Prompts {
  pick<T>(options: PickOptions<T>): Promise<Answer<T>>;
  input(options: InputOptions): Promise<Answer<string>>;
  /** True for the verb button; anything else is false. */
  confirm(options: ConfirmOptions): Promise<boolean>;
  openFile(options: {
    readonly title: string;
    readonly filters: Record<string, string[]>;
  }): Promise<vscode.Uri>;
  saveFile(options: {
    readonly title: string;
    readonly fileName: string;
    readonly filters: Record<string, string[]>;
    /** Where the dialog begins: the folder of the workspace, the person's own folder, or the folder of a file. */
    readonly startAt?: 'workspace' | 'home' | vscode.Uri;
  }): Promise<vscode.Uri>;
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
  /** A message with at most two buttons; gives the chosen one. */
  inform(message: string, ...buttons: readonly string[]): Promise<string | undefined>;
  warn(message: string, ...buttons: readonly string[]): Promise<string | undefined>;
  error(message: string, ...buttons: readonly string[]): Promise<string | undefined>;
  /** A short note in the status bar, for what the tree shows anyway. */
  note(message: string): void;
}
