import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { Description } from '../pki/description.js';
import { visibleText } from '../pki/visibleText.js';
import { copiedField, pageDetails } from './inspectorDetails.js';
import { KeySearchState } from './inspectorKeySearch.js';
import { busy, noticeOf, reading, stopped } from './inspectorNotices.js';
import { inspectorContent, inspectorTexts, type InspectorContent } from './inspectorSnapshot.js';
import type { InspectorSource, Reading } from './inspectorSource.js';
import {
  parseInspectorIntent,
  type InspectorAction,
  type InspectorSnapshot,
  type InspectorToPage,
  type PageNotice,
} from './protocolInspector.js';

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
  private notice: PageNotice | undefined = reading();
  private content: InspectorContent | undefined;
  private sent: InspectorSnapshot | undefined;
  private work = new AbortController();
  private isUnlocking = false;
  /** Something changed while the password was asked for. */
  private isOutdated = false;
  private toldPercent = -1;
  private readonly keySearch: KeySearchState;
  private readonly described = new Map<string, Description>();

  constructor(private readonly ports: SessionPorts) {
    const { source, post } = ports;
    this.heading = { heading: visibleText(source.name), origin: '' };
    this.keySearch = new KeySearchState(source, {
      changed: () => this.send(),
      report: (text) => post({ kind: 'progress', text }),
    });
  }

  /** Reads, also anew; what has not changed stays as it stands, an opened file open. Never rejects. */
  async reload(options: { readonly force?: boolean } = {}): Promise<void> {
    if (this.isUnlocking) {
      this.isOutdated = true;
      return;
    }
    const { signal } = this.begin();
    if (this.shown === undefined || options.force === true) {
      this.notice = reading();
      this.send();
    }
    try {
      const read = await this.ports.source.read({
        signal,
        onProgress: (fraction) => this.tellProgress(fraction, signal),
      });
      Cancelled.throwIfAborted(signal);
      if (options.force === true || read.version !== this.shown?.version) {
        await this.show(read, signal);
      }
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Judges what is shown by other lists or another time, without reading it again. Never rejects. */
  async judgeAnew(): Promise<void> {
    if (this.shown !== undefined && !this.isUnlocking) {
      await this.show(this.shown, new AbortController().signal).catch(this.ports.failed);
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
    this.keySearch.cancel();
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
        await this.keySearch.show(intent.id);
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
        await this.keySearch.run('keystores', this.content?.keys ?? new Set());
        return;
      case 'searchFiles':
        await this.keySearch.run('files', this.content?.keys ?? new Set());
        return;
      default:
        await this.ports.source.act(action);
    }
  }

  private async unlock(): Promise<void> {
    if (this.isUnlocking) {
      return;
    }
    const before = this.notice;
    const { signal } = this.begin();
    this.isUnlocking = true;
    try {
      const opened = await this.ports.source.unlock(async (password) => {
        if (password === undefined) {
          throw passwordNeeded();
        }
        this.notice = busy(l10n.t('Opening…'));
        this.send();
        try {
          const read = await this.ports.source.read({
            password,
            signal,
            onProgress: (fraction) => this.tellProgress(fraction, signal),
          });
          // Another private key of the file may have a passphrase of its own; that one stays locked.
          if (read.inspected.locked === 'pkcs12') {
            throw passwordNeeded();
          }
          return read;
        } finally {
          this.notice = before;
          this.send();
        }
      });
      Cancelled.throwIfAborted(signal);
      await this.show(opened, signal);
    } catch (error) {
      this.notice = error instanceof Cancelled ? before : this.ports.source.failure(error);
      this.send();
    } finally {
      this.isUnlocking = false;
    }
    if (this.isOutdated) {
      this.isOutdated = false;
      await this.reload();
    }
  }

  private cancel(): void {
    if (!this.keySearch.cancel()) {
      this.work.abort();
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
    this.keySearch.forget();
    this.notice = noticeOf(inspected);
    this.send();
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (this.work.signal !== signal) {
      // A later reading took its place.
      return;
    }
    if (error instanceof Cancelled) {
      this.notice = this.shown === undefined ? stopped() : noticeOf(this.shown.inspected);
    } else {
      this.notice = this.ports.source.failure(error);
      this.content = undefined;
      this.shown = undefined;
      this.described.clear();
      this.revision++;
    }
    this.send();
  }

  private describe(part: string): Description | undefined {
    const known = this.described.get(part) ?? this.content?.describe(part);
    if (known !== undefined) {
      this.described.set(part, known);
    }
    return known;
  }

  private tellProgress(fraction: number, signal: AbortSignal): void {
    const percent = Math.floor(fraction * 100);
    if (!signal.aborted && percent !== this.toldPercent) {
      this.toldPercent = percent;
      this.ports.post({
        kind: 'progress',
        text: l10n.t('The key is derived from the password: {0} %', percent),
      });
    }
  }

  private snapshot(): InspectorSnapshot {
    const { content, notice } = this;
    const page = content?.page ?? { verdicts: [], chain: undefined, notes: [], sections: [] };
    return {
      revision: this.revision,
      ...this.heading,
      notice,
      ...page,
      matches: content === undefined ? undefined : this.keySearch.page(content.keys),
      actions: content === undefined ? [] : this.ports.source.actions(content),
      texts: inspectorTexts(),
    };
  }
}

function passwordNeeded(): KeystoreError {
  return new KeystoreError('password-needed', 'It is protected by a password');
}
