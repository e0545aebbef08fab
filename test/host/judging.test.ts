import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fileHandlers } from '../../src/commands/handlers/files.js';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { keystoreHandlers } from '../../src/commands/handlers/keystore.js';
import { Command } from '../../src/contributions.js';
import { KeystoreError } from '../../src/errors.js';
import type { Certificate } from '../../src/pki/certificate.js';
import { encodePem } from '../../src/pki/pem.js';
import { readSigningRequest } from '../../src/pki/signingRequest.js';
import { PracticeAuthority } from '../../src/practice/authority.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import type { Connections } from '../../src/services/connections.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { PublicKeys } from '../../src/services/publicKeys.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import type { KeystoreEntry } from '../../src/tenant/keystoreEntry.js';
import { connectionsOf } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { issue } from '../unit/pki/testAuthority.js';
import { practiceNames } from '../support/practiceNames.js';
import { extensionUnderTest } from './extension.js';

const signal = new AbortController().signal;
const yes: ScriptedAnswer = { wish: 'yes' };

describe('judging and repair on the practice tenant', function () {
  this.timeout(60_000);
  let directory: string;
  let practice: Practice;
  let connections: Connections;
  let keystores: Keystores;
  let authority: PracticeAuthority;
  let tenantId: string;
  const revealed: string[] = [];

  before(async () => {
    directory = fs.mkdtempSync(join(tmpdir(), 'judging-'));
    connections = connectionsOf(noSecrets());
    practice = new Practice(join(directory, 'practice'), connections, practiceNames);
    tenantId = (await practice.connect()).id;
    authority = await PracticeAuthority.open(new PracticeFiles(join(directory, 'practice')), Date.now);
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

  function noSecrets(): vscode.SecretStorage {
    const kept = new Map<string, string>();
    return {
      keys: () => Promise.resolve([...kept.keys()]),
      get: (key: string) => Promise.resolve(kept.get(key)),
      store: (key: string, value: string) => {
        kept.set(key, value);
        return Promise.resolve();
      },
      delete: (key: string) => Promise.resolve(void kept.delete(key)),
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    } as vscode.SecretStorage;
  }

  function entry(alias: string): KeystoreEntry {
    const found = keystores.entries(tenantId)?.find((candidate) => candidate.alias === alias);
    assert.ok(found, alias);
    return found;
  }

  async function run(id: string, answers: ScriptedAnswer[], argument: unknown): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    const { extensionPath } = extensionUnderTest();
    const tools = {
      environment: {
        prompts,
        connections,
        keystores,
        now: Date.now,
        trust: (connection: ReturnType<Connections['get']>) =>
          trustListsFor(connection, { extensionPath, listFiles: [] }),
        navigator: {
          revealEntry: (_: string, hexalias: string) => {
            revealed.push(hexalias);
            return Promise.resolve();
          },
        },
      },
      publicKeys: () => Promise.resolve(new PublicKeys(connections, keystores)),
      state: memento(),
      extensionPath,
    } as unknown as HandlerTools;
    const handlers: Readonly<Record<string, CommandHandler>> = {
      ...keystoreHandlers(tools),
      ...fileHandlers(tools),
    };
    await handlers[id]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      undefined,
    );
    prompts.done();
    return prompts;
  }

  async function signed(alias: string): Promise<Uint8Array> {
    const { client } = await keystores.access(tenantId);
    const request = readSigningRequest(await client.readSigningRequest(entry(alias).hexalias, signal));
    return authority.issue({
      subject: request.subject,
      spki: request.spki,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 200 * 86_400_000),
    });
  }

  function put(name: string, ...certificates: readonly (Uint8Array | Certificate)[]): vscode.Uri {
    const path = join(directory, name);
    fs.writeFileSync(
      path,
      certificates.map((one) => encodePem('CERTIFICATE', 'der' in one ? one.der : one)).join(''),
    );
    return vscode.Uri.file(path);
  }

  it('imports a reversed response with a stranger in it, judged by the practice list', async () => {
    const { certificate: stranger } = issue({ subject: 'CN=Stranger', isCa: true });
    const file = put(
      'reversed.pem',
      authority.root.certificate,
      stranger,
      authority.intermediate.certificate,
      await signed('orders-sender'),
    );
    const before = entry('orders-sender').fingerprintSha256;
    const answers: ScriptedAnswer[] = ['orders-sender', yes];
    const prompts = await run(Command.signingResponseImport, answers, file);
    const [question = ''] = prompts.messages;
    assert.match(question, /Put into order[\s\S]*does not belong to the chain: Stranger/);
    assert.match(question, /load balancer accept it\? Yes, with a warning: Option 3/);
    assert.match(question, /OK: The root "[^"]*Practice Root CA[^"]*" .*practice tenant's own list/);
    await keystores.refresh(tenantId);
    assert.notEqual(entry('orders-sender').fingerprintSha256, before);
    assert.equal(revealed.at(-1), entry('orders-sender').hexalias);
  });

  it('finds the entry of a response for another key, and the entry of a certificate, by public key', async () => {
    const file = put('orders.pem', await signed('orders-sender'));
    const other = keystores
      .entries(tenantId)
      ?.find(
        ({ type, owner, alias }) =>
          type === 'Key Pair' && owner === 'Tenant Administrator' && !/^(?:orders-sender|id_)/.test(alias),
      );
    assert.ok(other);
    await assert.rejects(
      run(Command.signingResponseImport, [other.alias, yes], file),
      (error) =>
        KeystoreError.is(error, 'mismatch') &&
        String(error.details['explanation']).includes('"orders-sender"'),
    );
    assert.equal(revealed.at(-1), entry('orders-sender').hexalias);
    revealed.length = 0;
    const prompts = await run(Command.keyFind, ['orders-sender'], file);
    assert.match(prompts.asked[0] ?? '', /entries have the key of "orders\.pem"/);
    assert.deepEqual(revealed, [entry('orders-sender').hexalias]);
  });
});
