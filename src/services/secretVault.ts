import type * as vscode from 'vscode';
import { KeystoreError } from '../errors.js';
import { Listeners } from './listeners.js';

const versionKey = 'secretsVersion';

/**
 * SecretStorage, shared by all that keep secrets in this window.
 *
 * In a browser-served host another window's secrets never arrive here and the next `store` would erase them, while global
 * state does agree. So each change of a secret raises a version in global state; a window that has neither written that
 * version nor heard of it by an event is stale, and stores nothing until it is reloaded.
 */
export class SecretVault implements vscode.Disposable {
  private readonly changes = new Listeners<string>();
  /** Fires with the name of a secret that another window changed. */
  readonly onDidChange = this.changes.listen;
  private readonly ownWrites = new Set<string>();
  private readonly subscription: { dispose(): void };
  private knownVersion: number;
  /** Changes of other windows that were told before their versions arrived; the two come by ways of their own. */
  private toldAhead = 0;

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'onDidChange'>,
  ) {
    this.knownVersion = this.storedVersion();
    this.subscription = secrets.onDidChange(({ key }) => {
      if (key.startsWith('ciKeystore.') && !this.ownWrites.has(key)) {
        this.noteForeignChange();
        this.changes.fire(key);
      }
    });
  }

  /** True where another window has changed secrets that this one cannot see. */
  get isStale(): boolean {
    const arrived = Math.min(this.toldAhead, Math.max(0, this.storedVersion() - this.knownVersion));
    this.toldAhead -= arrived;
    this.knownVersion += arrived;
    return this.storedVersion() !== this.knownVersion;
  }

  /** Throws `stale` where another window has changed secrets that this one cannot see. */
  throwIfStale(): void {
    if (this.isStale) {
      throw new KeystoreError('stale', 'another window changed the stored secrets');
    }
  }

  /** The JSON of a secret; undefined where it is lost or not JSON. */
  async read(key: string): Promise<unknown> {
    const stored = await this.secrets.get(key);
    try {
      return stored === undefined ? undefined : JSON.parse(stored);
    } catch {
      return undefined;
    }
  }

  /** Stores a secret as JSON with a version; throws `stale`, in which case nothing is stored. */
  async store(key: string, secret: object): Promise<void> {
    await this.change(key, () => this.secrets.store(key, JSON.stringify({ version: 1, ...secret })));
  }

  /** Forgets a secret; throws `stale`, in which case nothing is forgotten. */
  async forget(key: string): Promise<void> {
    await this.change(key, () => this.secrets.delete(key));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  private async change(key: string, change: () => Thenable<void>): Promise<void> {
    this.throwIfStale();
    this.ownWrites.add(key);
    try {
      await change();
      this.knownVersion = this.storedVersion() + 1;
      await this.globalState.update(versionKey, this.knownVersion);
    } finally {
      this.ownWrites.delete(key);
    }
  }

  private noteForeignChange(): void {
    if (this.isStale) {
      this.knownVersion = this.storedVersion();
    } else {
      this.toldAhead++;
    }
  }

  private storedVersion(): number {
    return this.globalState.get<number>(versionKey, 0);
  }
}
