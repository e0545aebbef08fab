import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../src/commands/environment.js';
import { whichKeyFits, type WhichKeyPorts } from '../../../src/commands/whichKeyFits.js';
import { KeystoreError } from '../../../src/errors.js';
import { readCertificates } from '../../../src/pki/container.js';
import { formatSshPublicKey, sshPublicKey } from '../../../src/pki/sshPublicKey.js';
import type { Connection } from '../../../src/services/connection.js';
import type { KeySearch } from '../../../src/services/publicKeys.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';
import { fileUri, localWorld, type LocalWorld } from '../../support/localWorld.js';
import { OpensslPki } from '../../support/opensslPki.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

describe('Which Key Fits?', function () {
  this.timeout(30_000);
  const pki = new OpensslPki();
  const authority = pki.ca('/CN=Which Root');
  const orders = pki.issue(authority, '/CN=orders');
  const connection = { id: 't1', name: 'ACME Dev' } as unknown as Connection;
  const entry = keystoreEntry({ alias: 'orders-sender' });
  let world: LocalWorld;
  let revealed: string[];
  let searched: ReadonlySet<string>[];
  let commands: string[];
  beforeEach(() => {
    commands = [];
    world = localWorld();
    revealed = [];
    searched = [];
  });
  afterEach(() => world.dispose());
  after(() => pki.dispose());

  const put = (name: string, content: string | Uint8Array): string => {
    const path = join(world.folder, name);
    fs.writeFileSync(path, content);
    return path;
  };

  async function run(
    answers: ScriptedAnswer[],
    argument: unknown,
    options: {
      readonly found?: Partial<KeySearch>;
      readonly folder?: boolean;
      readonly connections?: readonly Connection[];
      readonly isCut?: boolean;
    } = {},
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    const environment = {
      prompts,
      connections: { list: () => options.connections ?? [connection], get: () => connection },
      keystores: {
        entriesOrRead: () => Promise.resolve([entry]),
        access: () =>
          Promise.resolve({
            client: { readCertificate: () => Promise.resolve(Buffer.from(orders.certificate)) },
          }),
      },
      navigator: {
        revealEntry: (tenantId: string, hexalias: string) => {
          revealed.push(`${tenantId}/${hexalias}`);
          return Promise.resolve();
        },
      },
    } as unknown as Environment;
    const ports: WhichKeyPorts = {
      ...world.ports,
      run: (command) => commands.push(command),
      workspaceFolders: () => (options.folder === true ? [fileUri(world.folder)] : []),
      keyFiles: () =>
        Promise.resolve({
          isCut: options.isCut === true,
          files: fs.readdirSync(world.folder).map((name) => {
            const path = join(world.folder, name);
            return {
              name,
              uri: fileUri(path),
              size: fs.statSync(path).size,
              read: () => Promise.resolve(new Uint8Array(fs.readFileSync(path))),
            };
          }),
        }),
      publicKeys: {
        find: (wanted) => {
          searched.push(wanted);
          const nothing = { owners: [], compared: 1, unreadTenants: [], unreadEntries: [] };
          return Promise.resolve({ ...nothing, ...options.found });
        },
      },
    };
    await whichKeyFits(environment, argument, ports, world.context);
    prompts.done();
    return prompts;
  }

  const spki = (): string =>
    pki.openssl(
      ['pkey', '-pubin', '-outform', 'DER', '-in', put('public.pem', publicPem())],
      ['-out', join(world.folder, 'public.der')],
    ) + pki.openssl(['dgst', '-sha256', '-r', join(world.folder, 'public.der')]).slice(0, 64);
  const publicPem = (): string => pki.openssl(['pkey', '-in', put('orders.key', orders.key), '-pubout']);

  it('looks for the key of a certificate, not of those above it, and reveals the entry', async () => {
    const file = put('orders.pem', authority.certificate + orders.certificate);
    const owner = { connection, entry, spkiSha256: '' };
    await run(['orders-sender'], fileUri(file), { found: { owners: [owner] } });
    assert.deepEqual(searched, [new Set([spki()])]);
    assert.deepEqual(revealed, [`t1/${entry.hexalias}`]);
  });

  it('looks for the keys of a request and of a private key as well', async () => {
    const key = put('k.key', orders.key);
    const request = pki.openssl(['req', '-new', '-key', key, '-subj', '/CN=orders']);
    for (const file of [put('orders.csr', request), key]) {
      const prompts = await run([], fileUri(file), { found: { unreadTenants: ['ACME Prod'] } });
      assert.match(
        prompts.messages.join(),
        /No entry has the key.*1 entries were compared.*"ACME Prod" could not/,
      );
    }
    assert.deepEqual(searched, [new Set([spki()]), new Set([spki()])]);
  });

  it('leaves out the entry itself, and looks into files only when asked, naming those that are locked', async () => {
    put('orders.key', orders.key);
    put('locked.key', pki.encrypted(orders.key));
    put('orders.crt', orders.certificate);
    put('other.pem', authority.certificate);
    put('notes.txt', 'nothing');
    const owner = { connection, entry, spkiSha256: '' };
    const argument = { tenantId: 't1', hexalias: entry.hexalias };
    const prompts = await run([/^Search the Files/, 'orders.key'], argument, {
      found: { owners: [owner] },
      folder: true,
    });
    assert.match(prompts.asked[0] ?? '', /^0 entries have the key of "orders-sender"/);
    assert.match(prompts.asked[1] ?? '', /^2 files have the key.*need a password: locked\.key/);
    assert.deepEqual(world.ran, [{ command: 'vscode.open', path: join(world.folder, 'orders.key') }]);
    assert.deepEqual(revealed, []);
  });

  it('finds the key among several private keys of a file', async () => {
    const other = pki.issue(authority, '/CN=other').key;
    put('several.pem', other + pki.encrypted(other) + orders.key);
    const given = put('orders.crt', orders.certificate);
    const prompts = await run([/^Search the Files/, 'several.pem'], fileUri(given), { folder: true });
    assert.match(prompts.asked[1] ?? '', /^1 files have the key.*need a password: several\.pem/);
  });

  it('says that only the first files of a large folder were looked at', async () => {
    const given = fileUri(put('orders.crt', orders.certificate));
    const none = await run([/^Search the Files/], given, { folder: true, isCut: true });
    assert.match(none.messages.join(), /No file.*Only the first 500 such files of the open folder/);
    put('orders.key', orders.key);
    const some = await run([/^Search the Files/, 'orders.key'], given, { folder: true, isCut: true });
    assert.match(some.asked[1] ?? '', /^1 files have the key.*Only the first 500/);
  });

  const keyOf = (pem: string): string => readCertificates(Buffer.from(pem)).certificates[0]?.spkiSha256 ?? '';
  const sshLine = (key: string): string => {
    const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return formatSshPublicKey(sshPublicKey(new Uint8Array(der), 'me@here'));
  };

  /** A PKCS#12 of these; its key, where it has one, is that of the first certificate. */
  function pkcs12(
    name: string,
    certificates: readonly string[],
    { key, password = '' }: { readonly key?: string; readonly password?: string } = {},
  ): string {
    const sources = new Map([
      ['certificates', certificates.join('')],
      ['key', key ?? ''],
    ]);
    const [source = '', keySource = ''] = [...sources].map(([what, content]) =>
      put(`${name}.${what}`, content),
    );
    const path = join(world.folder, name);
    pki.openssl(
      ['pkcs12', '-export', '-in', source, '-passout', `pass:${password}`, '-out', path, '-name', name],
      key === undefined ? ['-nokeys'] : ['-inkey', keySource],
    );
    fs.rmSync(source);
    fs.rmSync(keySource);
    return path;
  }

  it('looks for every key of a PKCS#12, not for that of one leaf alone', async () => {
    const invoices = pki.issue(authority, '/CN=invoices');
    const password = 'password of the test';
    const both = join(world.folder, 'both.p12');
    for (const [index, { certificate, key }] of [orders, invoices].entries()) {
      const single = pkcs12(`single-${index}.p12`, [certificate, authority.certificate], { key, password });
      execFileSync(
        'keytool',
        [
          ...['-importkeystore', '-noprompt', '-srckeystore', single, '-srcstoretype', 'PKCS12'],
          ...['-srcstorepass', password, '-destkeystore', both, '-deststoretype', 'PKCS12'],
          ...['-deststorepass', password],
        ],
        { stdio: 'pipe' },
      );
    }
    await run([password], fileUri(both));
    assert.deepEqual(searched, [new Set([keyOf(orders.certificate), keyOf(invoices.certificate)])]);
  });

  it('looks for every certificate of a PKCS#12 without keys that has issued none of the others', async () => {
    const other = pki.issue(authority, '/CN=invoices');
    const file = pkcs12('trust.p12', [orders.certificate, authority.certificate, other.certificate], {});
    await run([], fileUri(file));
    assert.deepEqual(searched, [new Set([keyOf(orders.certificate), keyOf(other.certificate)])]);
  });

  it('looks for SSH public keys, and for public keys in PEM', async () => {
    for (const file of [put('id.pub', sshLine(orders.key)), put('public.pub', publicPem())]) {
      await run([], fileUri(file));
    }
    assert.deepEqual(searched, [new Set([spki()]), new Set([spki()])]);
  });

  it('looks for the public part of an OpenSSH private key, encrypted or not, without a passphrase', async () => {
    const path = put('id.key', orders.key);
    fs.chmodSync(path, 0o600);
    execFileSync('ssh-keygen', ['-p', '-f', path, '-P', '', '-N', 'secret of the test'], { stdio: 'pipe' });
    assert.match(fs.readFileSync(path, 'utf8'), /OPENSSH PRIVATE KEY/);
    await run([], fileUri(path));
    assert.deepEqual(searched, [new Set([spki()])]);
  });

  it('refuses an SSH key of a type that no certificate has', async () => {
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = Buffer.concat(
      [type, '0'.repeat(32), 'ssh:'].map((part) =>
        Buffer.from(`\0\0\0${String.fromCharCode(part.length)}${part}`),
      ),
    );
    await assert.rejects(
      run([], fileUri(put('token.pub', `${type} ${blob.toString('base64')}`))),
      (error) =>
        KeystoreError.is(error, 'unsupported') &&
        /no certificate has/.test(String(error.details.explanation)),
    );
  });

  it('looks into PKCS#12 files that open with the empty password, and into SSH keys among the files', async () => {
    pkcs12('open.p12', [orders.certificate], { key: orders.key });
    pkcs12('locked.p12', [orders.certificate], { key: orders.key, password: 'secret of the test' });
    put('damaged.p12', Buffer.from(fs.readFileSync(join(world.folder, 'open.p12')).subarray(0, 200)));
    put('id.pub', sshLine(orders.key));
    put('other.pub', sshLine(authority.key));
    put('public.pub', publicPem());
    fs.rmSync(join(world.folder, 'orders.key'));
    const prompts = await run(
      [/^Search the Files/, 'open.p12'],
      fileUri(put('wanted.crt', orders.certificate)),
      {
        folder: true,
      },
    );
    assert.equal(
      prompts.asked[1],
      [
        '3 files have the key of "wanted.crt"',
        '5 files were compared.',
        'Not looked into, since they need a password: locked.p12.',
        '1 files could not be read.',
      ].join(' · '),
    );
  });

  it('says that no tenant is connected, and offers to connect one beside the search in files', async () => {
    put('orders.key', orders.key);
    const file = fileUri(put('orders.crt', orders.certificate));
    const without = { connections: [] };
    const prompts = await run(['Add Tenant…'], file, without);
    assert.deepEqual(prompts.asked, ['No tenant is connected, so no entry was compared']);
    await run(['Open Practice Tenant'], file, without);
    assert.deepEqual(commands, ['ciKeystore.tenant.add', 'ciKeystore.practice.open']);
    await run([/^Search the Files/, 'orders.key'], file, { ...without, folder: true });
    assert.deepEqual(world.ran, [{ command: 'vscode.open', path: join(world.folder, 'orders.key') }]);
    assert.deepEqual(searched, []);
  });

  it('refuses a file without any key', async () => {
    await assert.rejects(run([], fileUri(put('notes.pem', 'nothing'))), (error) =>
      KeystoreError.is(error, 'malformed'),
    );
    assert.deepEqual(searched, []);
  });
});
