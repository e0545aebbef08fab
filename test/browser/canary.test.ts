import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CanaryWatch, privatePartOf } from '../support/canary.js';
import { OpensslPki, type Credential } from '../support/opensslPki.js';
import { json, TenantDouble, type Fault, type ReceivedRequest } from '../support/tenantDouble.js';
import { eventually } from './eventually.js';
import { Workbench } from './workbench.js';

/** The place where VS Code itself keeps secrets in a browser. */
const secretStore = 'secrets.provider';
const password = 'PASSWORD-canary-11';

describe('secrets that a person enters', () => {
  const watch = new CanaryWatch();
  let pki: OpensslPki;
  let client: Credential;
  let double: TenantDouble;
  let workbench: Workbench;

  before(async () => {
    pki = new OpensslPki();
    const ca = pki.ca('/CN=Client CA');
    client = pki.issue(ca, '/CN=client');
    double = await TenantDouble.start();
    double.reads.set('/api/v1/KeystoreEntries', () =>
      json(200, { d: { results: [{ Alias: 'acme', Type: 'Key Pair', Owner: 'Tenant Administrator' }] } }),
    );
    workbench = await Workbench.open();
    workbench.page.on('console', (message) => watch.see(message.text()));
    await workbench.openContainer('SAP Keystore');
  });
  after(async () => {
    await workbench.close();
    await double.stop();
    pki.dispose();
  });

  /** All that is on screen, with labels and titles; pages of the extension included. */
  async function look(): Promise<void> {
    for (const frame of workbench.page.frames()) {
      watch.see(await frame.content().catch(() => 'a frame that has gone'));
    }
  }

  /** All that is stored outside of the place for secrets: on the server's disk, in the browser, in the extension's objects. */
  async function lookIntoStores(): Promise<void> {
    const files = filesBelow(join(workbench.server.userData, '..'));
    const stored: unknown = await workbench.page.evaluate(readBrowserStores);
    const state = JSON.stringify(stored, (key, value: unknown) => (key.includes(secretStore) ? '' : value));
    watch.see(...files, state);
    // Where these two are missing, it was looked in the wrong places.
    assert.match(files.join('\n'), /POST \/oauth\/token/);
    assert.match(state, /With a secret/);
    watch.see(
      await workbench.inHost(({ connections, keystores }: Exports) =>
        JSON.stringify([
          connections.list(),
          keystores.tenants(),
          connections.list().map(({ id }) => keystores.entries(id)),
        ]),
      ),
    );
    watch.see(await workbench.editorText());
  }

  /** A refusal that repeats what came from now on: nobody can know what a server has from somebody else. */
  function echo(on: Fault['on'], status: number): Fault {
    const from = double.received.length;
    return {
      on,
      status,
      get body() {
        const value = JSON.stringify(
          double.received.slice(from).map(({ headers, body }: ReceivedRequest) => [headers, body.toString()]),
        );
        return JSON.stringify({ error: { code: 'Bad Request', message: { lang: 'en', value } } });
      },
    };
  }

  async function nameTenant(name: string): Promise<void> {
    await workbench.quickInput.waitFor('Name of the tenant in this list');
    await workbench.quickInput.enter(name);
    await workbench.quickInput.waitFor('Stage of the tenant');
    await look();
    await workbench.quickInput.accept();
    await workbench.row(name).waitFor();
    await look();
  }

  const secrets = (): (string | Uint8Array)[] => [
    double.clientSecret,
    password,
    privatePartOf(client.key),
    'TOKEN-canary',
    ...double.received.flatMap(({ headers }) => {
      const csrf = String(headers['x-csrf-token'] ?? 'Fetch');
      return csrf === 'Fetch' ? [] : [csrf];
    }),
  ];

  afterEach(async () => {
    await lookIntoStores();
    watch.expectNone(secrets());
  });

  it('appear nowhere when a service key with a secret is pasted, a wrong one first', async () => {
    const { quickInput } = workbench;
    const key = (over: object): string =>
      JSON.stringify({
        oauth: {
          clientid: double.clientId,
          clientsecret: double.clientSecret,
          url: double.url,
          tokenurl: double.tokenUrl,
          ...over,
        },
      });
    await workbench.runCommand('SAP Keystore: Add Tenant…');
    await quickInput.waitFor('A service key of plan "api"');
    await quickInput.pick('Paste a service key');
    await quickInput.waitFor('Paste the whole service key');
    await quickInput.enter(key({ tokenurl: undefined }));
    await quickInput.waitFor('tokenurl');
    await look();
    await quickInput.enter(key({}));
    await nameTenant('With a secret');
    await workbench.expand('With a secret');
    await workbench.row('Key Pairs').waitFor();
  });

  it('appear nowhere when user and password are entered by hand', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('SAP Keystore: Add Tenant…');
    await quickInput.waitFor('A service key of plan "api"');
    await quickInput.pick('User and password');
    await quickInput.waitFor('Address of the tenant');
    await quickInput.enter(double.url);
    await quickInput.waitFor('User');
    await quickInput.enter('S0001');
    await quickInput.waitFor('Password');
    await quickInput.fill(password);
    await look();
    await quickInput.back();
    await quickInput.waitFor('User');
    await look();
    await quickInput.accept();
    await quickInput.waitFor('Password');
    await quickInput.enter(password);
    await nameTenant('With a password');
  });

  it('appear nowhere when a service key with a certificate comes from the clipboard', async () => {
    const { quickInput } = workbench;
    const oauth = {
      clientid: 'sb-2',
      certificate: client.certificate,
      key: client.key,
      url: double.url,
      tokenurl: double.tokenUrl,
    };
    for (const [wrong, text] of [
      [true, JSON.stringify({ oauth: { ...oauth, certificate: client.key } })],
      [false, JSON.stringify({ oauth })],
    ] as const) {
      await workbench.writeClipboard(text);
      await workbench.runCommand('SAP Keystore: Add Tenant…');
      await quickInput.waitFor('A service key of plan "api"');
      await quickInput.pick('Service key from the clipboard');
      if (wrong) {
        await workbench.notification('certificate').waitFor();
        await look();
      }
    }
    await nameTenant('With a certificate');
    await workbench.writeClipboard('');
  });

  it('appear nowhere when the tenant refuses everything and repeats what it got', async () => {
    for (const name of ['With a secret', 'With a password', 'With a certificate']) {
      for (const [on, status] of [
        ['token', 401],
        ['csrf', 400],
        ['read', 500],
        ['read', 403],
      ] as const) {
        const fault = echo(on, status);
        double.faults.push(fault, fault);
        double.expireTokens();
        const before = double.received.length;
        await workbench.contextMenu(name, 'Refresh');
        await eventually('the tenant was asked', () => Promise.resolve(double.received.length > before));
        await look();
        await workbench.contextMenu(name, 'Test Connection');
        await workbench.notification(/Test Connection|the API answers/).waitFor();
        await look();
        await workbench.executeCommand('notifications.clearAll');
        double.faults.length = 0;
      }
    }
    await workbench.row('With a secret').hover();
    await look();
  });

  it('appear nowhere on a page, in an editor and in the log', async () => {
    await workbench.contextMenu('With a secret', 'Refresh');
    await workbench.expand('With a secret');
    await workbench.expand('Key Pairs');
    await workbench.contextMenu(/acme/, 'Inspect');
    await workbench.webview.getByRole('heading', { name: 'acme', exact: true }).first().waitFor();
    await look();
    await workbench.contextMenu(/acme/, 'Show Mapping Set-Up');
    await workbench.webview.getByRole('heading', { name: 'Sender set-up: acme' }).waitFor();
    await look();
    await workbench.runCommand('SAP Keystore: Show Log');
    await workbench.page.locator('.part.panel').getByText('GET /api/v1/KeystoreEntries').first().waitFor();
    await look();
  });

  it('appear nowhere after a reload, and still sign in', async () => {
    await workbench.reload();
    await workbench.openContainer('SAP Keystore');
    await workbench.row('With a password').waitFor();
    await workbench.contextMenu('With a secret', 'Test Connection');
    await workbench.notification('the API answers').waitFor();
    await look();
  });
});

