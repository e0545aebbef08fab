import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { HttpTransport } from '../../../src/http/httpTransport.js';
import { ODataKeystoreClient } from '../../../src/tenant/keystoreClient.js';
import { readServiceKey } from '../../../src/tenant/serviceKey.js';
import { TenantSession } from '../../../src/tenant/tenantSession.js';
import { OpensslPki } from '../../support/opensslPki.js';
import type { Fault, ReceivedRequest } from '../../support/tenantDouble.js';
import { startTenant } from '../../support/tenantFixture.js';

/** What the log and a bug report could show of an error: everything reachable, hidden members and causes included. */
function dump(error: unknown): string {
  const reachable = inspect(error, { depth: 20, showHidden: true, getters: true, maxStringLength: null });
  return `${reachable}\n${JSON.stringify(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
}

describe('secrets', () => {
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
  ];
  for (const on of ['token', 'csrf', 'read', 'write'] as const) {
    for (const [name, fault] of echoes) {
      it(`appear in no error and no log line where the ${on} request's server ${name} and echoes all it got`, async () => {
        const fixture = await startTenant();
        const { double, client } = fixture;
        const never = new AbortController().signal;
        try {
          // A server that sends back every header and body it has received.
          const echo = (): string => JSON.stringify(double.received.map(headersAndBody));
          const echoing: Fault = {
            on,
            ...fault,
            headers: { Location: '/?x=TOKEN-canary', 'X-CSRF-Token': 'CSRF-canary' },
            get body() {
              return JSON.stringify({
                error: { code: 'Bad Request', message: { lang: 'en', value: echo() } },
              });
            },
          };
          double.faults.push(echoing, echoing, echoing, echoing);
          fixture.timeoutMs = fault.hang === undefined ? fixture.timeoutMs : 150;
          const errors: unknown[] = [];
          const note = (error: unknown): number => errors.push(error);
          await client.readEntries({ signal: never }).catch(note);
          await client
            .importKeyPair(
              { alias: 'a', pkcs12: Buffer.from('P12-canary'), password: 'PASSPHRASE-canary' },
              { fingerprintVerified: false, update: false },
              never,
            )
            .catch(note);
          assert.ok(errors.length > 0);
          const secrets = [
            'canary',
            Buffer.from('P12-canary').toString('base64'),
            Buffer.from(`${double.clientId}:${double.clientSecret}`).toString('base64'),
            ...double.received.flatMap(({ headers }) => [
              String(headers['x-csrf-token'] ?? ''),
              sessionId(headers.cookie),
            ]),
          ].filter((secret) => secret !== '' && secret !== 'Fetch');
          const shown = `${errors.map(dump).join('\n')}\n${JSON.stringify(fixture.lines)}`;
          for (const secret of secrets) {
            const at = shown.indexOf(secret);
            assert.equal(at, -1, `${secret} is shown: ${shown.slice(Math.max(0, at - 200), at + 200)}`);
          }
        } finally {
          await double.stop();
        }
      });
    }
  }

  it('appear in no error where the client certificate is refused', async () => {
    const pki = new OpensslPki();
    const fixture = await startTenant();
    try {
      const client = pki.issue(pki.ca('/CN=CA'), '/CN=client');
      const lines: string[] = [];
      const session = new TenantSession({
        address: {
          url: fixture.double.url,
          authentication: { kind: 'clientCertificate', tokenUrl: fixture.double.tokenUrl, clientId: 'x' },
        },
        secret: () => Promise.resolve({ kind: 'clientCertificate', ...client }),
        transport: new HttpTransport({
          timeoutMs: () => 5000,
          log: (line) => lines.push(JSON.stringify(line)),
        }),
      });
      const error: unknown = await new ODataKeystoreClient(session)
        .readEntries({ signal: new AbortController().signal })
        .catch((caught: unknown) => caught);
      const shown = dump(error) + lines.join('\n');
      const keyLine = client.key.split('\n')[3] ?? '';
      assert.ok(keyLine.length > 30);
      assert.ok(!shown.includes(keyLine) && !shown.includes('PRIVATE KEY'));
    } finally {
      await fixture.double.stop();
      pki.dispose();
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

function headersAndBody({ headers, body }: ReceivedRequest): object {
  return {
    authorization: headers.authorization,
    cookie: headers.cookie,
    csrf: headers['x-csrf-token'],
    body: body.toString(),
  };
}

function sessionId(cookie: string | undefined): string {
  return /JSESSIONID=([^;]+)/.exec(cookie ?? '')?.[1] ?? '';
}
