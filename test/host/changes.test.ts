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

/** What a drop hands to a command. */
interface DroppedArgument {
  readonly tenantId: string;
  readonly files: readonly vscode.Uri[];
  readonly certificates?: readonly vscode.Uri[];
}

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

  /** What is executed, and said, where these files are dropped. */
  async function drop(
    ...names: readonly string[]
  ): Promise<{ readonly calls: [string, DroppedArgument][]; readonly said: readonly string[] }> {
    const calls: [string, DroppedArgument][] = [];
    const said: string[] = [];
    const { showWarningMessage } = vscode.window;
    const executed = vscode.commands.executeCommand;
    // What VS Code would run next is another test's subject.
    Reflect.set(vscode.commands, 'executeCommand', (id: string, argument: DroppedArgument) =>
      Promise.resolve(void calls.push([id, argument])),
    );
    Reflect.set(vscode.window, 'showWarningMessage', (message: string) =>
      Promise.resolve(void said.push(message)),
    );
    try {
      const data = new vscode.DataTransfer();
      const files = names.map((name) => vscode.Uri.file(join(directory, name)));
      data.set('text/uri-list', new vscode.DataTransferItem(files.map(String).join('\r\n')));
      await dropOnTree(tenantId, data);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      Reflect.set(vscode.commands, 'executeCommand', executed);
      Reflect.set(vscode.window, 'showWarningMessage', showWarningMessage);
    }
    return { calls, said };
  }
  const namesOf = (files: readonly vscode.Uri[] | undefined): readonly string[] =>
    (files ?? []).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));

  it('hands dropped files to one command, with the tenant they were dropped on', async () => {
    const { calls, said } = await drop('a.cer', 'b.p12', 'c.pem', 'd.PFX');
    assert.equal(calls.length, 1);
    const [[id, argument] = []] = calls;
    assert.equal(id, Command.keyPairAdd);
    assert.equal(argument?.tenantId, tenantId);
    assert.deepEqual(namesOf(argument.files), ['b.p12', 'd.PFX']);
    assert.deepEqual(namesOf(argument.certificates), ['a.cer', 'c.pem']);
    assert.deepEqual(said, []);

    const alone = await drop('a.cer', 'c.pem');
    assert.deepEqual(
      alone.calls.map(([command, { files }]) => [command, namesOf(files)]),
      [[Command.certificateAdd, ['a.cer', 'c.pem']]],
    );
  });

  it('says how many of too many dropped files were left out', async () => {
    const { calls, said } = await drop(...Array.from({ length: 23 }, (_, index) => `${index}.cer`));
    assert.equal(calls[0]?.[1].files.length, 20);
    assert.match(said.join(), /^23 files were dropped\. The first 20 are taken.*; 3 were left out\.$/);
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
