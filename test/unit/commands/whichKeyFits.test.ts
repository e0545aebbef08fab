import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../src/commands/environment.js';
import { whichKeyFits, type WhichKeyPorts } from '../../../src/commands/whichKeyFits.js';
import { KeystoreError } from '../../../src/errors.js';
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
  beforeEach(() => {
    world = localWorld();
    revealed = [];
    searched = [];
  });
  afterEach(() => world.dispose());
  after(() => pki.dispose());

  const put = (name: string, content: string): string => {
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
      readonly tenants?: readonly Connection[];
      readonly isCut?: boolean;
    } = {},
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    const environment = {
      prompts,
      connections: { list: () => options.tenants ?? [connection], get: () => connection },
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

  it('says that no tenant is connected, with and without files to search', async () => {
    const file = fileUri(put('orders.key', orders.key));
    const alone = await run([], file, { tenants: [] });
    assert.match(alone.messages.join(), /no tenant is connected and no folder is open/);
    put('orders.crt', orders.certificate);
    const prompts = await run([/^Search the Files/, 'orders.crt'], file, { tenants: [], folder: true });
    assert.match(prompts.asked[0] ?? '', /^No tenant is connected; the key of "orders\.key" can be among/);
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

  it('refuses a file without any key', async () => {
    await assert.rejects(run([], fileUri(put('notes.pem', 'nothing'))), (error) =>
      KeystoreError.is(error, 'malformed'),
    );
    assert.deepEqual(searched, []);
  });
});
