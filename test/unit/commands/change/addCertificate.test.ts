import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCertificate } from '../../../../src/commands/change/addCertificate.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import { localKeyDerivation } from '../../../../src/pki/keyDerivation.js';
import { writePkcs12 } from '../../../../src/pki/pkcs12Writer.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { OpensslPki, type Credential } from '../../../support/opensslPki.js';
import { PracticeWorld } from '../../../support/practiceWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const yes: ScriptedAnswer = { wish: 'yes' };
const keep: ScriptedAnswer = { wish: 'keep' };

describe('Add Certificate', function () {
  this.timeout(60_000);
  const pki = new OpensslPki();
  const root = pki.ca('/CN=Partner Root');
  const leaf = pki.issue(root, '/CN=partner.example', { usages: 'clientAuth' });
  const renewed = pki.issue(root, '/CN=partner.example', { usages: 'clientAuth' });
  let world: PracticeWorld;
  let local: LocalWorld;

  before(async () => {
    world = await PracticeWorld.open();
    local = localWorld();
  });
  after(async () => {
    await world.dispose();
    local.dispose();
    pki.dispose();
  });
  beforeEach(() => {
    world.tenant.journal.clear();
    world.revealed.length = 0;
  });

  const file = (name: string, content: string | Uint8Array): ReturnType<typeof fileUri> => {
    const path = join(local.folder, name);
    writeFileSync(path, content);
    return fileUri(path);
  };
  const fingerprint = ({ certificate }: Credential): string =>
    new X509Certificate(certificate).fingerprint256;

  async function run(
    answers: ScriptedAnswer[],
    argument?: unknown,
    clipboard = '',
    selection?: unknown,
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    prompts.clipboard = clipboard;
    await addCertificate(world.environment(prompts), { argument, selection }, local.ports, local.context);
    prompts.done();
    return prompts;
  }

  const performed = (): readonly string[] =>
    world.tenant.journal.performed.map(({ operation, alias }) => `${operation} ${alias}`);

  it('adds from a file, after one review and the fingerprint that the tenant asks for', async () => {
    const prompts = await run([keep, yes, yes], file('partner.cer', leaf.certificate));
    assert.deepEqual(performed(), ['importCertificate partner.example']);
    assert.equal((await world.entry('partner.example'))?.fingerprintSha256, fingerprint(leaf));
    const [review = '', untrusted = ''] = prompts.messages;
    assert.match(review, /Add this certificate to "Practice Tenant" as "partner\.example"\?/);
    assert.ok(review.includes(`SHA-256: ${fingerprint(leaf)}`));
    assert.match(review, /Will SAP's load balancer accept it\?/);
    assert.ok(untrusted.includes(`SHA-256 of what is sent: ${fingerprint(leaf)}`));
    assert.ok(untrusted.includes(`SHA-256 that the tenant names: ${fingerprint(leaf)}`));
    assert.match(untrusted, /They are the same/);
    assert.deepEqual(world.revealed, [world.row('partner.example').hexalias]);
  });

  it('proposes a free alias and says that the certificate is there already', async () => {
    const prompts = await run(['From the clipboard', keep, yes, yes], undefined, leaf.certificate);
    assert.deepEqual(performed(), ['importCertificate partner.example-2']);
    assert.match(prompts.messages[0] ?? '', /holds this certificate already, as "partner\.example"\./);
  });

  it('replaces only what is shown, old and new side by side', async () => {
    const old = fingerprint(leaf);
    const prompts = await run(['partner.example', yes, yes], file('renewed.cer', renewed.certificate));
    const [review = ''] = prompts.messages;
    assert.match(review, /Replace the certificate "partner\.example" of "Practice Tenant"\?/);
    assert.ok(review.includes(`SHA-256, now: ${old}\nSHA-256, new: ${fingerprint(renewed)}`));
    assert.equal((await world.entry('partner.example'))?.fingerprintSha256, fingerprint(renewed));
  });

  it('refuses to replace a certificate by itself, and sends nothing', async () => {
    await assert.rejects(
      run(['partner.example', yes], file('again.cer', renewed.certificate)),
      (error) => KeystoreError.is(error, 'refused') && /exactly this certificate/.test(explanation(error)),
    );
    assert.deepEqual(performed(), []);
  });

  it('does not let an alias be taken that is reserved, too long, a key pair or differs by case only', async () => {
    for (const alias of ['sap_x', 'x'.repeat(251), 'orders-sender', 'PARTNER.example', '', 'a\u0007b']) {
      await assert.rejects(run([alias], file('p.cer', leaf.certificate)), /is refused/, alias);
    }
    assert.deepEqual(performed(), []);
  });

  it('takes only the leaf of a PKCS#12 file; the key stays', async () => {
    const other = pki.issue(root, '/CN=holder.example', { usages: 'clientAuth' });
    const der = (pem: string): Uint8Array => new X509Certificate(pem).raw;
    const container = await writePkcs12(
      {
        privateKey: createPrivateKey(other.key).export({ format: 'der', type: 'pkcs8' }),
        certificates: [der(other.certificate), der(root.certificate)],
      },
      { password: 'Passw0rd-of-file', profile: 'modern', rounds: 2048, derivation: localKeyDerivation },
    );
    const prompts = await run(['Passw0rd-of-file', keep, yes, yes], file('holder.pfx', container));
    assert.deepEqual(performed(), ['importCertificate holder.example']);
    assert.match(prompts.messages[0] ?? '', /private key stays in its file/);
  });

  it('offers the certificates of a file with several, and names what an authority’s means', async () => {
    const bundle = file('bundle.pem', root.certificate + leaf.certificate);
    const prompts = await run(['Partner Root', 'partner-root', yes, yes], bundle);
    assert.deepEqual(performed(), ['importCertificate partner-root']);
    assert.match(prompts.messages[0] ?? '', /trust every server whose certificate it issued/);
  });

  it('adds several files one after the other', async () => {
    const files = ['one', 'two'].map((name) =>
      file(`${name}.cer`, pki.issue(root, `/CN=${name}.example`).certificate),
    );
    // The root is in the keystore by now, yet nobody trusts it.
    await run([keep, yes, yes, keep, yes, yes], files[0], '', files);
    assert.deepEqual(performed(), ['importCertificate one.example', 'importCertificate two.example']);
  });

  describe('of several files', () => {
    const several = (...names: readonly string[]): ReturnType<typeof fileUri>[] =>
      names.map((name) => file(`${name}.cer`, pki.issue(root, `/CN=${name}.example`).certificate));
    const added = (...names: readonly string[]): readonly string[] =>
      names.map((name) => `importCertificate ${name}.example`);

    it('tells a failure with the name of its file, and goes on with the next', async () => {
      const [first, last] = several('before', 'after');
      const bad = [file('request.cer', 'nothing'), file('only\u202e.cer', leaf.key)];
      const prompts = await run([keep, yes, yes, keep, yes, yes], first, '', [first, ...bad, last]);
      assert.deepEqual(performed(), added('before', 'after'));
      const told = prompts.messages.filter((message) => /^Add Certificate of/.test(message));
      assert.match(told[0] ?? '', /^Add Certificate of "request\.cer": .*holds no certificate/);
      assert.match(told[1] ?? '', /^Add Certificate of "only.+U\+202E.+cer": .*holds a private key/);
      assert.equal(told.length, 2);
      assert.match(
        prompts.messages.at(-1) ?? '',
        /^2 of 4 files were added; not added: request\.cer, only.+\.cer\.$/,
      );
    });

    it('ends where one is cancelled, names what was not added, and goes on with the rest on wish', async () => {
      const files = several('one-of', 'two-of', 'three-of', 'four-of');
      const escaped = await run([keep, yes, yes, { wish: 'escape' }], files[0], '', files);
      assert.deepEqual(performed(), added('one-of'));
      assert.equal(
        escaped.messages.at(-1),
        '1 of 4 files were added; not added: two-of.cer, three-of.cer, four-of.cer.',
      );

      world.tenant.journal.clear();
      const more = several('five-of', 'six-of', 'seven-of');
      const goOn = { button: 'Go On with the Rest' };
      const prompts = new ScriptedPrompts([
        ...[keep, { wish: 'no' as const }, goOn],
        ...[keep, yes, yes, keep, yes, yes],
      ]);
      const done = new Promise<void>((resolve) => {
        const environment = world.environment(prompts);
        const withEnd = {
          ...environment,
          run: async (action: Parameters<typeof environment.run>[0]) => {
            await environment.run(action);
            if (performed().length === 2) {
              resolve();
            }
          },
        };
        void addCertificate(withEnd, { argument: more[0], selection: more }, local.ports, local.context);
      });
      await done;
      prompts.done();
      assert.deepEqual(performed(), added('six-of', 'seven-of'));
      assert.ok(
        prompts.messages.some((message) => /^0 of 3 files were added; not added: five-of/.test(message)),
      );
    });

    it('ends where the tenant lets nothing through', async () => {
      const files = several('shut-one', 'shut-two', 'shut-three');
      world.tenant.faults.add({ operation: 'importCertificate', fault: { kind: 'status', status: 403 } });
      try {
        const prompts = await run([keep, yes], files[0], '', files);
        const told = prompts.messages.filter((message) => /^Add Certificate of/.test(message));
        assert.equal(told.length, 1);
        assert.match(
          prompts.messages.at(-1) ?? '',
          /^0 of 3 files were added; not added: shut-one\.cer, shut-two\.cer, shut-three\.cer\.$/,
        );
      } finally {
        world.tenant.faults.clear();
      }
      assert.deepEqual(performed(), []);
    });

    it('names ten at most', async () => {
      const empty = Array.from({ length: 13 }, (_, index) => file(`empty-${index}.cer`, 'nothing'));
      const prompts = await run([], empty[0], '', empty);
      assert.match(prompts.messages.at(-1) ?? '', /^0 of 13 files.*empty-9\.cer, … and 3 more\.$/);
    });
  });

  it('sends nothing where the review or the fingerprint is not agreed to', async () => {
    const given = file('no.cer', pki.issue(root, '/CN=no.example').certificate);
    await assert.rejects(run([keep, { wish: 'no' }], given), Cancelled);
    await assert.rejects(run([keep, yes, { wish: 'no' }], given), Cancelled);
    assert.deepEqual(performed(), []);
  });

  it('says what is wrong with a file that holds no certificate or too much', async () => {
    await assert.rejects(
      run([], file('key.pem', leaf.key)),
      (error) => KeystoreError.is(error, 'malformed') && /no certificate/.test(explanation(error)),
    );
    const names = Array.from(
      { length: 400 },
      (_, index) => `DNS:host-${index}.partner-of-many-names.example`,
    );
    const large = pki.issue(root, '/CN=large', { names: names.join(',') });
    await assert.rejects(
      run([], file('large.cer', large.certificate)),
      (error) => KeystoreError.is(error, 'too-large') && /at most 10240/.test(explanation(error)),
    );
    assert.deepEqual(performed(), []);
  });

  it('says that the certificate was added where only the answer was lost', async () => {
    const given = file('lost.cer', pki.issue(root, '/CN=lost.example').certificate);
    const prompts = new ScriptedPrompts([keep, yes, yes]);
    const confirm = prompts.confirm.bind(prompts);
    let questions = 0;
    prompts.confirm = async (options) => {
      questions += 1;
      if (questions === 2) {
        world.tenant.faults.add({ operation: 'importCertificate', fault: { kind: 'dropAfter' }, times: 1 });
      }
      return await confirm(options);
    };
    await addCertificate(
      world.environment(prompts),
      { argument: given, selection: undefined },
      local.ports,
      local.context,
    );
    assert.deepEqual(performed(), ['importCertificate lost.example']);
    assert.equal(prompts.messages.at(-1), 'The certificate "lost.example" was added; the answer was lost.');
  });

  it('refuses a practice certificate for a real tenant', async () => {
    const practice = world.connection;
    const issued = await world.client.readCertificate(
      world.row('partner bank').hexalias,
      'leaf',
      local.context.signal,
    );
    world.connection = { ...practice, practice: false };
    try {
      await assert.rejects(
        run([], file('practice.cer', issued)),
        (error) => KeystoreError.is(error, 'refused') && /Practice CA/.test(explanation(error)),
      );
    } finally {
      world.connection = practice;
    }
  });
});

function explanation(error: KeystoreError): string {
  return String(error.details['explanation']);
}
