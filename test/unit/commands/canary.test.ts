import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { importSigningResponse } from '../../../src/commands/importSigningResponse.js';
import { addTenant, editTenant, signIn } from '../../../src/commands/tenantCommands.js';
import type { ActionContext, Environment } from '../../../src/commands/environment.js';
import { Cancelled } from '../../../src/errors.js';
import type { Connection } from '../../../src/services/connection.js';
import { Log } from '../../../src/services/log.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { writeEncryptedPrivateKey } from '../../../src/pki/privateKeyWriter.js';
import { encodeHexalias } from '../../../src/tenant/hexalias.js';
import { failureMessage } from '../../../src/ui/failureMessage.js';
import { CanaryWatch, privatePartOf } from '../../support/canary.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';
import { builtInTrust } from '../../support/trust.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';
import type { Fault, TenantDouble } from '../../support/tenantDouble.js';
import { startTenant, type TenantFixture } from '../../support/tenantFixture.js';
import { watchedPrompts } from '../../support/watchedPrompts.js';
import { issueChain } from '../pki/testAuthority.js';

const url = 'https://acme-dev.it-cpi001.cfapps.eu10.hana.ondemand.com';
const tokenUrl = 'https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token';
const secret = 'SECRET-canary/+ "$&9=ü';

/** Commands over connections in memory, with everything that could be seen of them under watch. */
class World {
  readonly watch = new CanaryWatch();
  readonly prompts: ScriptedPrompts;
  /** What global state would hold. */
  readonly list: Connection[];
  readonly environment: Environment;
  private readonly log: Log;

  constructor(answers: ScriptedAnswer[], list: Connection[] = [], over: Partial<Environment> = {}) {
    this.prompts = new ScriptedPrompts(answers);
    this.list = list;
    const write = (line: string): void => this.watch.see(line);
    const sink: Partial<vscode.LogOutputChannel> = { info: write, error: write };
    this.log = new Log(sink as vscode.LogOutputChannel);
    const connections = {
      list: () => this.list,
      get: (id: string) => this.list.find((connection) => connection.id === id),
      add: (connection: Omit<Connection, 'id'>) => {
        const added = { ...connection, id: 't1' };
        this.list.push(added);
        return Promise.resolve(added);
      },
      update: (connection: Connection) => {
        this.list.splice(0, 1, connection);
        return Promise.resolve();
      },
    };
    this.environment = {
      connections,
      keystores: { load: () => undefined },
      prompts: watchedPrompts(this.prompts, this.watch),
      navigator: { revealTenant: () => Promise.resolve(), revealEntry: () => Promise.resolve() },
      now: () => Date.UTC(2026, 10, 1),
      run: () => Promise.resolve(),
      trust: builtInTrust,
      ...over,
    } as unknown as Environment;
  }

  /** Runs an action as `ActionRunner` does, and looks at the error as closely as a bug report could. */
  async run(title: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        this.log.failure(title, error);
        this.watch.see(failureMessage(error, title, 'ACME').text, error);
      }
    }
    this.watch.see(this.list, this.prompts.messages);
  }
}

const context: ActionContext = {
  signal: new AbortController().signal,
  withProgress: (_title, work) => work({ signal: context.signal, report: () => undefined }),
};
const noFile = (): Promise<Uint8Array> => Promise.reject(new Error('no file'));

