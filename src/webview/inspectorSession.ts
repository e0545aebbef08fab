import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { Description } from '../pki/description.js';
import type { Inspected } from './inspected.js';
import { copiedField, pageDetails } from './inspectorDetails.js';
import { openAsText, unlock } from './inspectorFailure.js';
import { inspectorContent, inspectorTexts, type InspectorContent } from './inspectorSnapshot.js';
import type { Judging } from './inspectorVerdicts.js';
import {
  parseInspectorIntent,
  type InspectorAction,
  type InspectorSnapshot,
  type InspectorToPage,
  type PageAction,
  type PageMatches,
  type PageNotice,
} from './protocolInspector.js';

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

/** What a session needs of its panel. */
export interface SessionPorts {
  readonly source: InspectorSource;
  readonly post: (message: InspectorToPage) => void;
  readonly copy: (text: string) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly now: () => number;
}

/** One open page: reads, answers what the page asks, and never keeps a password or a private key. */
export class InspectorSession {
  private revision = 0;
  private shown: Reading | undefined;
  private heading: Pick<InspectorSnapshot, 'heading' | 'origin'>;
  private notice: PageNotice | undefined = busy(l10n.t('Reading…'));
  private content: InspectorContent | undefined;
  private matches: Matches | undefined;
  private sent: InspectorSnapshot | undefined;
  private work = new AbortController();
  private searching: AbortController | undefined;
  private readonly described = new Map<string, Description>();

  constructor(private readonly ports: SessionPorts) {
    this.heading = { heading: ports.source.name, origin: '' };
  }

