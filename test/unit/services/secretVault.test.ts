import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { KeystoreError } from '../../../src/errors.js';
import { Connections } from '../../../src/services/connections.js';
import { SecretVault } from '../../../src/services/secretVault.js';
import { MemorySecrets } from '../../support/connections.js';
import { memento } from '../../support/memento.js';

const key = 'ciKeystore.tenant.t1';

/** One window of several: global state arrives when the test says so, and so do events of secrets. */
class Window {
  readonly secrets = new MemorySecrets();
  readonly state: vscode.Memento = memento();
  readonly heard: string[] = [];
  readonly vault = new SecretVault(this.state, this.secrets);

  constructor() {
    this.vault.onDidChange((changed) => this.heard.push(changed));
  }

  /** Global state takes on what the other window has written. */
  async receiveState(other: Window): Promise<void> {
    await this.state.update('secretsVersion', other.state.get('secretsVersion'));
  }

  /** The host tells of the other window's secret. */
  receiveSecret(other: Window): void {
    this.secrets.stored.set(key, other.secrets.stored.get(key) ?? '');
    this.secrets.tellOther(key);
  }
}

describe('SecretVault in two windows', () => {
  let writer: Window;
  let reader: Window;
  beforeEach(() => {
    writer = new Window();
    reader = new Window();
  });

  const stores = async (window: Window): Promise<void> => await window.vault.store(key, { kind: 'basic' });

  it('agrees where the host tells of a secret before its version arrives', async () => {
    await stores(writer);
    reader.receiveSecret(writer);
    await reader.receiveState(writer);
    assert.equal(reader.vault.isStale, false);
    assert.deepEqual(reader.heard, [key]);
    await stores(reader);
  });

  it('agrees where the version arrives first, and is stale in between', async () => {
    await stores(writer);
    await reader.receiveState(writer);
    assert.equal(reader.vault.isStale, true);
    reader.receiveSecret(writer);
    assert.equal(reader.vault.isStale, false);
    await stores(reader);
  });

  it('agrees after several secrets whose events all come before any version', async () => {
    await stores(writer);
    await stores(writer);
    reader.receiveSecret(writer);
    reader.receiveSecret(writer);
    await reader.receiveState(writer);
    assert.equal(reader.vault.isStale, false);
  });

  it('stores nothing where the host tells of no secret, however many versions arrive', async () => {
    await stores(writer);
    await reader.receiveState(writer);
    await assert.rejects(stores(reader), (error) => KeystoreError.is(error, 'stale'));
    await assert.rejects(reader.vault.forget(key), (error) => KeystoreError.is(error, 'stale'));
    assert.equal(reader.secrets.stored.size, 0);
  });

  it('is stale where one of two changes was told only', async () => {
    await stores(writer);
    await stores(writer);
    reader.receiveSecret(writer);
    await reader.receiveState(writer);
    assert.equal(reader.vault.isStale, true);
  });

  it('does not take its own changes for those of another window', async () => {
    await stores(writer);
    assert.deepEqual(writer.heard, []);
    await reader.receiveState(writer);
    reader.receiveSecret(writer);
    await stores(reader);
    await stores(reader);
    await writer.receiveState(reader);
    assert.equal(writer.vault.isStale, true);
  });

  it('asks for a reload, not for a secret, where the other window may have stored it; nothing is changed before', async () => {
    const [one, other] = [writer, reader].map(
      ({ state, vault }) => new Connections(state, vault, () => 't1'),
    ) as [Connections, Connections];
    const address = { url: 'https://acme.example', authentication: { kind: 'basic', user: 'S1' } } as const;
    const added = await one.add(
      { name: 'ACME', stage: undefined, practice: false, address },
      { kind: 'basic', password: 'x' },
    );
    await reader.state.update('connections', writer.state.get('connections'));
    await reader.receiveState(writer);
    const stale = (error: unknown): boolean => KeystoreError.is(error, 'stale');
    await assert.rejects(other.secret('t1'), stale);
    await assert.rejects(other.update({ ...added, name: 'Other' }), stale);
    reader.receiveSecret(writer);
    assert.equal((await other.secret('t1'))?.kind, 'basic');
    await other.update({ ...added, name: 'Other' });
    assert.equal(other.get('t1')?.name, 'Other');
  });
});