describe('secrets in what a person enters appear nowhere', () => {
  let pki: OpensslPki;
  let client: Credential;
  let other: Credential;
  before(() => {
    pki = new OpensslPki();
    const ca = pki.ca('/CN=Client CA');
    client = pki.issue(ca, '/CN=client');
    other = pki.issue(ca, '/CN=other');
  });
  after(() => pki.dispose());

  /** Service keys of both kinds, right and wrong in each way that is told field by field. */
  const keys = (): Readonly<Record<string, { text: string; secrets: (string | Uint8Array)[] }>> => {
    const ofSecret = (over: object): { text: string; secrets: string[] } => ({
      text: JSON.stringify({
        oauth: { clientid: 'sb-1', clientsecret: secret, url, tokenurl: tokenUrl, ...over },
      }),
      secrets: [secret],
    });
    const ofCertificate = (over: object): { text: string; secrets: Uint8Array[] } => ({
      text: JSON.stringify({
        oauth: {
          clientid: 'sb-1',
          certificate: client.certificate,
          key: client.key,
          url,
          tokenurl: tokenUrl,
          ...over,
        },
      }),
      secrets: [privatePartOf(client.key)],
    });
    const cut = ofSecret({});
    return {
      'with a secret': ofSecret({}),
      'with a secret and without an address': ofSecret({ url: undefined }),
      'with the secret in the address': ofSecret({
        url: `https://x:${encodeURIComponent(secret)}@acme.example`,
      }),
      'with the secret for an address': ofSecret({ url: secret, tokenurl: secret }),
      'with a client id of another type': ofSecret({ clientid: { secret } }),
      'of plan integration-flow': ofSecret({ clientid: 'sb-x|it-rt-acme!b1' }),
      'that is cut off': { ...cut, text: cut.text.slice(0, -20) },
      'with a comma too many': { ...cut, text: cut.text.replace('}}', ',}}') },
      'that is not JSON': { text: secret, secrets: [secret] },
      'with a certificate': ofCertificate({}),
      'with literal line ends': ofCertificate({ key: client.key.replaceAll('\n', '\\n') }),
      'with the key of another certificate': {
        ...ofCertificate({ key: other.key }),
        secrets: [privatePartOf(other.key)],
      },
      'with a damaged private key': ofCertificate({
        key: client.key.replace(/.{5}\n-----END/, '\n-----END'),
      }),
      'with the key in place of the certificate': ofCertificate({ certificate: client.key }),
      'with the certificate in place of the key': ofCertificate({
        key: client.certificate,
        certificate: client.key,
      }),
      'with the key for a client id': ofCertificate({ clientid: client.key, url: client.key }),
    };
  };
  const names = [
    'with a secret',
    'with a secret and without an address',
    'with the secret in the address',
    'with the secret for an address',
    'with a client id of another type',
    'of plan integration-flow',
    'that is cut off',
    'with a comma too many',
    'that is not JSON',
    'with a certificate',
    'with literal line ends',
    'with the key of another certificate',
    'with a damaged private key',
    'with the key in place of the certificate',
    'with the certificate in place of the key',
  ];

  for (const name of names) {
    it(`service key ${name}, pasted, from the clipboard, from a file`, async () => {
      const key = keys()[name];
      if (key === undefined) {
        throw new Error('no such key');
      }
      const rest: ScriptedAnswer[] = [{ wish: 'keep' }, 'DEV'];
      const pasted = new World(['Paste a service key…', key.text, ...rest]);
      await pasted.run('Add Tenant', () => addTenant(pasted.environment, noFile));
      pasted.watch.expectNone(key.secrets);
      const copied = new World(['Service key from the clipboard', ...rest]);
      copied.prompts.clipboard = key.text;
      await copied.run('Add Tenant', () => addTenant(copied.environment, noFile));
      copied.watch.expectNone(key.secrets);
      const file = { uri: { path: '/key.json' } as unknown as vscode.Uri };
      const read = new World(['Service key from a file…', file, ...rest]);
      await read.run('Add Tenant', () =>
        addTenant(read.environment, () => Promise.resolve(Buffer.from(key.text))),
      );
      read.watch.expectNone(key.secrets);
    });
  }

  it('client secret by hand, also after going back and forth', async () => {
    const world = new World([
      'Client id and secret…',
      url,
      tokenUrl,
      'sb-1',
      secret,
      { wish: 'back' },
      secret,
      'ACME',
      'DEV',
    ]);
    await world.run('Add Tenant', () => addTenant(world.environment, noFile));
    world.prompts.done();
    world.watch.expectNone([secret]);
  });

  it('basic password by hand, then edited and signed in again', async () => {
    const world = new World(['User and password…', url, 'S0001', secret, 'ACME', 'DEV']);
    await world.run('Add Tenant', () => addTenant(world.environment, noFile));
    world.prompts.done();
    const edited = new World(['User and password…', url, 'S0001', secret, 'ACME', 'DEV'], world.list);
    await edited.run('Edit Tenant', () => editTenant(edited.environment, { tenantId: 't1' }, noFile));
    edited.prompts.done();
    const signedIn = new World([secret], world.list);
    await signedIn.run('Sign In', () => signIn(signedIn.environment, { tenantId: 't1' }));
    signedIn.prompts.done();
    for (const { watch } of [world, edited, signedIn]) {
      watch.expectNone([secret]);
    }
  });
});

