import assert from 'node:assert/strict';
import type { LookupFunction } from 'node:net';
import { KeystoreError } from '../../../src/errors.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import { TenantSession } from '../../../src/tenant/tenantSession.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';
import { TenantDouble } from '../../support/tenantDouble.js';

const host = 'acme.authentication.cert.eu10.hana.ondemand.com';
const never = new AbortController().signal;

/** Every name is this machine: the tests need names that are no loopback names. */
const lookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};

describe('TLS', () => {
  let pki: OpensslPki;
  let ca: Credential;
  let serverCredential: Credential;
  let client: Credential;
  let double: TenantDouble;
  let trusting: HttpTransport;

  before(async () => {
    pki = new OpensslPki();
    ca = pki.ca('/C=DE/O=ACME, Inc./CN=Corporate Proxy CA');
    serverCredential = pki.issue(ca, `/CN=${host}`, { names: `DNS:${host},DNS:localhost,IP:127.0.0.1` });
    const clientCa = pki.ca('/CN=Client CA');
    client = pki.issue(clientCa, '/C=DE/O=SAP SE/CN=client-4711');
    double = await TenantDouble.start({
      tls: { key: serverCredential.key, cert: serverCredential.certificate, ca: clientCa.certificate },
    });
    trusting = new HttpTransport({
      timeoutMs: () => 5000,
      log: () => {},
      lookup,
      certificateAuthorities: [ca.certificate],
    });
  });
  after(async () => {
    await double.stop();
    pki.dispose();
  });

  const transportOf = (over: Partial<ConstructorParameters<typeof HttpTransport>[0]> = {}): HttpTransport =>
    new HttpTransport({ timeoutMs: () => 5000, log: () => {}, lookup, ...over });
  const get = async (
    transport: HttpTransport,
    name = host,
    over: object = {},
  ): Promise<string | KeystoreError> => {
    try {
      const url = `https://${name}:${double.port}/api/v1/secret-path?secret=query`;
      const headers = { Authorization: 'Bearer TOKEN-canary' };
      const answer = await transport.request({
        kind: 'write',
        method: 'PUT',
        url,
        headers,
        signal: never,
        ...over,
      });
      return String(answer.status);
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error;
    }
  };
  const explained = async (
    transport: HttpTransport,
    name?: string,
    over?: object,
  ): Promise<KeystoreError> => {
    const before = double.received.length;
    const error = await get(transport, name, over);
    assert.ok(error instanceof KeystoreError, 'the server was trusted');
    assert.equal(double.received.length, before, 'something was sent to an untrusted server');
    assert.equal(error.code, 'untrusted-server');
    assert.equal(error.details['performed'], 'no');
    return error;
  };

  it('presents the client certificate at the token endpoint under a name that is not loopback', async () => {
    const session = new TenantSession({
      address: {
        url: `https://${host}:${double.port}`,
        authentication: {
          kind: 'clientCertificate',
          tokenUrl: `https://${host}:${double.port}/oauth/token`,
          clientId: double.clientId,
        },
      },
      secret: () => Promise.resolve({ kind: 'clientCertificate', ...client }),
      transport: trusting,
    });
    await session.grantedScopes(never);
    const request = double.received.at(-1);
    assert.equal(request?.clientCertificate, 'C=DE\nO=SAP SE\nCN=client-4711');
    assert.equal(request.method, 'POST');
    assert.equal(request.path, '/oauth/token');
    assert.equal(request.headers.authorization, undefined);
    assert.deepEqual(
      [...new URLSearchParams(request.body.toString())],
      [
        ['grant_type', 'client_credentials'],
        ['client_id', double.clientId],
      ],
    );
    const answer = await session.send(
      { kind: 'read', method: 'GET', path: '/api/v1/', accept: 'application/json' },
      never,
    );
    assert.equal(answer.status, 200);
    assert.equal(double.received.at(-1)?.clientCertificate, undefined);
  });

  it('names the issuer of a server that nobody trusts, and sends it nothing', async () => {
    const { details } = await explained(transportOf());
    assert.equal(details['issuer'], 'CN=Corporate Proxy CA, O=ACME\\, Inc., C=DE');
    assert.equal(details['topIssuer'], details['issuer']);
    assert.equal(details['subject'], `CN=${host}`);
    assert.equal(details['host'], `${host}:${double.port}`);
    assert.equal(details['reason'], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    assert.equal(details['fingerprintSha256'], pki.fingerprint(serverCredential.certificate));
  });

  it('sends nothing to a server that nobody trusts where the environment says not to check', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const { details } = await explained(transportOf());
      assert.equal(details['reason'], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      await explained(trusting, 'other.example');
    } finally {
      if (before === undefined) {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      } else {
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      }
    }
  });

  it('names the topmost issuer of a chain', async () => {
    const middle = pki.issue(ca, '/CN=Issuing CA', { ca: true });
    const leaf = pki.issue(middle, `/CN=${host}`, { names: `DNS:${host}` });
    const chained = await TenantDouble.start({
      tls: { key: leaf.key, cert: leaf.certificate + middle.certificate },
    });
    try {
      const error = await get(transportOf(), undefined, { url: `https://${host}:${chained.port}/` });
      assert.ok(error instanceof KeystoreError);
      assert.equal(error.code, 'untrusted-server');
      assert.equal(error.details['issuer'], 'CN=Issuing CA');
      assert.equal(error.details['topIssuer'], 'CN=Corporate Proxy CA, O=ACME\\, Inc., C=DE');
      assert.equal(chained.received.length, 0);
    } finally {
      await chained.stop();
    }
  });

  it('tells a trusted server of another name', async () => {
    const { details } = await explained(trusting, 'other.example');
    assert.equal(details['reason'], 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.equal(details['subject'], `CN=${host}`);
  });

  it('tells an expired server certificate', async () => {
    const leaf = pki.issue(ca, `/CN=${host}`, { names: `DNS:${host}`, days: -1 });
    const expired = await TenantDouble.start({ tls: { key: leaf.key, cert: leaf.certificate } });
    try {
      const error = await get(trusting, undefined, { url: `https://${host}:${expired.port}/` });
      assert.ok(error instanceof KeystoreError);
      assert.equal(error.code, 'untrusted-server');
      assert.equal(error.details['reason'], 'CERT_HAS_EXPIRED');
      assert.match(String(error.details['validTo']), /^\d{4}-\d\d-\d\dT/);
    } finally {
      await expired.stop();
    }
  });

  it('honours a CA of the connection on loopback hosts', async () => {
    assert.equal(await get(transportOf(), 'localhost', { trustedCa: ca.certificate }), '401');
    assert.equal(await get(transportOf(), '127.0.0.1', { trustedCa: ca.certificate }), '401');
  });

  it('ignores a CA of the connection on any other host', async () => {
    await explained(transportOf(), host, { trustedCa: ca.certificate });
  });

  it('tells a client certificate and a key that do not belong together', async () => {
    const clientCertificate = { certificate: client.certificate, key: serverCredential.key };
    const error = await get(trusting, host, { clientCertificate });
    assert.ok(error instanceof KeystoreError);
    assert.deepEqual(
      [error.code, error.details['field'], error.details['performed']],
      ['invalid-input', 'certificate', 'no'],
    );
  });
});