/** The part of the extension's exports that is looked at, as the extension host has it. */
interface Exports {
  readonly connections: { list(): readonly { readonly id: string }[] };
  readonly keystores: { tenants(): unknown; entries(id: string): unknown };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/x/'))
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`);
}

/** Runs in the page: local storage and all of IndexedDB. */
async function readBrowserStores(): Promise<unknown> {
  const page = globalThis as unknown as {
    readonly localStorage: Readonly<Record<string, string>>;
    readonly indexedDB: {
      databases(): Promise<{ name?: string }[]>;
      open(name: string): { result: Database; onsuccess: () => void; onerror: () => void };
    };
  };
  interface Database {
    readonly objectStoreNames: Iterable<string>;
    transaction(name: string): { objectStore(name: string): { openCursor(): CursorRequest } };
    close(): void;
  }
  interface CursorRequest {
    readonly result: { readonly key: unknown; readonly value: unknown; continue(): void } | null;
    onsuccess: () => void;
    onerror: () => void;
  }
  const found: Record<string, unknown> = { ...page.localStorage };
  for (const { name = '' } of await page.indexedDB.databases()) {
    const database = await new Promise<Database>((resolve, reject) => {
      const request = page.indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(`the database ${name} cannot be opened`));
    });
    for (const store of database.objectStoreNames) {
      await new Promise<void>((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).openCursor();
        request.onsuccess = () => {
          if (request.result === null) {
            resolve();
            return;
          }
          const { key, value } = request.result;
          const text = typeof value === 'string' ? value : new TextDecoder().decode(value as Uint8Array);
          found[`${name}/${store}/${String(key)}`] = text;
          request.result.continue();
        };
        request.onerror = () => reject(new Error(`the store ${store} cannot be read`));
      });
    }
    database.close();
  }
  return found;
}
