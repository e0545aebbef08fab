import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Cancelled } from '../../../../src/errors.js';
import { createLocalKeyPair } from '../../../../src/commands/localKeyPair/create.js';
import { forgetPendingRequest } from '../../../../src/commands/localKeyPair/pending.js';
import { readSigningRequest } from '../../../../src/pki/signingRequest.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const passphrase = 'correct horse battery';
const subject: readonly ScriptedAnswer[] = [
  'orders.acme.example',
  'Integration',
  'ACME, Inc.',
  '',
  'BW',
  'de',
  '',
];
const names = 'orders.acme.example, 192.0.2.1';
const yes: ScriptedAnswer = { wish: 'yes' };
const no: ScriptedAnswer = { wish: 'no' };

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', [...args], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

describe('Create Local Key Pair and Signing Request', () => {
  let world: LocalWorld;
  beforeEach(() => {
    world = localWorld();
  });
  afterEach(() => world.dispose());

  const run = async (answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await createLocalKeyPair({ prompts, now: () => Date.UTC(2026, 0, 2) }, world.ports, world.context);
    prompts.done();
    return prompts;
  };
  const at = (name: string): string => join(world.folder, name);
  const here = (form: RegExp, destination: string | RegExp): ScriptedAnswer[] => [
    ...['EC P-256', ...subject, names, 'Client authentication', form, destination, passphrase, passphrase],
  ];

  it('keeps an encrypted key file, a request that openssl verifies beside it, and what is public of both', async () => {
    const prompts = await run([
      ...here(/encrypted key file/, /beside the key/),
      { uri: fileUri(at('k.pem')) },
    ]);

    assert.deepEqual(fs.readdirSync(world.folder).sort(), ['k.pem', 'orders.acme.example.csr']);
    assert.equal(fs.statSync(at('k.pem')).mode & 0o777, 0o600);
    const csr = at('orders.acme.example.csr');
    openssl('req', '-in', csr, '-verify', '-noout');
    const text = openssl('req', '-in', csr, '-noout', '-text', '-nameopt', 'RFC2253');
    assert.match(text, /Subject: CN=orders\.acme\.example,OU=Integration,O=ACME\\, Inc\.,ST=BW,C=DE/);
    assert.match(text, /DNS:orders\.acme\.example, IP Address:192\.0\.2\.1/);
    assert.match(text, /Digital Signature\n/);
    assert.match(text, /TLS Web Client Authentication\n/);
    // The key belongs to the request.
    assert.equal(
      openssl('pkey', '-in', at('k.pem'), '-passin', `pass:${passphrase}`, '-pubout'),
      openssl('req', '-in', csr, '-noout', '-pubkey'),
    );
    const [pending] = world.ports.pending.list();
    assert.equal(pending?.keyPath, at('k.pem'));
    assert.equal(pending.subject, 'CN=orders.acme.example, OU=Integration, O=ACME\\, Inc., ST=BW, C=DE');
    assert.equal(readSigningRequest(Buffer.from(pending.request, 'base64')).spkiSha256, pending.spkiSha256);
    assert.doesNotMatch(world.stored(), /correct horse/);
    assert.match(prompts.messages.join('\n'), /2801396.*Complete with Signing Response/);
    assert.doesNotMatch(prompts.messages.join('\n'), /correct horse/);
  });

  it('keeps a PKCS#12 that openssl opens, with the request in the clipboard', async () => {
    const prompts = await run([
      ...['RSA 2048', ...subject, '', 'Client and server authentication', /PKCS#12/, /clipboard/],
      ...[passphrase, passphrase, { uri: fileUri(at('k.p12')) }],
    ]);
    const opened = openssl('pkcs12', '-in', at('k.p12'), '-passin', `pass:${passphrase}`, '-nodes');
    assert.match(opened, /friendlyName: orders\.acme\.example/);
    const request = readSigningRequest(Buffer.from(prompts.clipboard));
    assert.equal(request.keyType, 'RSA:2048');
    assert.deepEqual(request.keyUsage, ['digitalSignature', 'keyEncipherment']);
    assert.equal(request.extendedKeyUsage?.length, 2);
    assert.deepEqual(fs.readdirSync(world.folder), ['k.p12']);
  });

  it('opens the request in an editor, without purposes where none are wanted', async () => {
    await run([
      ...['EC P-384', 'a', '', '', '', '', '', '', '', 'None', /key file/, /editor/],
      ...[passphrase, passphrase, { uri: fileUri(at('k.pem')) }],
    ]);
    const request = readSigningRequest(Buffer.from(world.opened[0]?.text ?? ''));
    assert.deepEqual(request.extensions, []);
    assert.equal(request.subject.rdns.length, 1);
  });

  for (const [shell, language] of [
    ['bash', 'shellscript'],
    ['PowerShell', 'powershell'],
  ] as const) {
    it(`shows the same steps for ${shell} and makes nothing`, async () => {
      await run([
        'EC P-521',
        ...subject,
        names,
        'Client authentication',
        new RegExp(`commands for ${shell}`),
      ]);
      assert.equal(world.opened[0]?.language, language);
      assert.match(world.opened[0].text, /ec_paramgen_curve:secp521r1/);
      assert.match(world.opened[0].text, /subjectAltName=DNS:orders\.acme\.example,IP:192\.0\.2\.1/);
      assert.deepEqual(fs.readdirSync(world.folder), []);
      assert.deepEqual(world.ports.pending.list(), []);
    });
  }

  it('proposes the subject of the last time, without its common name', async () => {
    await run(['EC P-521', ...subject, '', 'Client authentication', /commands for bash/]);
    const keep: ScriptedAnswer = { wish: 'keep' };
    await run(['EC P-521', 'b', keep, keep, keep, keep, keep, keep, '', 'Client authentication', /bash/]);
    assert.match(world.opened[1]?.text ?? '', /C=DE\/ST=BW\/O=ACME, Inc\.\/OU=Integration\/CN=b/);
  });

  it('asks before it replaces a file, and again for a place where that is refused', async () => {
    fs.writeFileSync(at('old.pem'), 'old');
    fs.writeFileSync(at('orders.acme.example.csr'), 'old');
    await run([
      ...here(/key file/, /beside the key/),
      ...[{ uri: fileUri(at('old.pem')) }, no, { uri: fileUri(at('new.pem')) }, no],
    ]);
    assert.equal(fs.readFileSync(at('old.pem'), 'utf8'), 'old');
    assert.equal(fs.readFileSync(at('orders.acme.example.csr'), 'utf8'), 'old');
    assert.match(world.opened[0]?.text ?? '', /BEGIN CERTIFICATE REQUEST/);
    await run([...here(/key file/, /beside the key/), ...[{ uri: fileUri(at('old.pem')) }, yes, yes]]);
    assert.match(fs.readFileSync(at('old.pem'), 'utf8'), /ENCRYPTED PRIVATE KEY/);
    assert.match(fs.readFileSync(at('orders.acme.example.csr'), 'utf8'), /CERTIFICATE REQUEST/);
  });

  it('warns of a git work tree and of a place that is not on this machine', async () => {
    fs.mkdirSync(at('.git'));
    const virtual = fileUri('/x', 'vscode-vfs');
    const prompts = await run([
      ...here(/key file/, /editor/),
      { uri: virtual },
      { uri: fileUri(at('k.pem')) },
      yes,
    ]);
    assert.match(prompts.messages[0] ?? '', /vscode-vfs/);
    assert.match(prompts.messages[1] ?? '', /git work tree/);
    assert.equal(fs.existsSync(at('k.pem')), true);
  });

  it('leaves nothing behind when it is escaped from', async () => {
    for (const answers of [
      ['EC P-256', 'a', { wish: 'escape' }] satisfies ScriptedAnswer[],
      [...here(/key file/, /editor/).slice(0, -1), { wish: 'escape' }] satisfies ScriptedAnswer[],
      [...here(/key file/, /editor/), { wish: 'escape' }] satisfies ScriptedAnswer[],
    ]) {
      await assert.rejects(run(answers), Cancelled);
    }
    assert.deepEqual(fs.readdirSync(world.folder), []);
    assert.deepEqual(world.ports.pending.list(), []);
  });

  it('is forgotten on request, and the key stays', async () => {
    await run([...here(/key file/, /editor/), { uri: fileUri(at('k.pem')) }]);
    const refused = new ScriptedPrompts([/orders/, no]);
    await assert.rejects(forgetPendingRequest(refused, world.ports), Cancelled);
    assert.equal(world.ports.pending.list().length, 1);
    const agreed = new ScriptedPrompts([/orders/, yes]);
    await forgetPendingRequest(agreed, world.ports);
    assert.deepEqual(world.ports.pending.list(), []);
    assert.equal(fs.existsSync(at('k.pem')), true);
    await assert.rejects(forgetPendingRequest(new ScriptedPrompts([]), world.ports), /no request is pending/);
  });
});

describe('the subject of a request made here', () => {
  it('is held to the bounds of certificates and to real countries', async () => {
    const { checkRequestSubject } = await import('../../../../src/commands/localKeyPair/plan.js');
    assert.equal(checkRequestSubject('country', ''), undefined);
    assert.equal(checkRequestSubject('country', 'de'), undefined);
    assert.match(checkRequestSubject('country', 'XQ') ?? '', /No country/);
    assert.match(checkRequestSubject('country', 'DEU') ?? '', /two letters/);
    assert.match(checkRequestSubject('commonName', '') ?? '', /common name/);
    assert.match(checkRequestSubject('commonName', 'x'.repeat(65)) ?? '', /65 characters; at most 64/);
    assert.equal(checkRequestSubject('locality', 'x'.repeat(128)), undefined);
    assert.match(checkRequestSubject('organization', 'a\u0007') ?? '', /control/);
  });
});
