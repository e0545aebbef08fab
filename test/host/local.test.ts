import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { fileHandlers } from '../../src/commands/handlers/files.js';
import { localKeyPairHandlers } from '../../src/commands/handlers/localKeyPairs.js';
import { Command } from '../../src/contributions.js';
import { readCertificates } from '../../src/pki/container.js';
import { displayName } from '../../src/pki/distinguishedName.js';
import * as make from '../../src/pki/extensionMakers.js';
import { encodePem } from '../../src/pki/pem.js';
import { readSigningRequest } from '../../src/pki/signingRequest.js';
import { trustListsFor } from '../../src/services/trust.js';
import { memento } from '../support/memento.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { issue, issueChain, newKey } from '../unit/pki/testAuthority.js';
import { extensionUnderTest } from './extension.js';

const passphrase = 'correct horse battery';
const { root, intermediate } = issueChain('Host');

describe('local key pairs and files in a real host', () => {
  const state = memento();
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'host-local-'));
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const uri = (name: string): { uri: vscode.Uri } => ({ uri: vscode.Uri.file(at(name)) });
  const put = (name: string, content: Uint8Array | string): vscode.Uri => {
    fs.writeFileSync(at(name), content);
    return vscode.Uri.file(at(name));
  };

  /** Runs a command's handler with everything of VS Code real but the questions. */
  async function run(
    id: string,
    answers: ScriptedAnswer[],
    argument?: unknown,
    clipboard = '',
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    prompts.clipboard = clipboard;
    const tools = {
      environment: {
        prompts,
        connections: { list: () => [] },
        keystores: {},
        now: Date.now,
        trust: (connection: undefined) =>
          trustListsFor(connection, { extensionPath: extensionUnderTest().extensionPath, listFiles: [] }),
      },
      state,
      extensionPath: extensionUnderTest().extensionPath,
    } as unknown as HandlerTools;
    const handlers: Readonly<Record<string, CommandHandler>> = {
      ...localKeyPairHandlers(tools),
      ...fileHandlers(tools),
    };
    const signal = new AbortController().signal;
    await handlers[id]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      undefined,
    );
    prompts.done();
    return prompts;
  }

  const create = async (form: RegExp, destination: RegExp, keyFile: string): Promise<ScriptedPrompts> =>
    await run(Command.localKeyPairCreate, [
      ...[
        'EC P-256',
        'host client',
        '',
        '',
        '',
        '',
        'DE',
        '',
        '',
        'Client authentication',
        form,
        destination,
      ],
      ...[passphrase, passphrase, uri(keyFile)],
    ]);

  function answer(pem: string): Uint8Array {
    const request = readSigningRequest(Buffer.from(pem));
    return issue(
      {
        subject: displayName(request.subject),
        key: { ...newKey(), spki: request.spki },
        extensions: [make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])],
      },
      intermediate,
    ).certificate.der;
  }

  it('creates a pair, shows its request in an editor, completes and forgets', async () => {
    await create(/PKCS#12/, /editor/, 'k.p12');
    const shown = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(shown, /BEGIN CERTIFICATE REQUEST/);
    assert.equal(fs.statSync(at('k.p12')).mode & 0o777, 0o600);

    const copied = await run(Command.localKeyPairPending, [/host client/, /Copy/]);
    assert.equal(copied.clipboard, shown);

    const response = put(
      'answer.pem',
      [answer(shown), intermediate.certificate.der, root.certificate.der]
        .map((der) => encodePem('CERTIFICATE', der))
        .join(''),
    );
    await run(
      Command.localKeyPairComplete,
      [passphrase, { wish: 'yes' }, 'PKCS#12, modern', { wish: 'keep' }, /same/, uri('done.p12')],
      response,
    );
    const opened = execFileSync(
      'openssl',
      ['pkcs12', '-in', at('done.p12'), '-passin', `pass:${passphrase}`, '-nodes'],
      { encoding: 'utf8', stdio: 'pipe' },
    );
    assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);

    await create(/key file/, /clipboard/, 'k2.pem');
    await run(Command.localKeyPairForget, [/host client/, { wish: 'yes' }]);
    await assert.rejects(run(Command.localKeyPairForget, []), /no request is pending/);
  }).timeout(60_000);

  it('copies, converts and completes files', async () => {
    await create(/key file/, /clipboard/, 'k3.pem');
    const { clipboard } = await run(Command.localKeyPairPending, [/host client/, /Copy/]);
    const leaf = put('leaf.cer', answer(clipboard));

    const copied = await run(Command.fileCopyAsPem, [], leaf);
    assert.equal(readCertificates(Buffer.from(copied.clipboard)).certificates.length, 1);

    await run(Command.fileConvert, ['PKCS#7, PEM', uri('leaf.p7b')], leaf);
    assert.equal(readCertificates(new Uint8Array(fs.readFileSync(at('leaf.p7b')))).form, 'pkcs7-pem');

    // The host's own folder holds no issuer, and no tenant is connected.
    await assert.rejects(run(Command.fileCompleteChain, [], leaf), /issuer was not found/);
  }).timeout(60_000);

  it('compares two files and copies one by the commands themselves', async () => {
    const left = put('left.cer', root.certificate.der);
    const right = put('right.cer', intermediate.certificate.der);
    await vscode.commands.executeCommand(Command.fileCompare, left, [left, right]);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.equal(tab?.label, 'left.cer ↔ right.cer');
    assert.ok(tab.input instanceof vscode.TabInputTextDiff);
    const texts = await Promise.all(
      [tab.input.original, tab.input.modified].map(async (side) =>
        (await vscode.workspace.openTextDocument(side)).getText(),
      ),
    );
    assert.match(texts[0] ?? '', /CN=Host Root/);
    assert.match(texts[1] ?? '', /CN=Host Issuing CA/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(tab.input.original.scheme), undefined);

    await vscode.commands.executeCommand(Command.fileCopyAsPem, left);
    assert.equal(await vscode.env.clipboard.readText(), encodePem('CERTIFICATE', root.certificate.der));
  });
});
