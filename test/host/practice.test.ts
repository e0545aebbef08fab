import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/services/connections.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { connectionsOf } from '../support/connections.js';
import { practiceNames } from '../support/practiceNames.js';

function secretStorage(): vscode.SecretStorage {
  const kept = new Map<string, string>();
  return {
    keys: () => Promise.resolve([...kept.keys()]),
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => {
      kept.set(key, value);
      return Promise.resolve();
    },
    delete: (key: string) => {
      kept.delete(key);
      return Promise.resolve();
    },
    onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
  } as vscode.SecretStorage;
}

describe('the practice tenant in two windows', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'practice-'));
  });
  after(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('is no change of the connection where it is connected again', async () => {
    const connections = connectionsOf(secretStorage());
    const practice = new Practice(directory, connections, practiceNames);
    await practice.connect();
    const changes: unknown[] = [];
    connections.onDidChange((id) => changes.push(id));
    await practice.connect();
    assert.deepEqual(changes, []);
    await (await practice.tenant()).dispose();
  });

  it('is taken over by the window that joined it once the one that served is closed', async () => {
    const window = (): { practice: Practice; connections: Connections } => {
      const connections = connectionsOf(secretStorage());
      return { connections, practice: new Practice(directory, connections, practiceNames) };
    };
    const first = window();
    const second = window();
    await first.practice.connect();
    const { id } = await second.practice.connect();
    assert.equal((await second.practice.tenant()).isJoined, true);
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    const keystores = new Keystores(
      second.connections,
      async () =>
        openTenantAccess(await second.practice.connect(), {
          connections: second.connections,
          log,
          timeoutMs: () => 10_000,
        }),
      { now: Date.now, onFailure: () => undefined },
    );
    await keystores.refresh(id);
    const before = keystores.entries(id)?.map(({ alias }) => alias);
    assert.ok((before?.length ?? 0) > 0);

    await (await first.practice.tenant()).dispose();
    await keystores.refresh(id);
    assert.equal(keystores.tenants()[0]?.status.kind, 'loaded');
    assert.deepEqual(
      keystores.entries(id)?.map(({ alias }) => alias),
      before,
    );
    assert.equal((await second.practice.tenant()).isJoined, false);
    await (await second.practice.tenant()).dispose();
    keystores.dispose();
  });
});
