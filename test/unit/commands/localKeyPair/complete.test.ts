import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../../src/commands/environment.js';
import { completeLocalKeyPair } from '../../../../src/commands/localKeyPair/complete.js';
import { createLocalKeyPair } from '../../../../src/commands/localKeyPair/create.js';
import { showPendingRequests } from '../../../../src/commands/localKeyPair/pending.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import * as make from '../../../../src/pki/extensionMakers.js';
import { encodePem } from '../../../../src/pki/pem.js';
import { writeCertificatesOnly } from '../../../../src/pki/pkcs7.js';
import { readSigningRequest } from '../../../../src/pki/signingRequest.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { builtInTrust } from '../../../support/trust.js';
import { issue, issueChain, newKey } from '../../pki/testAuthority.js';

const passphrase = 'correct horse battery';
const yes: ScriptedAnswer = { wish: 'yes' };
const no: ScriptedAnswer = { wish: 'no' };
const { root, intermediate } = issueChain('Complete');
const connections = { list: () => [] } as unknown as Environment['connections'];
const stranger = issue({ subject: 'CN=Stranger' });

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', [...args], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

describe('Complete with Signing Response', () => {
  let world: LocalWorld;
  beforeEach(() => {
    world = localWorld();
  });
  afterEach(() => world.dispose());
  const at = (name: string): string => join(world.folder, name);

  /** Makes a pending request whose key is in this file. */
  async function request(form: RegExp, keyFile: string): Promise<void> {
    const subject = ['orders', '', '', '', '', '', ''];
    const prompts = new ScriptedPrompts([
      ...['EC P-256', ...subject, '', 'Client authentication', form, /editor/, passphrase, passphrase],
      { uri: fileUri(at(keyFile)) },
    ]);
    await createLocalKeyPair({ prompts, now: () => Date.UTC(2026, 0, 1) }, world.ports, world.context);
    prompts.done();
  }

  /** What a CA makes of the newest pending request. */
  function signed(options: { readonly notAfter?: string } = {}): Uint8Array {
    const { spki } = readSigningRequest(Buffer.from(world.ports.pending.list()[0]?.request ?? '', 'base64'));
    return issue(
      {
        ...options,
        subject: 'CN=orders,O=Example,C=DE',
        key: { ...newKey(), spki },
        extensions: [make.extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])],
      },
      intermediate,
    ).certificate.der;
  }

  const run = async (answers: ScriptedAnswer[], argument?: unknown): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await completeLocalKeyPair(
      { prompts, now: () => Date.UTC(2026, 0, 2), trust: builtInTrust, connections },
      argument,
      world.ports,
      world.context,
    );
    prompts.done();
    return prompts;
  };

  for (const [form, keyFile] of [
    [/key file/, 'k.pem'],
    [/PKCS#12/, 'k.p12'],
  ] as const) {
    it(`joins a reversed response with a stranger in it and the key in ${keyFile}, as openssl opens it`, async () => {
      await request(form, keyFile);
      const response = writeCertificatesOnly([
        ...[root.certificate.der, stranger.certificate.der, intermediate.certificate.der, signed()],
      ]);
      fs.writeFileSync(at('answer.p7b'), response);

      const prompts = await run(
        [passphrase, yes, 'PKCS#12, modern', 'orders-sender', /same/, { uri: fileUri(at('done.p12')) }],
        fileUri(at('answer.p7b')),
      );

      const shown = prompts.messages[0] ?? '';
      assert.match(shown, /Subject: CN=orders, O=Example, C=DE/);
      assert.match(shown, /Chain: orders ← Complete Issuing CA ← Complete Root/);
      assert.match(shown, /Put into order/);
      assert.match(shown, /does not belong to the chain: Stranger/);
      assert.equal(fs.statSync(at('done.p12')).mode & 0o777, 0o600);
      const opened = openssl('pkcs12', '-in', at('done.p12'), '-passin', `pass:${passphrase}`, '-nodes');
      assert.match(opened, /friendlyName: orders-sender/);
      assert.deepEqual(
        [...opened.matchAll(/subject=(?:.*CN = )(.*)/g)].map(([, name]) => name),
        ['orders', 'Complete Issuing CA', 'Complete Root'],
      );
      assert.deepEqual(world.ports.pending.list(), []);
      assert.ok(fs.existsSync(at(keyFile)));
    }).timeout(60_000);
  }

  it('completes a response of the leaf alone from other places, in the compatible profile', async () => {
    await request(/key file/, 'k.pem');
    world.issuerSources = [
      () =>
        Promise.resolve(
          [root, intermediate, stranger].map(({ certificate }) => ({ certificate, from: 'Dev' })),
        ),
    ];
    world.editor = { text: encodePem('CERTIFICATE', signed()), fileName: 'answer.pem' };
    const prompts = await run([
      ...['From the open editor', passphrase, yes, 'PKCS#12, compatible', { wish: 'keep' as const }],
      ...[/Another/, 'another passphrase', 'another passphrase', { uri: fileUri(at('old.pfx')) }],
    ]);
    assert.match(
      prompts.messages[0] ?? '',
      /Added from "Dev": Complete Issuing CA\.\nAdded from "Dev": Complete Root/,
    );
    const opened = openssl('pkcs12', '-in', at('old.pfx'), '-passin', 'pass:another passphrase', '-nodes');
    assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
    assert.match(opened, /friendlyName: orders\n/);
  }).timeout(30_000);

  it('writes key and chain as PEM and says where the chain ends early', async () => {
    await request(/key file/, 'k.pem');
    const prompts = new ScriptedPrompts([
      ...['From the clipboard', passphrase, yes, 'PEM', /same/, { uri: fileUri(at('done.pem')) }],
    ]);
    prompts.clipboard = encodePem('CERTIFICATE', signed({ notAfter: '2025-01-01T00:00:00Z' }));
    await completeLocalKeyPair(
      { prompts, now: () => Date.UTC(2026, 0, 2), trust: builtInTrust, connections },
      undefined,
      world.ports,
      world.context,
    );
    prompts.done();
    assert.match(prompts.messages[0] ?? '', /No: It expired on 2025-01-01/);
    assert.match(prompts.messages[0] ?? '', /Not found.*CN=Complete Issuing CA,O=Example,C=DE/);
    const text = fs.readFileSync(at('done.pem'), 'utf8');
    assert.match(text, /^-----BEGIN ENCRYPTED PRIVATE KEY-----[\s\S]*-----BEGIN CERTIFICATE-----/);
    assert.equal(
      openssl('pkey', '-in', at('done.pem'), '-passin', `pass:${passphrase}`, '-pubout'),
      openssl('x509', '-in', at('done.pem'), '-noout', '-pubkey'),
    );
  }).timeout(30_000);

  it('asks again for a wrong passphrase, and for a key file that was moved', async () => {
    await request(/key file/, 'k.pem');
    fs.renameSync(at('k.pem'), at('moved.pem'));
    fs.writeFileSync(at('answer.cer'), signed());
    const prompts = await run(
      [
        ...[/Choose/, { uri: fileUri(at('moved.pem')) }, 'wrong', 'wrong again', passphrase],
        ...[yes, 'PEM', /same/, { uri: fileUri(at('done.pem')) }],
      ],
      fileUri(at('answer.cer')),
    );
    assert.equal(prompts.asked.filter((question) => /was not the passphrase/.test(question)).length, 2);
  }).timeout(30_000);

  it('asks for another key file where the remembered one is damaged or holds another key by now', async () => {
    const other = newKey().privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const [content, reason] of [
      ['damaged', /k\.pem: .*Where is the right key file\?$/],
      [other, /k\.pem: .*belongs to none of the certificates.*Where is the right key file\?$/],
    ] as const) {
      await request(/key file/, 'k.pem');
      fs.renameSync(at('k.pem'), at('moved.pem'));
      fs.writeFileSync(at('k.pem'), content);
      fs.writeFileSync(at('answer.cer'), signed());
      const prompts = await run(
        [
          /Choose/,
          { uri: fileUri(at('moved.pem')) },
          passphrase,
          yes,
          'PEM',
          /same/,
          { uri: fileUri(at('done.pem')) },
        ],
        fileUri(at('answer.cer')),
      );
      assert.match(prompts.asked[0] ?? '', reason);
      assert.equal(fs.readFileSync(at('k.pem'), 'utf8'), content);
      fs.rmSync(at('k.pem'));
      fs.rmSync(at('done.pem'));
    }
  }).timeout(30_000);

  it('takes the key file that the person chooses for a response that nobody waits for', async () => {
    const own = newKey();
    const pkcs8 = own.privateKey.export({ type: 'pkcs8', format: 'pem' });
    fs.writeFileSync(at('plain.pem'), pkcs8);
    const { certificate } = issue({ subject: 'CN=own', key: own }, intermediate);
    fs.writeFileSync(at('answer.der'), certificate.der);
    await run(
      [
        ...[/Choose/, { uri: fileUri(at('plain.pem')) }, yes, 'PEM', passphrase, passphrase],
        { uri: fileUri(at('done.pem')) },
      ],
      fileUri(at('answer.der')),
    );
    assert.match(fs.readFileSync(at('done.pem'), 'utf8'), /ENCRYPTED PRIVATE KEY/);
  }).timeout(30_000);

  describe('of a file with several private keys', () => {
    const [mine, other, third] = [newKey(), newKey(), newKey()];
    const pem = ({ privateKey }: typeof mine, secret?: string): string =>
      privateKey
        .export({
          ...{ type: 'pkcs8', format: 'pem' },
          ...(secret === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: secret }),
        } as { type: 'pkcs8'; format: 'pem' })
        .toString();
    const certificateOf = (subject: string, key: typeof mine): Uint8Array =>
      issue({ subject, key }, intermediate).certificate.der;
    const complete = async (
      keys: readonly string[],
      certificates: readonly Uint8Array[],
      answers: readonly string[],
      passphrases: readonly ScriptedAnswer[] = [passphrase, passphrase],
    ): Promise<ScriptedPrompts> => {
      fs.writeFileSync(at('keys.pem'), keys.join(''));
      fs.writeFileSync(at('answer.p7b'), writeCertificatesOnly(certificates));
      const place = { uri: fileUri(at('done.pem')) };
      return await run(
        [/Choose/, { uri: fileUri(at('keys.pem')) }, ...answers, yes, 'PEM', ...passphrases, place],
        fileUri(at('answer.p7b')),
      );
    };
    const subject = (): string => openssl('x509', '-in', at('done.pem'), '-noout', '-subject').trim();

    it('takes the one that fits, wherever it stands, and leaves a locked one alone', async () => {
      const response = [certificateOf('CN=mine', mine)];
      await complete([pem(other), pem(third, 'not asked for'), pem(mine)], response, []);
      assert.equal(subject(), 'subject=CN = mine');
    }).timeout(30_000);

    it('asks for the passphrase until it opens the one that fits', async () => {
      const response = [certificateOf('CN=mine', mine)];
      const keys = [pem(other), pem(third, 'of the third'), pem(mine, 'of mine')];
      const prompts = await complete(keys, response, ['wrong', 'of the third', 'of mine'], [/same/]);
      assert.equal(prompts.asked.filter((question) => /was not the passphrase/.test(question)).length, 2);
      assert.equal(subject(), 'subject=CN = mine');
    }).timeout(30_000);

    it('asks which is meant where several fit', async () => {
      const response = [certificateOf('CN=mine', mine), certificateOf('CN=other', other)];
      const prompts = await complete([pem(mine), pem(other), pem(mine)], response, ['other']);
      assert.match(prompts.asked[1] ?? '', /holds the private keys of several certificates/);
      assert.equal(subject(), 'subject=CN = other');
    }).timeout(30_000);

    it('takes the one whose request is waiting', async () => {
      await request(/key file/, 'k.pem');
      fs.appendFileSync(at('k.pem'), pem(other));
      fs.writeFileSync(at('answer.p7b'), writeCertificatesOnly([certificateOf('CN=other', other), signed()]));
      const place = { uri: fileUri(at('done.pem')) };
      // The open key fits as well, yet another request is waiting.
      await run([passphrase, yes, 'PEM', /same/, place], fileUri(at('answer.p7b')));
      assert.match(subject(), /CN = orders$/);
      assert.deepEqual(world.ports.pending.list(), []);
    }).timeout(30_000);
  });

  it('refuses a key that belongs to none of the certificates, and what holds no certificate', async () => {
    fs.writeFileSync(at('other.pem'), newKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
    fs.writeFileSync(at('answer.der'), stranger.certificate.der);
    await assert.rejects(
      run([/Choose/, { uri: fileUri(at('other.pem')) }], fileUri(at('answer.der'))),
      (error) => KeystoreError.is(error, 'mismatch') && /none of the/.test(String(error.details.explanation)),
    );
    await assert.rejects(run([], fileUri(at('other.pem'))), (error) => KeystoreError.is(error, 'malformed'));
    assert.deepEqual(fs.readdirSync(world.folder).sort(), ['answer.der', 'other.pem']);
  });

  it('writes and forgets nothing where it is not agreed', async () => {
    await request(/key file/, 'k.pem');
    fs.writeFileSync(at('answer.cer'), signed());
    await assert.rejects(run([passphrase, no], fileUri(at('answer.cer'))), Cancelled);
    await assert.rejects(
      run([passphrase, yes, 'PEM', { wish: 'escape' }], fileUri(at('answer.cer'))),
      Cancelled,
    );
    assert.equal(world.ports.pending.list().length, 1);
    assert.deepEqual(fs.readdirSync(world.folder).sort(), ['answer.cer', 'k.pem']);
  }).timeout(30_000);

  it('is reached from the list of pending requests, which also gives the request again', async () => {
    await request(/key file/, 'k.pem');
    let completed = '';
    const list = async (...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
      const prompts = new ScriptedPrompts(answers);
      await showPendingRequests(prompts, world.ports, ({ subject }) => {
        completed = subject;
        return Promise.resolve();
      });
      prompts.done();
      return prompts;
    };
    await list(/orders/, /Complete/);
    assert.equal(completed, 'CN=orders');
    const copied = await list(/orders/, { wish: 'back' }, /orders/, /Copy/);
    assert.equal(readSigningRequest(Buffer.from(copied.clipboard)).signatureValid, true);
    await list(/orders/, /Forget/, yes);
    assert.deepEqual(world.ports.pending.list(), []);
  });
});
