import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../src/commands/environment.js';
import { revealEntryOfKey, showServiceKeys } from '../../../src/commands/inbound/links.js';
import type { InboundPorts } from '../../../src/commands/inbound/ports.js';
import { KeystoreError } from '../../../src/errors.js';
import type { Connection } from '../../../src/services/connection.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../support/inboundWorld.js';
import { fileUri, localWorld, type LocalWorld } from '../../support/localWorld.js';
import { OpensslPki } from '../../support/opensslPki.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

describe('commands/inbound/links', function () {
  this.timeout(30_000);
  const certificates = new InboundWorld();
  const pki = new OpensslPki();
  const { ca, current, other } = certificates;
  const connection = {
    id: 't1',
    name: 'ACME Dev',
    address: { url: 'https://acme.example', authentication: { kind: 'clientSecret' } },
  } as unknown as Connection;
  const instances = [inboundInstance([inboundKey('orders', external(current))])];
  const row = { kind: 'serviceKey', tenantId: 't1', instanceGuid: 'i1', keyGuid: 'orders' };
  let world: LocalWorld;
  let shown: string[];
  beforeEach(() => {
    world = localWorld();
    shown = [];
  });
  afterEach(() => world.dispose());
  after(() => {
    certificates.dispose();
    pki.dispose();
  });

  const put = (name: string, content: string | Uint8Array): string => {
    const path = join(world.folder, name);
    fs.writeFileSync(path, content);
    return path;
  };
  /** Made by openssl of what lies in the folder. */
  const made = (name: string, ...words: readonly string[]): string => {
    const path = join(world.folder, name);
    pki.openssl([...words, '-out', path]);
    return path;
  };
  const container = (password: string): string =>
    made(
      'orders.p12',
      ...['pkcs12', '-export', '-passout', `pass:${password}`],
      ...['-inkey', put('orders.key', current.key), '-in', put('orders-leaf.pem', current.certificate)],
    );

  const run = async (
    command: typeof showServiceKeys,
    argument: unknown,
    answers: ScriptedAnswer[] = [],
    names: readonly string[] = [],
  ): Promise<void> => {
    const prompts = new ScriptedPrompts(answers);
    const environment = {
      prompts,
      connections: { list: () => [connection], get: () => connection },
      cloudFoundry: { state: () => ({ kind: 'signedIn' }) },
      keystores: { entriesOrRead: () => Promise.resolve([]) },
    } as unknown as Environment;
    const clients = {
      data: () => ({ instances, isEverySpace: true, isComplete: true }),
      ensure: () => Promise.resolve({ instances, isEverySpace: true, isComplete: true }),
      tenant: () => ({ failedKeys: new Map() }),
      readKey: () => Promise.resolve(),
      requestsOfReadAll: () => 0,
    };
    const ports = {
      ...world.ports,
      clients,
      mappings: { tenant: () => undefined },
      reveal: ({ keyGuid }: { keyGuid: string }) => Promise.resolve(shown.push(keyGuid) > 0),
      certificateFiles: () =>
        Promise.resolve({
          files: names.map((name) => {
            const path = join(world.folder, name);
            return {
              uri: fileUri(path),
              name,
              size: fs.statSync(path).size,
              read: () => Promise.resolve(new Uint8Array(fs.readFileSync(path))),
            };
          }),
          isCut: false,
        }),
      openFile: ({ fsPath }: { fsPath: string }) => Promise.resolve(void shown.push(fsPath)),
    } as unknown as InboundPorts;
    await command(environment, argument, ports, world.context);
    prompts.done();
  };
  const explained = (pattern: RegExp) => (error: unknown) =>
    KeystoreError.is(error) && pattern.test(String(error.details.explanation));

  it("finds the keys with the sender's certificate of a file, wherever in the file it stands", async () => {
    const rootFirst = put('chain.pem', ca.certificate + current.certificate);
    await run(showServiceKeys, fileUri(rootFirst));
    const reversed = made('chain.p7b', 'crl2pkcs7', '-nocrl', '-certfile', rootFirst);
    await run(showServiceKeys, fileUri(reversed));
    assert.deepEqual(shown, ['orders', 'orders']);
  });

  it('asks for the password of a PKCS#12 to find the keys with its certificate', async () => {
    await run(showServiceKeys, fileUri(container('secret')), ['secret']);
    assert.deepEqual(shown, ['orders']);
  });

  it('finds the certificate of a key in a PKCS#12 without a password', async () => {
    const path = container('');
    await run(revealEntryOfKey, row, [], ['orders.p12']);
    assert.deepEqual(shown, [path]);
  });

  it('names the files that it could not look into', async () => {
    container('secret');
    put('damaged.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    put('large.der', new Uint8Array(300_000));
    put('other.pem', other.certificate);
    put('orders.key', current.key);
    await assert.rejects(
      run(revealEntryOfKey, row, [], ['orders.p12', 'damaged.pem', 'large.der', 'other.pem', 'orders.key']),
      explained(/Not read: orders\.p12, damaged\.pem, large\.der\.$/),
    );
    for (let count = 0; count < 12; count++) {
      put(`damaged${count}.pem`, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    }
    await assert.rejects(
      run(
        revealEntryOfKey,
        row,
        [],
        [...Array(12).keys()].map((count) => `damaged${count}.pem`),
      ),
      explained(/damaged9\.pem and 2 more\.$/),
    );
  });
});
