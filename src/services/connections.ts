import type * as vscode from 'vscode';
import { parseTenantSecret, type TenantSecret } from '../tenant/tenantAddress.js';
import { parseConnections, type Connection } from './connection.js';
import { Listeners } from './listeners.js';
import type { SecretVault } from './secretVault.js';

const listKey = 'connections';
const secretPrefix = 'ciKeystore.tenant.';

/** The tenants that the person has added: public facts in global state, one secret each in the vault. */
export class Connections implements vscode.Disposable {
  private readonly changes = new Listeners<string | undefined>();
  /** Fires with the id of what changed, or undefined for the list. */
  readonly onDidChange = this.changes.listen;
  private readonly subscription: { dispose(): void };
  private lastSeen: string;

  constructor(
    private readonly globalState: vscode.Memento,
    private readonly vault: SecretVault,
    private readonly newId: () => string,
  ) {
    this.lastSeen = JSON.stringify(this.list());
    this.subscription = vault.onDidChange((key) => {
      if (key.startsWith(secretPrefix)) {
        this.changes.fire(key.slice(secretPrefix.length));
      }
    });
  }

  list(): readonly Connection[] {
    return parseConnections(this.globalState.get(listKey));
  }

  get(id: string): Connection | undefined {
    return this.list().find((connection) => connection.id === id);
  }

  /** Tells of changes that another window made to the list; called when this window gets the focus. */
  noticeOtherWindows(): void {
    if (JSON.stringify(this.list()) !== this.lastSeen) {
      this.announce(undefined);
    }
  }

  /**
   * The secret of a tenant, or undefined where it is lost: the state "signed out". Throws `stale` where another window may have stored
   * one that this window cannot see.
   */
  async secret(id: string): Promise<TenantSecret | undefined> {
    const secret = parseTenantSecret(await this.vault.read(secretPrefix + id));
    if (secret === undefined) {
      this.vault.throwIfStale();
    }
    return secret;
  }

  /** Adds a tenant; throws `stale`, in which case nothing is stored. */
  async add(connection: Omit<Connection, 'id'>, secret: TenantSecret): Promise<Connection> {
    const added = { ...connection, id: this.newId() };
    await this.vault.store(secretPrefix + added.id, secret);
    await this.saveList([...this.list(), added], added.id);
    return added;
  }

  /** Replaces the public facts of a tenant, and its secret where one is given; throws `stale`, in which case nothing is stored. */
  async update(connection: Connection, secret?: TenantSecret): Promise<void> {
    if (secret === undefined) {
      this.vault.throwIfStale();
    } else {
      await this.vault.store(secretPrefix + connection.id, secret);
    }
    await this.saveList(
      this.list().map((other) => (other.id === connection.id ? connection : other)),
      connection.id,
    );
  }

  /** Forgets a tenant and its secret. */
  async remove(id: string): Promise<void> {
    await this.vault.forget(secretPrefix + id);
    await this.saveList(
      this.list().filter((connection) => connection.id !== id),
      undefined,
    );
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  private async saveList(list: readonly Connection[], changed: string | undefined): Promise<void> {
    await this.globalState.update(listKey, list);
    this.announce(changed);
  }

  private announce(changed: string | undefined): void {
    this.lastSeen = JSON.stringify(this.list());
    this.changes.fire(changed);
  }
}
