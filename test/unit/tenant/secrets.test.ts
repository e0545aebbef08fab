import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { LogOutputChannel } from 'vscode';
import { Log } from '../../../src/services/log.js';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import { ODataKeystoreClient } from '../../../src/tenant/keystoreClient.js';
import { readServiceKey } from '../../../src/tenant/serviceKey.js';
import type { TenantAddress, TenantSecret } from '../../../src/tenant/tenantAddress.js';
import { TenantSession } from '../../../src/tenant/tenantSession.js';
import { failureMessage } from '../../../src/ui/failureMessage.js';
import { CanaryWatch, privatePartOf } from '../../support/canary.js';
import { ManualClock } from '../../support/manualClock.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';
import { TenantDouble, type Fault, type ReceivedRequest } from '../../support/tenantDouble.js';

type Kind = TenantSecret['kind'];

const never = new AbortController().signal;

describe('secrets', () => {
  let pki: OpensslPki;
  let ca: Credential;
  let server: Credential;
  let clientCredential: Credential;
  before(() => {
    pki = new OpensslPki();
    ca = pki.ca('/CN=CA');
    server = pki.issue(ca, '/CN=localhost', { names: 'IP:127.0.0.1' });
    clientCredential = pki.issue(ca, '/CN=client');
  });
  after(() => pki.dispose());

  /** A tenant that is signed in to in one of the three ways, and all that is planted in it. */
  async function tenant(kind: Kind, timeoutMs = 10_000) {
    const watch = new CanaryWatch();
    const write = (line: string): void => watch.see(line);
    const sink: Partial<LogOutputChannel> = { info: write, error: write };
    const log = new Log(sink as LogOutputChannel);
    const double = await TenantDouble.start(
      kind === 'clientCertificate'
        ? { tls: { key: server.key, cert: server.certificate, ca: ca.certificate } }
        : {},
    );
    const { tokenUrl, clientId } = double;
    const secret: TenantSecret =
      kind === 'basic'
        ? { kind, password: 'PASSWORD-canary-11' }
        : kind === 'clientSecret'
          ? { kind, clientSecret: double.clientSecret }
          : { kind, ...clientCredential };
    const address: TenantAddress = {
      url: double.url,
      authentication: kind === 'basic' ? { kind, user: 'S0001' } : { kind, tokenUrl, clientId },
      ...(kind === 'clientCertificate' ? { trustedCa: ca.certificate } : {}),
    };
    const clock = new ManualClock();
    const session = new TenantSession({
      address,
      secret: () => Promise.resolve(secret),
      transport: new HttpTransport({ timeoutMs: () => timeoutMs, log: (line) => watch.see(line) }),
      clock: clock.clock,
      wait: clock.wait,
    });
    let failures = 0;
    return {
      double,
      client: new ODataKeystoreClient(session),
      watch,
      failures: () => failures,
      note: (error: unknown): void => {
        failures++;
        log.failure('Import', error);
        watch.see(error, failureMessage(error, 'Import', 'ACME').text);
      },
      planted: (): (string | Uint8Array)[] => [
        'canary',
        kind === 'basic' ? 'PASSWORD-canary-11' : double.clientSecret,
        privatePartOf(clientCredential.key),
        'P12-canary',
        'PASSPHRASE-canary',
        ...double.received
          .flatMap(({ headers }) => [String(headers['x-csrf-token'] ?? ''), sessionId(headers.cookie)])
          .filter((value) => value !== '' && value !== 'Fetch'),
      ],
    };
  }

  const echoes: readonly (readonly [string, Omit<Fault, 'on'>])[] = [
    ['drops the connection', { drop: 'before' }],
    ['hangs', { hang: 'before' }],
    ['answers success cut off', { answer: 'cut' }],
    ['answers a web page', { answer: 'html' }],
    ['answers 500', { status: 500 }],
    ['answers 400', { status: 400 }],
    ['answers 401', { status: 401 }],
    ['answers 403', { status: 403 }],
    ['answers 409', { status: 409 }],
    ['redirects', { status: 302 }],
    ['answers success of another type', { status: 200 }],
  ];
  const groups: Readonly<Record<Kind, readonly Fault['on'][]>> = {
    clientSecret: ['token', 'csrf', 'read', 'write'],
    clientCertificate: ['token', 'csrf', 'read', 'write'],
    basic: ['csrf', 'read', 'write'],
  };
  for (const kind of ['clientSecret', 'clientCertificate', 'basic'] as const) {
    for (const on of groups[kind]) {
      for (const [name, fault] of echoes) {
        it(`of ${kind} appear in no error, message or log line where the ${on} request's server ${name} and echoes all it got`, async () => {
          const { double, client, watch, failures, note, planted } = await tenant(
            kind,
            fault.hang === undefined ? 10_000 : 150,
          );
          try {
            const token = (): string =>
              double.received
                .flatMap(({ headers }) => /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? [])
                .at(-1) ?? 'none';
            const echoing: Fault = {
              on,
              ...fault,
              get headers() {
                return {
                  Location: `https://${token()}.example/?x=TOKEN-canary`,
                  'X-CSRF-Token': 'CSRF-canary',
                  'Content-Type': `text/${token()}`,
                };
              },
              get body() {
                return echo(double.received);
              },
            };
            double.faults.push(echoing, echoing, echoing, echoing);
            await client.readEntries({ signal: never }).catch(note);
            const pkcs12 = Buffer.from('P12-canary');
            await client
              .importKeyPair(
                { alias: 'a', pkcs12, password: 'PASSPHRASE-canary' },
                { fingerprintVerified: false, update: false },
                never,
              )
              .catch(note);
            assert.ok(failures() > 0);
            watch.expectNone(planted());
          } finally {
            await double.stop();
          }
        });
      }
    }
  }

  const tokenAnswers: Readonly<Record<string, string>> = {
    'that is cut off': '{"access_token":"TOKEN-canary',
    'with blanks in the token': '{"access_token":"TOKEN-canary with blanks"}',
    'of another type': '{"access_token":"TOKEN-canary","token_type":"mac-canary"}',
    'with the token under another name': '{"id_token":"TOKEN-canary","refresh_token":"REFRESH-canary"}',
    'with the token as an object': '{"access_token":{"value":"TOKEN-canary"}}',
    'that is the token alone': 'TOKEN-canary',
    'as a page': '<!DOCTYPE html><script>token="TOKEN-canary"</script>',
  };
  for (const [name, body] of Object.entries(tokenAnswers)) {
    it(`appear in no error and no log line where the token endpoint gives an answer ${name}`, async () => {
      const { double, client, watch, failures, note, planted } = await tenant('clientSecret');
      try {
        double.faults.push({ on: 'token', status: 200, body });
        await client.readEntries({ signal: never }).catch(note);
        assert.equal(failures(), 1);
        watch.expectNone(planted());
      } finally {
        await double.stop();
      }
    });
  }

  it('appear in no error where the client certificate is refused', async () => {
    const { double, client, watch, failures, note, planted } = await tenant('clientCertificate');
    try {
      double.faults.push({ on: 'token', status: 401, body: echo(double.received) });
      await client.readEntries({ signal: never }).catch(note);
      assert.equal(failures(), 1);
      watch.expectNone(planted());
    } finally {
      await double.stop();
    }
  });

  it('appear in no problem of a service key that cannot be read', () => {
    const secret = 'SECRET-canary';
    for (const text of [
      secret,
      `{"clientsecret":"${secret}"`,
      `{"clientsecret":"${secret}",}`,
      JSON.stringify({
        clientsecret: secret,
        clientid: 5,
        url: `https://x:${secret}@acme.example`,
        tokenurl: secret,
      }),
      JSON.stringify({ certificate: secret, key: secret }),
    ]) {
      assert.ok(!inspect(readServiceKey(text), { depth: 9 }).includes('canary'), text);
    }
  });
});

/** What a careless server says: every header and body that it has received, as an OData error and as JSON within a 409. */
function echo(received: readonly ReceivedRequest[]): string {
  const value = JSON.stringify(
    received.map(({ headers, body }) => ({
      authorization: headers.authorization,
      cookie: headers.cookie,
      csrf: headers['x-csrf-token'],
      body: body.toString(),
    })),
  );
  const FingerprintSha256 = 'AB'.repeat(32);
  const entry = {
    FingerprintSha256,
    SubjectDN: value,
    IssuerDN: received.at(-1)?.headers.authorization,
  };
  return JSON.stringify({ d: entry, error: { code: 'Bad Request', message: { lang: 'en', value } } });
}

function sessionId(cookie: string | undefined): string {
  return /JSESSIONID=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
}