describe('a private key that stands in a signing response', () => {
  const { root, intermediate, leaf } = issueChain();
  const chain = [leaf, intermediate, root].map(({ certificate }) => certificate.der);
  const keyPem = leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keyDer = leaf.key.privateKey.export({ type: 'pkcs8', format: 'der' });
  const passphrase = 'PASSPHRASE-canary-31';
  const writing = {
    password: passphrase,
    profile: 'modern',
    rounds: 2048,
    derivation: localKeyDerivation,
  } as const;
  const pem = chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const contents: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
    'before the certificates': () => Buffer.from(keyPem + pem),
    'after the certificates': () => Buffer.from(pem + keyPem),
    'between text': () => Buffer.from(`passphrase: ${passphrase}\n${pem}\nBag Attributes\n${keyPem}`),
    'alone, as PEM': () => Buffer.from(keyPem),
    'alone, as DER': () => keyDer,
    'alone, as base64': () => Buffer.from(keyDer.toString('base64')),
    'behind DER certificates': () => Buffer.concat([...chain, keyDer]),
    'in PKCS#12': () => writePkcs12({ privateKey: keyDer, certificates: chain }, writing),
    'encrypted beside certificates': async () =>
      Buffer.from(pem + (await writeEncryptedPrivateKey(keyDer, writing))),
    'as UTF-16': () => Buffer.from(`\ufeff${pem}${keyPem}`, 'utf16le'),
    'in JSON': () => Buffer.from(JSON.stringify({ certificate: pem, key: keyPem, password: passphrase })),
  };

  /** Those of which nothing can be sent. */
  const withoutCertificates = /^alone|PKCS#12|DER certificates/;

  for (const [name, content] of Object.entries(contents)) {
    it(`is neither sent nor shown: ${name}`, async () => {
      const bytes = await content();
      const fixture = await tenantWithKeyPair(Buffer.from(pem));
      try {
        for (const fileName of ['response.pem', 'response.p7b', 'response.cer']) {
          const { client, double } = fixture;
          const world = new World([{ wish: 'yes' }, { wish: 'yes' }], [connectionOf(fixture)], {
            keystores: {
              load: () => undefined,
              entries: () => [entry],
              entriesOrRead: () => Promise.resolve([entry]),
              access: () => Promise.resolve({ client }),
              write: (_id: string, work: (of: typeof client) => Promise<unknown>) => work(client),
            } as never,
          });
          const uri = { path: `/${fileName}`, scheme: 'file' } as unknown as vscode.Uri;
          const argument = { tenantId: 't1', hexalias: entry.hexalias };
          const ports = {
            files: { read: () => Promise.resolve(bytes), write: () => Promise.resolve() },
            activeText: () => undefined,
            isUri: (value: unknown): value is vscode.Uri => value === uri,
            issuerSources: () => [],
            publicKeys: {
              find: () => Promise.reject(new Cancelled()),
              keyKnown: () => undefined,
              learn: () => undefined,
            },
          };
          double.faults.push(echo(double), echo(double));
          await world.run('Import', () =>
            importSigningResponse(
              {
                ...world.environment,
                prompts: {
                  ...world.environment.prompts,
                  pick: (options) =>
                    Promise.resolve(options.items).then((items) => {
                      const [first] = items;
                      if (first === undefined) {
                        throw new Cancelled();
                      }
                      return { kind: 'value', value: first.value };
                    }),
                  openFile: () => Promise.resolve(uri),
                },
              },
              argument,
              ports,
              context,
            ),
          );
          const sent = double.received.map(
            ({ headers, body }) => `${JSON.stringify(headers)}\n${body.toString('latin1')}`,
          );
          world.watch.see(...sent, ...double.received.map(({ body }) => body.toString('hex')));
          world.watch.see(...fixture.lines);
          const written = double.received.some(({ path }) => path.includes('CertificateChainResources'));
          assert.equal(written, !withoutCertificates.test(name), 'what was meant to be sent');
          world.watch.expectNone([privatePartOf(keyPem), passphrase]);
        }
      } finally {
        await fixture.double.stop();
      }
    });
  }
});

const entry = keystoreEntry({ alias: 'acme' });

/** Refuses a write and repeats all that came. */
function echo({ received }: TenantDouble): Fault {
  return {
    on: 'write',
    status: 400,
    get body() {
      const value = received.map(({ body }) => body.toString('latin1')).join('\n');
      return JSON.stringify({ error: { code: 'Bad Request', message: { lang: 'en', value } } });
    },
  };
}

/** A tenant that holds the entry. */
async function tenantWithKeyPair(certificate: Buffer): Promise<TenantFixture> {
  const fixture = await startTenant();
  const { double } = fixture;
  const path = `/api/v1/KeystoreEntries('${encodeHexalias('acme')}')`;
  const row = {
    d: { Hexalias: entry.hexalias, Alias: 'acme', Type: 'Key Pair', Owner: 'Tenant Administrator' },
  };
  double.reads.set(path, {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(row),
  });
  double.reads.set(`${path}/Certificate/$value?rootCA=false`, {
    status: 200,
    headers: { 'Content-Type': 'application/octet-stream' },
    body: certificate,
  });
  return fixture;
}

function connectionOf({ double }: TenantFixture): Connection {
  return {
    id: 't1',
    name: 'ACME',
    stage: undefined,
    practice: false,
    address: { url: double.url, authentication: { kind: 'basic', user: 'S0001' } },
  };
}
