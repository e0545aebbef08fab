import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { changeHandlers } from '../../src/commands/handlers/changes.js';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { Command } from '../../src/contributions.js';
import { encodePem } from '../../src/pki/pem.js';
import { localKeyDerivation } from '../../src/pki/keyDerivation.js';
import { writePkcs12 } from '../../src/pki/pkcs12Writer.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import { dropOnTree } from '../../src/views/entriesDrop.js';
import { connectionsOf } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { issueChain } from '../unit/pki/testAuthority.js';
import { practiceNames } from '../support/practiceNames.js';
import { extensionUnderTest } from './extension.js';

const yes: ScriptedAnswer = { wish: 'yes' };
const { root, intermediate, leaf } = issueChain('Changes');

describe('changes of a keystore in a real host', function () {
  this.timeout(60_000);
  let directory: string;
  let practice: Practice;
  let keystores: Keystores;
  let tenantId: string;
  let connections: ReturnType<typeof connectionsOf>;

  before(async () => {
    directory = fs.mkdtempSync(join(tmpdir(), 'host-changes-'));
    connections = connectionsOf(secretsInMemory());
    practice = new Practice(join(directory, 'practice'), connections, practiceNames);
    tenantId = (await practice.connect()).id;
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    keystores = new Keystores(
      connections,
      async () => openTenantAccess(await practice.connect(), { connections, log, timeoutMs: () => 10_000 }),
      { now: Date.now, onFailure: () => undefined },
    );
    await keystores.refresh(tenantId);
  });
  after(async () => {
    await (await practice.tenant()).dispose();
    keystores.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  const put = (name: string, content: Uint8Array | string): vscode.Uri => {
    fs.writeFileSync(join(directory, name), content);
    return vscode.Uri.file(join(directory, name));
  };
  const aliases = (): readonly string[] => (keystores.entries(tenantId) ?? []).map(({ alias }) => alias);
  const row = (alias: string): unknown => ({
    kind: 'entry',
    tenantId,
    hexalias: Buffer.from(alias).toString('hex').toUpperCase(),
  });

  async function run(
    id: string,
    answers: ScriptedAnswer[],
    argument?: unknown,
    selection?: unknown,
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    const { extensionPath } = extensionUnderTest();
    const tools = {
      environment: {
        prompts,
        connections,
        keystores,
        now: Date.now,
        navigator: { revealEntry: () => Promise.resolve() },
        trust: (connection: undefined) => trustListsFor(connection, { extensionPath, listFiles: [] }),
      },
      state: memento(),
      extensionPath,
    } as unknown as HandlerTools;
    const handlers: Readonly<Record<string, CommandHandler>> = changeHandlers(tools);
    const signal = new AbortController().signal;
    await handlers[id]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      selection,
    );
    prompts.done();
    return prompts;
  }

  it('adds, renames and deletes a certificate', async () => {
    const uri = put('host.cer', encodePem('CERTIFICATE', leaf.certificate.der));
    await run(Command.certificateAdd, ['host-certificate', yes, yes], uri);
    assert.ok(aliases().includes('host-certificate'));
    await run(Command.entryRename, ['host-renamed'], row('host-certificate'));
    assert.ok(aliases().includes('host-renamed') && !aliases().includes('host-certificate'));
    await run(Command.entryDelete, [yes], row('host-renamed'));
    assert.ok(!aliases().includes('host-renamed'));
  });

  it('adds a key pair of a PKCS#12 file with the derivation of the host', async () => {
    const container = await writePkcs12(
      {
        privateKey: leaf.key.privateKey.export({ format: 'der', type: 'pkcs8' }),
        certificates: [leaf, intermediate, root].map(({ certificate }) => certificate.der),
      },
      { password: 'Host-password-1', profile: 'modern', rounds: 2048, derivation: localKeyDerivation },
    );
    const answers = [/^Yes, integration flows/, 'Host-password-1', 'host-pair', yes, yes];
    await run(Command.keyPairAdd, answers, put('host.p12', container));
    assert.ok(aliases().includes('host-pair'));
    await run(Command.entryDelete, [yes], [row('host-pair')]);
  });

  it('hands dropped files to the commands, each with the tenant it was dropped on', async () => {
    const calls: unknown[][] = [];
    const executed = vscode.commands.executeCommand;
    // What VS Code would run next is another test's subject.
    Reflect.set(vscode.commands, 'executeCommand', (...all: unknown[]) =>
      Promise.resolve(void calls.push(all)),
    );
    try {
      const data = new vscode.DataTransfer();
      const files = ['a.cer', 'b.p12', 'c.pem'].map((name) => vscode.Uri.file(join(directory, name)));
      data.set('text/uri-list', new vscode.DataTransferItem(files.map(String).join('\r\n')));
      await dropOnTree(tenantId, data);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      Reflect.set(vscode.commands, 'executeCommand', executed);
    }
    const [first, second] = calls as [string, { tenantId: string; files: vscode.Uri[] }][];
    assert.equal(first?.[0], Command.certificateAdd);
    assert.deepEqual(
      first[1].files.map(({ path }) => path.slice(-5)),
      ['a.cer', 'c.pem'].map((name) => name.slice(-5)),
    );
    assert.equal(first[1].tenantId, tenantId);
    assert.equal(second?.[0], Command.keyPairAdd);
  });
});

function secretsInMemory(): vscode.SecretStorage {
  const kept = new Map<string, string>();
  return {
    keys: () => Promise.resolve([...kept.keys()]),
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
    delete: (key: string) => Promise.resolve(void kept.delete(key)),
    onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
  } as vscode.SecretStorage;
}
