import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addKeyPair, type KeyPairPorts } from '../../../../src/commands/change/addKeyPair.js';
import { tenantPassword } from '../../../../src/commands/change/tenantPassword.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import { localKeyDerivation } from '../../../../src/pki/keyDerivation.js';
import { writePkcs12 } from '../../../../src/pki/pkcs12Writer.js';
import type { KeyPairImport, KeystoreClient } from '../../../../src/tenant/keystoreClient.js';
import { CanaryWatch, privatePartOf } from '../../../support/canary.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { OpensslPki, type Credential } from '../../../support/opensslPki.js';
import { PracticeWorld } from '../../../support/practiceWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { zip } from '../../pki/testZip.js';
import { watchedPrompts } from '../../../support/watchedPrompts.js';

const yes: ScriptedAnswer = { wish: 'yes' };
const keep: ScriptedAnswer = { wish: 'keep' };
const outbound = /^Yes, integration flows call others/;
const password = 'Väter-of-file-7';

describe('Add Key Pair', function () {
  this.timeout(60_000);
  const pki = new OpensslPki();
  const root = pki.ca('/CN=Outbound Root');
  const issuing = pki.issue(root, '/CN=Outbound Issuing', { ca: true });
  const stranger = pki.ca('/CN=Stranger');
  const leaf = pki.issue(issuing, '/CN=outbound.example', { usages: 'clientAuth' });
  const other = pki.issue(issuing, '/CN=other.example', { usages: 'clientAuth' });
  const old = pki.issue(issuing, '/CN=old.example', { usages: 'clientAuth', days: -1, bits: 1024 });
  let world: PracticeWorld;
  let local: LocalWorld;
  let sent: KeyPairImport[];
  let opened: string[];

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
    world.tenant.faults.clear();
    world.tenant.journal.clear();
    sent = [];
    opened = [];
  });

  const file = (name: string, content: string | Uint8Array): ReturnType<typeof fileUri> => {
    const path = join(local.folder, name);
    writeFileSync(path, content);
    return fileUri(path);
  };
  const pkcs12 = (credential: Credential, ...chain: readonly Credential[]): Promise<Uint8Array> =>
    writePkcs12(
      {
        privateKey: createPrivateKey(credential.key).export({ format: 'der', type: 'pkcs8' }),
        certificates: [credential, ...chain].map(({ certificate }) => new X509Certificate(certificate).raw),
      },
      { password, profile: 'modern', rounds: 2048, derivation: localKeyDerivation },
    );

  /** A PKCS#12 file with several keys, as keytool makes it. */
  function severalKeys(
    name: string,
    secret: string,
    pairs: readonly (readonly [string, string])[],
  ): ReturnType<typeof fileUri> {
    const path = join(local.folder, name);
    const environment = { ...process.env, P12: secret };
    for (const [alias, content] of pairs) {
      const single = join(local.folder, `${alias}-of-${name}`);
      const pem = file(`${alias}-of-${name}.pem`, content);
      execFileSync(
        'openssl',
        ['pkcs12', '-export', '-in', pem.fsPath, '-name', alias, '-out', single, '-passout', 'env:P12'],
        { env: environment },
      );
      execFileSync(
        'keytool',
        [
          ...['-importkeystore', '-noprompt', '-srckeystore', single, '-srcstoretype', 'PKCS12'],
          ...['-srcstorepass:env', 'P12', '-destkeystore', path, '-deststoretype', 'PKCS12'],
          ...['-deststorepass:env', 'P12', '-alias', alias],
        ],
        { env: environment, stdio: 'ignore' },
      );
    }
    return fileUri(path);
  }

  async function run(answers: ScriptedAnswer[], argument?: unknown): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    await runWith(prompts, argument);
    prompts.done();
    return prompts;
  }

  async function runWith(
    prompts: Parameters<PracticeWorld['environment']>[0],
    argument: unknown,
    selection?: unknown,
  ): Promise<void> {
    const environment = world.environment(prompts);
    const keystores = new Proxy(environment.keystores, {
      get: (target, name) =>
        name === 'write'
          ? (id: string, work: (client: KeystoreClient) => Promise<unknown>) =>
              target.write(id, (client) => work(watched(client)))
          : (Reflect.get(target, name) as unknown),
    });
    const ports: KeyPairPorts = {
      ...local.ports,
      openAddress: (address) => void opened.push(address),
      createLocalKeyPair: () => void opened.push('create'),
    };
    await addKeyPair({ ...environment, keystores }, { argument, selection }, ports, local.context);
  }

  /** A client that keeps what is sent as a key pair. */
  function watched(client: KeystoreClient): KeystoreClient {
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'importKeyPair') {
          return (...all: Parameters<KeystoreClient['importKeyPair']>) => {
            sent.push(all[0]);
            return target.importKeyPair(...all);
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  const performed = (): readonly string[] =>
    world.tenant.journal.performed.map(({ operation, alias }) => `${operation} ${alias}`);

  it('adds from PKCS#12 in a container made anew, which openssl and keytool open', async () => {
    const given = file('outbound.pfx', await pkcs12(leaf, issuing, root));
    const prompts = await run([outbound, password, keep, yes, yes], given);
    assert.deepEqual(performed(), ['importKeyPair outbound.example']);
    const entry = await world.entry('outbound.example');
    assert.equal(entry?.type, 'Key Pair');
    assert.equal(entry.fingerprintSha256, new X509Certificate(leaf.certificate).fingerprint256);
    const chain = await world.client.readChain(entry.hexalias, local.context.signal);
    assert.equal(chain.length, 3);
    const [review = '', untrusted = ''] = prompts.messages;
    assert.match(review, /Add this key pair to "Practice Tenant" as "outbound\.example"\?/);
    assert.match(review, /Chain: outbound\.example ← Outbound Issuing ← Outbound Root/);
    assert.match(review, /Will the receiver accept it\?/);
    assert.match(untrusted, /cannot build a trust path/);
    assert.match(untrusted, /It is that of "CN=Outbound Root", which is sent too/);

    const [container] = sent;
    assert.ok(container);
    assert.notEqual(container.password, password);
    const path = join(local.folder, 'sent.p12');
    writeFileSync(path, container.pkcs12);
    const secret = { ...process.env, P12: container.password };
    const pem = execFileSync('openssl', ['pkcs12', '-in', path, '-nodes', '-passin', 'env:P12', '-legacy'], {
      env: secret,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    assert.deepEqual(
      createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }),
      createPrivateKey(leaf.key).export({ format: 'der', type: 'pkcs8' }),
    );
    const listed = execFileSync('keytool', ['-list', '-v', '-keystore', path, '-storepass:env', 'P12'], {
      env: { ...secret, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    assert.match(listed, /PrivateKeyEntry/);
    assert.match(listed, /Certificate chain length: 3/);
  });

  it('finds the key of an archive, also in a PKCS#12 beside a certificate', async () => {
    const archive = (files: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
      zip(Object.entries(files).map(([name, content]) => ({ name, bytes: Buffer.from(content) })));
    const apart = archive({ 'ca.crt': issuing.certificate, 'a.crt': leaf.certificate, 'a.key': leaf.key });
    await run([outbound, 'from-archive', yes, yes], file('apart.zip', apart));
    const joined = archive({ 'ca.cer': issuing.certificate, 'key.p12': await pkcs12(leaf) });
    await run([outbound, password, 'from-joined', yes, yes], file('joined.zip', joined));
    assert.deepEqual(performed(), ['importKeyPair from-archive', 'importKeyPair from-joined']);
  });

  it('puts a chain into order, sets strangers aside, and tells it', async () => {
    const pem = [root, stranger, issuing, leaf].map(({ certificate }) => certificate).join('') + leaf.key;
    const prompts = await run([outbound, 'repaired', yes, yes], file('pair.pem', pem));
    assert.match(prompts.messages[0] ?? '', /Put into order, the leaf first\.\nLeft out, .*: Stranger\./);
    assert.deepEqual(performed(), ['importKeyPair repaired']);
  });

  it('asks for the certificates where a file has only the key, and the other way round', async () => {
    const key = file('only.key', leaf.key);
    const certificates = file('only.pem', leaf.certificate + issuing.certificate + root.certificate);
    await run([outbound, 'From a file…', { uri: certificates }, 'by-key', yes, yes], key);
    await run([outbound, 'From a file…', { uri: key }, 'by-certificate', yes, yes], certificates);
    assert.deepEqual(performed(), ['importKeyPair by-key', 'importKeyPair by-certificate']);
    await assert.rejects(
      run([outbound, 'From a file…', { uri: file('wrong.pem', other.certificate) }], key),
      (error) => KeystoreError.is(error, 'mismatch') && /None of the certificates/.test(explanation(error)),
    );
    await assert.rejects(
      run([outbound, 'From a file…', { uri: certificates }], certificates),
      (error) => KeystoreError.is(error, 'malformed') && /holds no private key/.test(explanation(error)),
    );
  });

  it('opens an SAP Passport in a PKCS#12 file of old encryption, and tells whose it is', async () => {
    const sso = pki.ca('/C=DE/O=SAP-AG/CN=SSO_CA');
    const passport = pki.issue(sso, '/C=DE/O=SAP-AG/OU=Passport/CN=S0001234567', { usages: 'clientAuth' });
    const pem = file('passport.pem', passport.key + passport.certificate);
    const path = join(local.folder, 'passport.pfx');
    execFileSync(
      'openssl',
      [
        ...['pkcs12', '-export', '-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES'],
        ...['-macalg', 'sha1', '-in', pem.fsPath, '-out', path, '-passout', 'pass:passport'],
      ],
      { stdio: 'ignore' },
    );
    const prompts = await run([outbound, 'passport', keep, yes, yes], fileUri(path));
    assert.match(prompts.messages[0] ?? '', /This is an SAP Passport: it was issued to a person/);
    assert.deepEqual(performed(), ['importKeyPair S0001234567']);
  });

  it('offers several key pairs of a file one by one', async () => {
    const path = severalKeys('several.p12', 'Several-keys-1', [
      ['first', leaf.key + leaf.certificate + issuing.certificate],
      ['second', other.key + other.certificate + issuing.certificate],
    ]);
    await run(
      [outbound, 'Several-keys-1', 'second', keep, yes, yes, 'first', 'first-of-two', yes, yes],
      path,
    );
    assert.deepEqual(performed(), ['importKeyPair second', 'importKeyPair first-of-two']);
  });

  it('offers the pairs of a PEM file with several keys, and asks for the passphrase of one', async () => {
    const pem = leaf.key + pki.encrypted(other.key) + leaf.certificate + other.certificate;
    await run(
      [outbound, 'x', 'other.example', 'pem-other', yes, yes, 'outbound.example', 'pem-own', yes, yes],
      file('pairs.pem', pem),
    );
    assert.deepEqual(performed(), ['importKeyPair pem-other', 'importKeyPair pem-own']);
  });

  /** A key pair of a kind that no tenant takes, its key in this file. */
  function edwards(name: string): { readonly key: string; readonly certificate: string } {
    const key = execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519']).toString();
    const request = ['req', '-x509', '-key', file(name, key).fsPath, '-subj', '/CN=ed'];
    return { key, certificate: execFileSync('openssl', request).toString() };
  }

  it('offers what a tenant takes beside keys that it does not, and says why not', async () => {
    const { key: ed, certificate } = edwards('ed-beside.key');
    const damaged = '-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n';
    const container = severalKeys('with-ed.p12', 'Several-keys-2', [
      ['ed', ed + certificate],
      ['rsa', leaf.key + leaf.certificate],
    ]);
    const prompts = await run([outbound, 'Several-keys-2', 'ed', 'rsa', 'beside-ed', yes, yes], container);
    assert.deepEqual(performed(), ['importKeyPair beside-ed']);
    assert.match(prompts.asked[2] ?? '', /^One key pair of the file can be added/);
    assert.match(
      prompts.asked[3] ?? '',
      /"ed" cannot be added\. Its key is of the kind Ed25519; a tenant takes/,
    );

    world.tenant.journal.clear();
    const pem = other.key + ed + damaged + leaf.key + certificate + leaf.certificate;
    const several = await run(
      [outbound, 'RSA 2048', /^Private key that cannot/, 'outbound.example', 'of-pem', yes, yes],
      file('beside.pem', pem),
    );
    assert.deepEqual(performed(), ['importKeyPair of-pem']);
    assert.match(several.asked[2] ?? '', /No certificate belongs to this private key/);
    assert.match(several.asked[3] ?? '', /"beside\.pem" cannot be read/);
  });

  it('says that another passphrase opens other keys of the file', async () => {
    const locked = createPrivateKey(leaf.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'another' })
      .toString();
    const pem = locked + pki.encrypted(other.key) + leaf.certificate + other.certificate;
    const given = file('two-passphrases.pem', pem);
    const chosen = [/^Private keys under another passphrase: 1/, 'other.example', 'first-phrase', yes, yes];
    await run([outbound, 'x', ...chosen], given);
    await run([outbound, 'another', 'outbound.example', 'second-phrase', yes, yes], given);
    assert.deepEqual(performed(), ['importKeyPair first-phrase', 'importKeyPair second-phrase']);
  });

  it('stops after one of several where the person has enough', async () => {
    await run(
      [outbound, 'Several-keys-1', 'second', 'enough', yes, yes, 'No other'],
      fileUri(join(local.folder, 'several.p12')),
    );
    assert.deepEqual(performed(), ['importKeyPair enough']);
  });

  it('adds certificates and key pairs that were dropped together, and tells what was added in part', async () => {
    const dropped = {
      tenantId: world.connection.id,
      certificates: [file('dropped.cer', stranger.certificate)],
      files: [fileUri(join(local.folder, 'several.p12')), file('later.pem', leaf.key + leaf.certificate)],
    };
    const asked = ['Several-keys-1', 'second', 'in-part', yes, yes, { wish: 'escape' as const }];
    const prompts = await run([outbound, 'dropped', yes, yes, ...asked], dropped);
    assert.deepEqual(performed(), ['importCertificate dropped', 'importKeyPair in-part']);
    assert.equal(
      prompts.messages.at(-1),
      '1 of 3 files were added; not added: later.pem. Added in part only: several.p12.',
    );
    world.tenant.journal.clear();
    const inbound = ['Several-keys-1', 'other.example', 'two', yes, yes, 'three', yes, yes];
    await run([/^No, a sender calls/, 'one', yes, yes, ...inbound], dropped);
    assert.deepEqual(performed(), [
      'importCertificate one',
      'importCertificate two',
      'importCertificate three',
    ]);
  });

  it('leads to Add Certificate where only a sender needs the key, which stays', async () => {
    const given = file('sender.pfx', await pkcs12(other, issuing, root));
    await run([/^No, a sender calls/, password, 'sender', yes, yes], given);
    assert.deepEqual(performed(), ['importCertificate sender']);
    assert.deepEqual(sent, []);
  });

  it('tells where an SAP Passport is requested', async () => {
    const prompts = new ScriptedPrompts([/^There is no key pair yet/]);
    prompts.inform = (message: string, ...buttons: readonly string[]) => {
      prompts.messages.push(message);
      return Promise.resolve(buttons[0]);
    };
    await runWith(prompts, undefined);
    assert.match(prompts.messages[0] ?? '', /SAP Passport is requested with an S-user at https:/);
    assert.deepEqual(opened, ['https://support.sap.com/en/my-support/single-sign-on-passports.html']);
  });

  it('tells what is weak and what has expired', async () => {
    const prompts = await run([outbound, keep, yes, yes], file('old.pem', old.key + old.certificate));
    assert.match(prompts.messages[0] ?? '', /Will the receiver accept it\? No: It expired on/);
    assert.match(prompts.messages[0] ?? '', /(?:Warning|Problem): .*1024/);
    assert.match(prompts.messages[0] ?? '', /Not found, so the chain ends early: .*Outbound Issuing/);
  });

  it('replaces a key pair only after telling that the old key is gone for good', async () => {
    const given = file('replacing.pem', other.key + other.certificate);
    const prompts = await run([outbound, 'outbound.example', yes, yes], given);
    const [review = ''] = prompts.messages;
    assert.match(review, /Replace the key pair "outbound\.example"/);
    assert.match(review, /stored there now is gone for good/);
    assert.ok(review.includes(`SHA-256, now: ${new X509Certificate(leaf.certificate).fingerprint256}`));
    assert.ok(review.includes(`SHA-256, new: ${new X509Certificate(other.certificate).fingerprint256}`));
    assert.deepEqual(performed(), ['importKeyPair outbound.example']);
  });

  it('refuses keys that a tenant does not know, and what is too large', async () => {
    const { key, certificate } = edwards('ed.key');
    await assert.rejects(
      run([outbound], file('ed.pem', key + certificate)),
      (error) => KeystoreError.is(error, 'unsupported') && /takes RSA, DSA and EC/.test(explanation(error)),
    );
    const names = Array.from(
      { length: 900 },
      (_, index) => `DNS:host-${index}.partner-of-many-names.example`,
    );
    const large = pki.issue(root, '/CN=large', { names: names.join(',') });
    await assert.rejects(
      run([outbound, keep], file('large.pem', large.key + large.certificate)),
      (error) => KeystoreError.is(error, 'too-large') && /at most 30072/.test(explanation(error)),
    );
    assert.deepEqual(performed(), []);
  });

  it('says that the key pair was added where only the answer was lost', async () => {
    const prompts = new ScriptedPrompts([outbound, 'lost-pair', yes, yes]);
    const confirm = prompts.confirm.bind(prompts);
    prompts.confirm = async (options) => {
      if (/trust path/.test(options.message)) {
        world.tenant.faults.add({ operation: 'importKeyPair', fault: { kind: 'dropAfter' }, times: 1 });
      }
      return await confirm(options);
    };
    await runWith(prompts, file('lost.pem', leaf.key + leaf.certificate));
    assert.deepEqual(performed(), ['importKeyPair lost-pair']);
    assert.equal(prompts.messages.at(-1), 'The key pair "lost-pair" was added; the answer was lost.');
  });

  it('shows neither key nor passwords anywhere, also when the tenant refuses', async () => {
    const watch = new CanaryWatch();
    const given = file('canary.pfx', await pkcs12(other, issuing, root));
    for (const status of [400, 500]) {
      world.tenant.faults.add({ operation: 'importKeyPair', fault: { kind: 'status', status }, times: 1 });
      const prompts = new ScriptedPrompts([outbound, password, `canary-${status}`, yes]);
      try {
        await runWith(watchedPrompts(prompts, watch), given);
        assert.fail('the tenant refused');
      } catch (error) {
        assert.ok(KeystoreError.is(error), String(error));
        watch.see(error, prompts.messages);
      }
    }
    watch.see(world.tenant.journal, local.stored());
    assert.equal(sent.length, 2);
    watch.expectNone([password, privatePartOf(other.key), ...sent.map((container) => container.password)]);
    assert.deepEqual(performed(), []);
  });

  it('sends nothing where the review is not agreed to', async () => {
    const given = file('no.pem', leaf.key + leaf.certificate);
    await assert.rejects(run([outbound, 'no', { wish: 'no' }], given), Cancelled);
    assert.deepEqual([...performed(), ...sent], []);
  });
});

describe('passwords of containers', () => {
  it('keep the rules for keystore passwords, and never repeat', () => {
    const made = Array.from({ length: 500 }, () => tenantPassword());
    for (const one of made) {
      assert.match(one, /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^a-zA-Z0-9])[\x21-\x7e]{40}$/);
    }
    assert.equal(new Set(made).size, made.length);
  });
});

function explanation(error: KeystoreError): string {
  return String(error.details['explanation']);
}
