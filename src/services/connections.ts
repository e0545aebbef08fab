import * as vscode from 'vscode';
import { KeystoreError } from '../errors.js';
import { parseTenantSecret, type TenantSecret } from '../tenant/tenantAddress.js';
import { parseConnections, type Connection } from './connection.js';

const listKey = 'connections';
const versionKey = 'secretsVersion';
const secretPrefix = 'ciKeystore.tenant.';

/**
 * The tenants that the person has added: public facts in global state, one SecretStorage item each.
 *
 * In a browser-served host another window's secrets never arrive here and the next `store` would erase them, while global
 * state does agree. So each change of a secret raises a version in global state; a window that has neither written that
 * version nor heard of it by an event is stale, and stores nothing until it is reloaded.
 */
export class Connections implements vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<string | undefined>();
  /** Fires with the id of what changed, or undefined for the list. */
  readonly onDidChange = this.didChangeEmitter.event;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly ownWrites = new Set<string>();
  private knownVersion: number;
  private lastSeen: string;

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly secrets: vscode.SecretStorage,
    private readonly newId: () => string,
  ) {
    this.knownVersion = this.storedVersion();
    this.lastSeen = JSON.stringify(this.list());
    this.subscriptions.push(
      secrets.onDidChange((event) => {
        if (event.key.startsWith(secretPrefix) && !this.ownWrites.has(event.key)) {
          this.knownVersion = this.storedVersion();
          this.didChangeEmitter.fire(event.key.slice(secretPrefix.length));
        }
      }),
    );
  }

  list(): readonly Connection[] {
    return parseConnections(this.globalState.get(listKey));
  }

  get(id: string): Connection | undefined {
    return this.list().find((connection) => connection.id === id);
  }

  /** True where another window has changed secrets that this one cannot see. */
  get isStale(): boolean {
    return this.storedVersion() !== this.knownVersion;
  }

  /** Tells of changes that another window made to the list; called when this window gets the focus. */
  noticeOtherWindows(): void {
    if (JSON.stringify(this.list()) !== this.lastSeen) {
      this.announce(undefined);
    }
  }

  /** The secret of a tenant, or undefined where it is lost: the state "signed out". */
  async secret(id: string): Promise<TenantSecret | undefined> {
    const stored = await this.secrets.get(secretPrefix + id);
    if (stored === undefined) {
      return undefined;
    }
    try {
      return parseTenantSecret(JSON.parse(stored));
    } catch {
      return undefined;
    }
  }

  /** Adds a tenant; throws `stale`, in which case nothing is stored. */
  async add(connection: Omit<Connection, 'id'>, secret: TenantSecret): Promise<Connection> {
    const added = { ...connection, id: this.newId() };
    await this.storeSecret(added.id, secret);
    await this.saveList([...this.list(), added], added.id);
    return added;
  }

  /** Replaces the public facts of a tenant, and its secret where one is given. */
  async update(connection: Connection, secret?: TenantSecret): Promise<void> {
    if (secret !== undefined) {
      await this.storeSecret(connection.id, secret);
    }
    await this.saveList(
      this.list().map((other) => (other.id === connection.id ? connection : other)),
      connection.id,
    );
  }

  /** Forgets a tenant and its secret. */
  async remove(id: string): Promise<void> {
    this.throwIfStale();
    await this.changeSecret(id, () => this.secrets.delete(secretPrefix + id));
    await this.saveList(
      this.list().filter((connection) => connection.id !== id),
      undefined,
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.didChangeEmitter.dispose();
  }

  private async storeSecret(id: string, secret: TenantSecret): Promise<void> {
    this.throwIfStale();
    await this.changeSecret(id, () =>
      this.secrets.store(secretPrefix + id, JSON.stringify({ version: 1, ...secret })),
    );
  }

  private async changeSecret(id: string, change: () => Thenable<void>): Promise<void> {
    const key = secretPrefix + id;
    this.ownWrites.add(key);
    try {
      await change();
      this.knownVersion = this.storedVersion() + 1;
      await this.globalState.update(versionKey, this.knownVersion);
    } finally {
      this.ownWrites.delete(key);
    }
  }

  private throwIfStale(): void {
    if (this.isStale) {
      throw new KeystoreError('stale', 'another window changed the stored secrets');
    }
  }

  private async saveList(list: readonly Connection[], changed: string | undefined): Promise<void> {
    await this.globalState.update(listKey, list);
    this.announce(changed);
  }

  private announce(changed: string | undefined): void {
    this.lastSeen = JSON.stringify(this.list());
    this.didChangeEmitter.fire(changed);
  }

  private storedVersion(): number {
    return this.globalState.get<number>(versionKey, 0);
  }
}
