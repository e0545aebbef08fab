import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { readServiceKey, type ServiceKeyReading } from '../../../src/tenant/serviceKey.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';

const url = 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com';
const tokenurl = 'https://acme.authentication.eu10.hana.ondemand.com/oauth/token';
const clientid = 'sb-0f1e-2d3c!b4711|it!b55';
const clientsecret = 'c0ffee-canary$aGVsbG8=';
const oauth = { clientid, clientsecret, url, createdate: '2023-07-17T16:39:46.446Z', tokenurl };

const expected: ServiceKeyReading = {
  kind: 'api',
  address: { url, authentication: { kind: 'clientSecret', tokenUrl: tokenurl, clientId: clientid } },
  secret: { kind: 'clientSecret', clientSecret: clientsecret },
};

function problems(key: unknown): readonly string[] {
  const reading = readServiceKey(typeof key === 'string' ? key : JSON.stringify(key));
  assert.ok(reading.kind === 'invalid', inspect(reading));
  assert.ok(!inspect(reading, { depth: 9 }).includes('canary'));
  return reading.problems.map(({ field }) => field);
}

describe('readServiceKey', () => {
  const pretty = JSON.stringify({ oauth }, undefined, 2);
  const texts: readonly (readonly [string, string])[] = [
    ['as the cockpit shows it', pretty],
    ['with Windows line ends and a byte order mark', `\uFEFF${pretty.replaceAll('\n', '\r\n')}`],
    ['with its fields at the top', JSON.stringify(oauth)],
    ['with outer credentials', JSON.stringify({ credentials: { oauth } })],
    ['with outer credentials and fields at the top', JSON.stringify({ credentials: oauth })],
    [
      'as the command line prints it',
      `Getting key my-key for service instance my-api as jo@acme.example...\n\n${pretty}\n`,
    ],
    [
      'as the newer command line prints it',
      `Getting key k for service instance i as u...\nOK\n\n${JSON.stringify({ credentials: { oauth } }, undefined, 2)}\n\n`,
    ],
    ['in a code block', `\`\`\`json\n${pretty}\n\`\`\``],
    ['with braces in the lines above', `Key {my} of {x}\n${pretty}`],
    ['as a JSON string', JSON.stringify(pretty)],
    ['with an address that ends in a slash', JSON.stringify({ oauth: { ...oauth, url: `${url}/` } })],
  ];
  for (const [name, text] of texts) {
    it(`reads a key ${name}`, () => {
      assert.deepEqual(readServiceKey(text), expected);
    });
  }

  it('names every field that is missing', () => {
    assert.deepEqual(problems({ oauth: {} }), ['url', 'tokenurl', 'clientid', 'clientsecret']);
    assert.deepEqual(problems({}), ['url', 'tokenurl', 'clientid', 'clientsecret']);
    assert.deepEqual(problems({ oauth: { ...oauth, clientsecret: undefined } }), ['clientsecret']);
    assert.deepEqual(problems({ oauth: { ...oauth, clientid: ' ', tokenurl: null } }), [
      'tokenurl',
      'clientid',
    ]);
  });

  it('names every field that is wrong', () => {
    assert.deepEqual(problems({ oauth: { ...oauth, url: 'http://acme.example' } }), ['url']);
    assert.deepEqual(problems({ oauth: { ...oauth, url: 5, tokenurl: 'x', clientid: [] } }), [
      'url',
      'tokenurl',
      'clientid',
    ]);
    assert.deepEqual(problems({ oauth: { ...oauth, clientsecret: 77 } }), ['clientsecret']);
  });

  for (const [name, text] of [
    ['nothing', ''],
    ['a text without JSON', 'Getting key my-key...\nFAILED'],
    ['a key cut off', pretty.slice(0, -20)],
    ['a key with a comma lost', pretty.replace('",\n', '"\n')],
    ['a list', '[1, 2]'],
    ['a string', '"abc"'],
    ['a damaged string', '"abc'],
  ] as const) {
    it(`says what is wrong with ${name}`, () => {
      assert.deepEqual(problems(text), ['json']);
    });
  }

  for (const [name, key] of [
    ['its host', { ...oauth, url: url.replace('.cfapps', '-rt.cfapps') }],
    ['its client id', { ...oauth, clientid: 'sb-1!b2|it-rt-acme!b3' }],
    ['its client id alone', { clientid: 'sb-1!b2|it-rt-acme!b3', clientsecret }],
    ['a Neo runtime host', { ...oauth, url: 'https://acct-iflmap.hcisbt.eu1.hana.ondemand.com' }],
  ] as const) {
    it(`recognises a key of plan integration-flow by ${name}`, () => {
      const reading = readServiceKey(JSON.stringify({ oauth: key }));
      assert.ok(reading.kind === 'integration-flow', inspect(reading));
      assert.match(reading.explanation, /plan "api"/);
      assert.ok(!inspect(reading).includes('canary'));
    });
  }

  describe('with a certificate', () => {
    let pki: OpensslPki;
    let ca: Credential;
    let client: Credential;
    let key: string;
    before(() => {
      pki = new OpensslPki();
      ca = pki.ca('/CN=SAP PKI Certificate Service Client CA');
      client = pki.issue(ca, '/C=DE/O=SAP SE/CN=xyz');
      key = pki.traditional(client.key);
    });
    after(() => pki.dispose());

    const withCertificate = (certificate: string, privateKey?: string): Record<string, unknown> => ({
      oauth: {
        url,
        tokenurl,
        clientid,
        certificate,
        key: privateKey,
        certificatedetails: { issuerdn: 'CN=x', subjectdn: 'CN=y', validuntil: '2027-06-24T12:56:52.000Z' },
      },
    });
    const secretOf = (text: string): unknown => {
      const reading = readServiceKey(text);
      assert.ok(reading.kind === 'api', inspect(reading));
      return reading.secret;
    };

    it('reads the chain and the key', () => {
      const chain = client.certificate + ca.certificate;
      assert.match(key, /BEGIN RSA PRIVATE KEY/);
      assert.deepEqual(secretOf(JSON.stringify(withCertificate(chain, key))), {
        kind: 'clientCertificate',
        certificate: chain,
        key,
      });
    });

    it('mends line breaks kept as two characters', () => {
      const literal = (pem: string): string => pem.replaceAll('\n', '\\n');
      const secret = secretOf(JSON.stringify(withCertificate(literal(client.certificate), literal(key))));
      assert.deepEqual(secret, { kind: 'clientCertificate', certificate: client.certificate, key });
    });

    it('mends line breaks turned into spaces, and real ones within a JSON string', () => {
      const spaced = client.certificate.replaceAll('\n', ' ');
      const expectedSecret = { kind: 'clientCertificate', certificate: client.certificate, key };
      assert.deepEqual(secretOf(JSON.stringify(withCertificate(spaced, key))), expectedSecret);
      const raw = JSON.stringify(withCertificate(client.certificate, key)).replaceAll('\\n', '\n');
      assert.deepEqual(secretOf(raw), expectedSecret);
    });

    it('tells a key for a certificate of one’s own, which holds no private key', () => {
      assert.deepEqual(problems(withCertificate(client.certificate)), ['key']);
    });

    it('tells a private key that belongs to another certificate', () => {
      assert.deepEqual(problems(withCertificate(client.certificate, pki.issue(ca, '/CN=other').key)), [
        'key',
      ]);
    });

    it('tells an encrypted private key', () => {
      assert.deepEqual(problems(withCertificate(client.certificate, pki.encrypted(client.key))), ['key']);
    });

    it('tells damage in each part', () => {
      const damaged = client.certificate.replace(/\n[^-\n]{10}/, '\n');
      assert.deepEqual(problems(withCertificate(damaged, key)), ['certificate']);
      assert.deepEqual(problems(withCertificate('x', 'y')), ['certificate', 'key']);
      assert.deepEqual(problems(withCertificate(client.certificate, client.certificate)), ['key']);
    });

    it('tells an expired certificate', () => {
      const text = JSON.stringify(withCertificate(client.certificate, key));
      const reading = readServiceKey(text, Date.now() + 366 * 86_400_000);
      assert.ok(reading.kind === 'invalid');
      assert.deepEqual(
        reading.problems.map(({ field }) => field),
        ['certificate'],
      );
      assert.match(reading.problems[0]?.problem ?? '', /^Expired on \d{4}-\d\d-\d\d/);
    });
  });
});
