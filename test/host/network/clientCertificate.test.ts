import assert from 'node:assert/strict';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { KeystoreError } from '../../../src/errors.js';
import type { ExtensionObjects } from '../../../src/extension.js';
import { ConnectProxy } from '../../support/connectProxy.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';
import { TenantDouble, type TenantDoubleOptions } from '../../support/tenantDouble.js';
import { extensionUnderTest } from '../extension.js';

const host = 'acme.authentication.cert.eu10.hana.ondemand.com';
const subject = 'C=DE\nO=SAP SE\nCN=client-4711';
const never = new AbortController().signal;

interface NetworkSettings {
  readonly proxySupport?: 'off' | 'on' | 'override' | 'fallback';
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  readonly systemCertificates?: boolean;
  readonly 'experimental.systemCertificatesV2'?: boolean;
}

describe('a client certificate under a name that is not loopback', () => {
  let pki: OpensslPki;
  let client: Credential;
  let tls: NonNullable<TenantDoubleOptions['tls']>;
  let double: TenantDouble;
  let proxy: ConnectProxy;
  let objects: ExtensionObjects;
  const originalLookup = dns.lookup;

  before(async () => {
    pki = new OpensslPki();
    const clientCa = pki.ca('/CN=Client CA');
    client = pki.issue(clientCa, '/C=DE/O=SAP SE/CN=client-4711');
    const server = pki.issue(machineAuthority(), `/CN=${host}`, { names: `DNS:${host}` });
    tls = { key: server.key, cert: server.certificate, ca: clientCa.certificate };
    proxy = await ConnectProxy.start();
    resolveHere(host);
    objects = (await extensionUnderTest().activate()) as ExtensionObjects;
  });
  // A server of its own each time: a kept connection or TLS session would pass on the trust of the settings before.
  beforeEach(async () => {
    double = await TenantDouble.start({ tls });
    proxy.tunnels.length = 0;
  });
  afterEach(async () => {
    for (const { id } of objects.connections.list()) {
      await objects.connections.remove(id);
    }
    await double.stop();
  });
  after(async () => {
    dns.lookup = originalLookup;
    await configure({});
    await proxy.stop();
    pki.dispose();
  });

  /** Signs in under these settings; returns the subjects of the certificates that came with the token request. */
  async function signIn(settings: NetworkSettings): Promise<readonly (string | undefined)[]> {
    await configure(settings);
    const url = `https://${host}:${double.port}`;
    const { id } = await objects.connections.add(
      {
        name: 'ACME',
        stage: undefined,
        practice: false,
        address: {
          url,
          authentication: {
            kind: 'clientCertificate',
            tokenUrl: `${url}/oauth/token`,
            clientId: double.clientId,
          },
        },
      },
      { kind: 'clientCertificate', ...client },
    );
    const { client: tenant, grantedScopes } = await objects.keystores.access(id);
    await grantedScopes(never);
    await tenant.readServiceDocument(never);
    return double.received
      .filter(({ path }) => path.startsWith('/oauth/token'))
      .map(({ clientCertificate }) => clientCertificate);
  }

  for (const proxySupport of ['off', 'on', 'override', 'fallback'] as const) {
    it(`arrives with http.proxySupport ${proxySupport}`, async () => {
      assert.deepEqual(await signIn({ proxySupport }), [subject]);
      assert.deepEqual(proxy.tunnels, []);
    });

    it(`arrives with http.proxySupport ${proxySupport} and http.proxy`, async () => {
      assert.deepEqual(await signIn({ proxySupport, proxy: proxy.url }), [subject]);
      const expected = proxySupport === 'off' ? [] : [`${host}:${double.port}`];
      assert.deepEqual([...new Set(proxy.tunnels)], expected);
    });

    it(`arrives past the proxy with http.proxySupport ${proxySupport} and http.noProxy`, async () => {
      assert.deepEqual(await signIn({ proxySupport, proxy: proxy.url, noProxy: [host] }), [subject]);
      assert.deepEqual(proxy.tunnels, []);
    });

    it(`arrives with http.proxySupport ${proxySupport} where certificates of the machine are added in the other way`, async () => {
      const settings = { proxySupport, proxy: proxy.url, 'experimental.systemCertificatesV2': true };
      assert.deepEqual(await signIn(settings), [subject]);
      assert.equal(proxy.tunnels.length > 0, proxySupport !== 'off');
    });

    for (const behind of ['directly', 'through http.proxy'] as const) {
      it(`meets a server whose issuer is named where http.systemCertificates is off: ${proxySupport}, ${behind}`, async () => {
        const settings = {
          proxySupport,
          systemCertificates: false,
          ...(behind === 'directly' ? {} : { proxy: proxy.url }),
        };
        const failure: unknown = await signIn(settings).catch((error: unknown) => error);
        // Told apart by its code: the class is the one of the bundle under test.
        const { code, details } = failure as Partial<KeystoreError>;
        assert.equal(code, 'untrusted-server');
        assert.equal(details?.['issuer'], 'CN=Machine CA, O=ACME, C=DE');
        assert.deepEqual(double.received, []);
        assert.equal(proxy.tunnels.length > 0, behind !== 'directly' && proxySupport !== 'off');
      });
    }
  }
});

/** The CA that the launcher put among the machine's certificates. */
function machineAuthority(): Credential {
  const { CI_KEYSTORE_CA_KEY: key, SSL_CERT_FILE: certificate } = process.env;
  assert.ok(key !== undefined && certificate !== undefined, 'the launcher names no CA of the machine');
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}

/** Leads one name to this machine; any other name is resolved as ever. */
function resolveHere(name: string): void {
  const original = dns.lookup as (...args: unknown[]) => void;
  const replacement = (...args: unknown[]): void => {
    original(...(args[0] === name ? ['127.0.0.1', ...args.slice(1)] : args));
  };
  dns.lookup = Object.assign(replacement, dns.lookup);
}

async function configure(settings: NetworkSettings): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('http');
  const names = [
    'proxySupport',
    'proxy',
    'noProxy',
    'systemCertificates',
    'experimental.systemCertificatesV2',
  ] as const;
  for (const name of names) {
    await configuration.update(name, settings[name], vscode.ConfigurationTarget.Global);
    const expected = settings[name] ?? configuration.inspect(name)?.defaultValue;
    assert.deepEqual(vscode.workspace.getConfiguration('http').get(name), expected);
  }
}
