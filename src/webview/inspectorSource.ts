import type { Inspected } from './inspected.js';
import type { InspectorContent } from './inspectorSnapshot.js';
import type { Judging } from './inspectorVerdicts.js';
import type { InspectorAction, PageAction, PageNotice } from './protocolInspector.js';

/** How something is read. */
export interface ReadingOptions {
  readonly password?: string | undefined;
  readonly signal: AbortSignal;
  /** Between 0 and 1, while a key is derived from a password. */
  readonly onProgress?: (fraction: number) => void;
}

/** What was read, and a text that is the same for the same content. */
export interface Reading {
  readonly inspected: Inspected;
  readonly version: string;
}

/** Something with the same public key, and the way to it. */
export interface Match {
  readonly title: string;
  readonly detail: string;
  readonly show: () => Promise<void>;
}

/** What a search gave, with what it could not look at. */
export interface Matches {
  readonly found: readonly Match[];
  readonly notes: readonly string[];
}

/** A file or an entry that a page is about. */
export interface InspectorSource {
  /** Shown while nothing is read. */
  readonly name: string;
  readonly read: (options: ReadingOptions) => Promise<Reading>;
  /** Asks for the password and reads, until it is right; throws `Cancelled` where the person escapes. */
  readonly unlock: (read: (password: string | undefined) => Promise<Reading>) => Promise<Reading>;
  readonly judging: () => Promise<Judging>;
  readonly failure: (error: unknown) => PageNotice;
  readonly actions: (content: InspectorContent) => readonly PageAction[];
  readonly act: (action: InspectorAction) => Promise<void>;
  /** Looks for what has one of these keys. */
  readonly search: (
    where: 'keystores' | 'files',
    keys: ReadonlySet<string>,
    options: { readonly signal: AbortSignal; readonly report: (text: string) => void },
  ) => Promise<Matches>;
  readonly canSearchFiles: () => boolean;
}