  /** Reads, also anew; what has not changed stays as it stands, an opened file open. Never rejects. */
  async reload(options: { readonly force?: boolean } = {}): Promise<void> {
    const { signal } = this.begin();
    try {
      const reading = await this.ports.source.read({ signal });
      Cancelled.throwIfAborted(signal);
      if (options.force === true || reading.version !== this.shown?.version) {
        await this.show(reading, signal);
      }
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Judges what is shown by other lists or another time, without reading it again. Never rejects. */
  async judgeAnew(): Promise<void> {
    const { signal } = this.work;
    if (this.shown !== undefined && !signal.aborted) {
      await this.show(this.shown, signal).catch((error: unknown) => this.fail(error, signal));
    }
  }

  /** Takes a message of the page; what is none of ours is passed over. Never rejects. */
  async receive(message: unknown): Promise<void> {
    try {
      await this.perform(message);
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        this.ports.failed(error);
      }
      this.send();
    }
  }

  /** Sends the page as it stands, as to a page that was hidden. */
  send(): void {
    this.sent = this.snapshot();
    this.ports.post({ kind: 'snapshot', snapshot: this.sent });
  }

  dispose(): void {
    this.work.abort();
    this.searching?.abort();
  }

  private async perform(message: unknown): Promise<void> {
    const intent = parseInspectorIntent(message, this.sent);
    switch (intent?.kind) {
      case 'ready':
        this.send();
        return;
      case 'details': {
        const description = this.describe(intent.part);
        if (description !== undefined) {
          this.ports.post({
            kind: 'details',
            revision: this.revision,
            details: pageDetails(intent.part, description),
          });
        }
        return;
      }
      case 'copy': {
        const description = this.describe(intent.part);
        const text = description === undefined ? undefined : copiedField(description, intent.field);
        if (text !== undefined) {
          await this.ports.copy(text);
          this.ports.post({ kind: 'copied', part: intent.part, field: intent.field });
        }
        return;
      }
      case 'showMatch':
        await this.matches?.found[Number(intent.id.slice(1))]?.show();
        return;
      case 'act':
        await this.act(intent.action);
        return;
      case undefined:
    }
  }

  private async act(action: InspectorAction): Promise<void> {
    switch (action) {
      case 'unlock':
        await this.unlock();
        return;
      case 'cancel':
        this.cancel();
        return;
      case 'retry':
        await this.reload({ force: true });
        return;
      case 'searchKeystores':
        await this.search('keystores');
        return;
      case 'searchFiles':
        await this.search('files');
        return;
      default:
        await this.ports.source.act(action);
    }
  }

  private async unlock(): Promise<void> {
    const before = this.notice;
    const { signal } = this.begin();
    try {
      const reading = await this.ports.source.unlock(async (password) => {
        if (password === undefined) {
          throw new KeystoreError('password-needed', 'The file is protected by a password');
        }
        this.notice = { ...busy(l10n.t('Opening…')), actions: [cancelAction()] };
        this.send();
        const opened = await this.ports.source
          .read({ password, signal, onProgress: (fraction) => this.tellProgress(fraction) })
          .finally(() => {
            this.notice = before;
          });
        if (opened.inspected.locked !== undefined) {
          throw new KeystoreError('password-needed', 'The file is protected by a password');
        }
        return opened;
      });
      Cancelled.throwIfAborted(signal);
      await this.show(reading, signal);
    } catch (error) {
      this.notice = before;
      this.fail(error, signal);
    }
  }

  private cancel(): void {
    if (this.searching !== undefined) {
      this.searching.abort();
      return;
    }
    this.work.abort();
  }

  private async search(where: 'keystores' | 'files'): Promise<void> {
    const keys = this.content?.keys ?? new Set<string>();
    const controller = new AbortController();
    this.searching?.abort();
    this.searching = controller;
    this.matches = undefined;
    this.send();
    try {
      const matches = await this.ports.source.search(where, keys, {
        signal: controller.signal,
        report: (text) => this.ports.post({ kind: 'progress', text }),
      });
      if (!controller.signal.aborted) {
        this.matches = matches;
      }
    } finally {
      if (this.searching === controller) {
        this.searching = undefined;
        this.send();
      }
    }
  }

  private begin(): AbortController {
    this.work.abort();
    this.work = new AbortController();
    return this.work;
  }

  private async show(reading: Reading, signal: AbortSignal): Promise<void> {
    const { inspected } = reading;
    const { source, now } = this.ports;
    const judging = await source.judging();
    Cancelled.throwIfAborted(signal);
    const content = inspectorContent(inspected, { judging, now: now() });
    this.described.clear();
    this.revision++;
    this.shown = reading;
    this.heading = { heading: inspected.heading, origin: inspected.origin };
    this.content = content;
    this.matches = undefined;
    this.notice = noticeOf(inspected);
    this.send();
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (error instanceof Cancelled || signal.aborted) {
      // A later reading took its place, or the person ended this one.
      if (this.work.signal === signal) {
        this.send();
      }
      return;
    }
    this.notice = this.ports.source.failure(error);
    this.content = undefined;
    this.shown = undefined;
    this.described.clear();
    this.revision++;
    this.send();
  }

  private describe(part: string): Description | undefined {
    const known = this.described.get(part) ?? this.content?.describe(part);
    if (known !== undefined) {
      this.described.set(part, known);
    }
    return known;
  }

  private tellProgress(fraction: number): void {
    this.ports.post({
      kind: 'progress',
      text: l10n.t('The key is derived from the password: {0} %', Math.round(fraction * 100)),
    });
  }

  private snapshot(): InspectorSnapshot {
    const { content, notice } = this;
    const page = content?.page ?? { verdicts: [], chain: undefined, notes: [], sections: [] };
    return {
      revision: this.revision,
      ...this.heading,
      notice,
      ...page,
      matches: content === undefined ? undefined : this.pageMatches(content),
      actions: content === undefined ? [] : this.ports.source.actions(content),
      texts: inspectorTexts(),
    };
  }

  private pageMatches({ keys }: InspectorContent): PageMatches | undefined {
    if (keys.size === 0) {
      return undefined;
    }
    const heading = l10n.t('What has the same key');
    if (this.searching !== undefined) {
      return { heading, notes: [l10n.t('Searching…')], found: [], actions: [cancelAction()] };
    }
    return {
      heading,
      notes: this.matches?.notes ?? [
        l10n.t('The tenants’ entries are compared by their public keys when you ask for it.'),
      ],
      found: (this.matches?.found ?? []).map(({ title, detail }, index) => ({
        id: `m${index}`,
        title,
        detail,
      })),
      actions: [
        { action: 'searchKeystores', label: l10n.t('Search the Keystores') },
        ...(this.ports.source.canSearchFiles()
          ? [{ action: 'searchFiles' as const, label: l10n.t('Search the Open Folder') }]
          : []),
      ],
    };
  }
}

function busy(title: string): PageNotice {
  return { tone: 'busy', title, text: '', actions: [] };
}

function cancelAction(): PageAction {
  return { action: 'cancel', label: l10n.t('Cancel') };
}

function noticeOf({ locked, nothing }: Inspected): PageNotice | undefined {
  if (locked !== undefined) {
    return {
      tone: 'locked',
      title: locked === 'pkcs12' ? l10n.t('This file is locked') : l10n.t('The private key is locked'),
      text:
        locked === 'pkcs12'
          ? l10n.t(
              'Its certificates and keys lie under a password. The password is asked for outside this page and is not kept; closing or reloading locks the file again.',
            )
          : l10n.t(
              'It lies under a password. Everything else is shown. The password is asked for outside this page and is not kept.',
            ),
      actions: [unlock()],
    };
  }
  return nothing === undefined
    ? undefined
    : {
        tone: 'empty',
        title: l10n.t('Nothing to show was found'),
        text:
          nothing.length === 0
            ? l10n.t('The file holds no certificate, signing request or key in a form that is known here.')
            : l10n.t(
                'The file holds no certificate, signing request or key in a form that is known here, but: {0}.',
                nothing.join(', '),
              ),
        actions: [openAsText()],
      };
}
