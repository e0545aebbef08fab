import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError, type ErrorCode } from '../../../src/errors.js';
import { encodeHexalias } from '../../../src/tenant/hexalias.js';
import type { KeyPairRequest } from '../../../src/tenant/keyPairRequest.js';
import { uploadLimits } from '../../../src/tenant/keystoreClient.js';
import { errorAnswer, json } from '../../support/tenantDouble.js';
import { startTenant, type TenantFixture } from '../../support/tenantFixture.js';

const never = new AbortController().signal;

const keyPair: KeyPairRequest = {
  alias: 'acme',
  key: { type: 'RSA', size: 2048 },
  signatureAlgorithm: 'SHA-256/RSA',
  subject: { commonName: 'acme.example', country: 'DE' },
};

function row(alias: string): object {
  return {
    Hexalias: encodeHexalias(alias),
    Alias: alias,
    Type: 'Certificate',
    Owner: 'Tenant Administrator',
  };
}

describe('ODataKeystoreClient', () => {
  let tenant: TenantFixture;
  beforeEach(async () => {
    tenant = await startTenant();
  });
  afterEach(() => tenant.double.stop());

  const failure = async (promise: Promise<unknown>, code: ErrorCode): Promise<KeystoreError> => {
    try {
      await promise;
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      assert.equal(error.code, code, error.message);
      return error;
    }
    assert.fail('it succeeded');
  };
  const answer = (path: string, ...rest: [number, unknown] | [string | Buffer, string]): void => {
    const [first, second] = rest;
    tenant.double.reads.set(
      path,
      typeof first === 'number'
        ? json(first, second)
        : { status: 200, headers: { 'Content-Type': String(second) }, body: first },
    );
  };

  describe('reading entries', () => {
    it('reads all pages, whether their links are absolute or relative', async () => {
      const pages = [
        { results: [row('a')], __next: `${tenant.double.url}/api/v1/KeystoreEntries?$skiptoken=1` },
        { results: [row('b'), row('c')], __next: 'KeystoreEntries?$skiptoken=3' },
        { results: [] },
      ];
      answer('/api/v1/KeystoreEntries', 200, { d: pages[0] });
      answer('/api/v1/KeystoreEntries?$skiptoken=1', 200, { d: pages[1] });
      answer('/api/v1/KeystoreEntries?$skiptoken=3', 200, { d: pages[2] });
      const counts: number[] = [];
      const entries = await tenant.client.readEntries({
        signal: never,
        onPage: (count) => counts.push(count),
      });
      assert.deepEqual(
        entries.map(({ alias }) => alias),
        ['a', 'b', 'c'],
      );
      assert.deepEqual(counts, [1, 3, 3]);
      assert.equal(tenant.double.received.at(-1)?.headers.accept, 'application/json');
    });

    it('sends nothing to another host that a page names', async () => {
      const other = await startTenant();
      answer('/api/v1/KeystoreEntries', 200, {
        d: { results: [row('a')], __next: `${other.double.url}/api/v1/KeystoreEntries` },
      });
      const error = await failure(tenant.client.readEntries({ signal: never }), 'bad-answer');
      assert.equal(error.details['reason'], 'next-page');
      assert.equal(other.double.received.length, 0);
      await other.double.stop();
    });

    it('notices pages that have no end', async () => {
      answer('/api/v1/KeystoreEntries', 200, { d: { results: [], __next: 'KeystoreEntries?$skiptoken=1' } });
      answer('/api/v1/KeystoreEntries?$skiptoken=1', 200, {
        d: { results: [], __next: 'KeystoreEntries?$skiptoken=1' },
      });
      await failure(tenant.client.readEntries({ signal: never }), 'bad-answer');
      assert.equal(tenant.double.count('GET /api/v1/KeystoreEntries'), 2);
    });

    it('reads the other keystores', async () => {
      answer('/api/v1/KeystoreEntries?keystoreName=KeyRenewal', 200, { d: { results: [row('sap_x')] } });
      answer('/api/v1/HistoryKeystoreEntries', 200, {
        d: { results: [{ ...row('[1]_sap_x'), OriginalAlias: 'sap_x' }] },
      });
      assert.equal(
        (await tenant.client.readEntries({ signal: never, keystoreName: 'KeyRenewal' })).length,
        1,
      );
      assert.equal(
        (await tenant.client.readEntries({ signal: never, keystoreName: 'KeyHistory' })).length,
        1,
      );
      assert.equal((await tenant.client.readHistoryEntries(never))[0]?.originalAlias, 'sap_x');
    });

    it('finds any alias under its hexalias', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }), async (alias) => {
          const hexalias = encodeHexalias(alias);
          answer(`/api/v1/KeystoreEntries('${hexalias}')`, 200, { d: row(alias) });
          const entry = await tenant.client.readEntry(hexalias.toLowerCase(), never);
          assert.equal(entry?.alias, alias);
          assert.equal(entry.hexalias, hexalias);
        }),
        { numRuns: 30 },
      );
    });

    it('has no entry where the tenant says so', async () => {
      assert.equal(await tenant.client.readEntry('61', never), undefined);
    });

    for (const [name, headers, body] of [
      ['a gateway', { 'X-Cf-Routererror': 'unknown_route' }, 'Requested route does not exist.'],
      ['a web server', { 'Content-Type': 'text/html' }, '<html><title>404</title></html>'],
    ] as const) {
      it(`does not take the 404 of ${name} for a missing entry`, async () => {
        tenant.double.faults.push({ on: 'read', status: 404, headers, body });
        await failure(tenant.client.readEntry('61', never), 'not-found');
      });
    }

    const broken: readonly (readonly [string, string, string, string])[] = [
      ['truncated JSON', '{"d":{"results":[', 'application/json', 'json'],
      ['a web page', '<!DOCTYPE html><html></html>', 'text/html', 'media-type'],
      ['a web page that calls itself JSON', '<!DOCTYPE html><html></html>', 'application/json', 'media-type'],
      ['Atom XML', '<feed/>', 'application/atom+xml', 'media-type'],
      ['JSON that calls itself text', '{"d":{"results":[]}}', 'text/plain', 'media-type'],
      ['nothing', '', 'application/json', 'empty'],
      ['JSON of another shape', '{"value":[]}', 'application/json', 'shape'],
      ['rows of another shape', '{"d":{"results":[5]}}', 'application/json', 'row'],
    ];
    for (const [name, body, type, reason] of broken) {
      it(`is bad-answer where the tenant answers ${name}`, async () => {
        answer('/api/v1/KeystoreEntries', body, type);
        const error = await failure(tenant.client.readEntries({ signal: never }), 'bad-answer');
        assert.equal(error.details['reason'], reason);
      });
    }

    const statuses: readonly (readonly [number, ErrorCode, string?])[] = [
      [400, 'rejected'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [407, 'offline'],
      [423, 'locked'],
      [500, 'server-error'],
      [502, 'server-error', '<html>Bad Gateway</html>'],
      [503, 'locked'],
      [503, 'server-error', '<html>Unavailable</html>'],
      [302, 'bad-answer'],
    ];
    for (const [status, code, body = ''] of statuses) {
      it(`is ${code} for ${status}${body === '' ? '' : ' with a web page'}`, async () => {
        tenant.double.faults.push({ on: 'read', status, body });
        const error = await failure(tenant.client.readEntries({ signal: never }), code);
        assert.equal(error.details['status'], status);
        assert.equal(error.details['performed'], undefined);
      });
    }

    it('keeps what the tenant says', async () => {
      tenant.double.reads.set(
        '/api/v1/KeystoreEntries',
        errorAnswer(400, 'Bad Request', "Keystore name 'x' is invalid."),
      );
      const error = await failure(tenant.client.readEntries({ signal: never }), 'rejected');
      assert.equal(error.details['said'], "Keystore name 'x' is invalid.");
    });
  });

  describe('reading parts of an entry', () => {
    it('reads the chain, root first', async () => {
      const rows = [2, 0, 1].map((Index) => ({ ...row('a'), Index, SubjectDN: `CN=${Index}` }));
      answer("/api/v1/KeystoreEntries('61')/ChainCertificates", 200, { d: { results: rows } });
      assert.deepEqual(
        (await tenant.client.readChain('61', never)).map(({ index, subjectDn }) => [index, subjectDn]),
        [
          [0, 'CN=0'],
          [1, 'CN=1'],
          [2, 'CN=2'],
        ],
      );
    });

    const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const der = Buffer.from([0x30, 0x82, 0xff, 0x00]);
    for (const [form, body] of [
      ['PEM', pem],
      ['DER', der],
      ['bare base64', 'MIIB'],
    ] as const) {
      it(`gives ${form} as it came`, async () => {
        answer(
          "/api/v1/KeystoreEntries('61')/Certificate/$value?rootCA=false",
          body,
          'application/pkix-cert',
        );
        answer("/api/v1/KeystoreEntries('61')/Certificate/$value?rootCA=true", body, 'application/pkix-cert');
        answer("/api/v1/KeystoreEntries('61')/ChainResource/$value", body, 'application/pkcs7-mime');
        answer("/api/v1/KeystoreEntries('61')/SigningRequest/$value", body, 'application/pkcs10');
        const bodies = await Promise.all([
          tenant.client.readCertificate('61', 'leaf', never),
          tenant.client.readCertificate('61', 'root', never),
          tenant.client.readChainResource('61', never),
          tenant.client.readSigningRequest('61', never),
        ]);
        for (const received of bodies) {
          assert.deepEqual(Buffer.from(received), Buffer.from(body));
        }
      });
    }

    it('does not take a web page for a certificate', async () => {
      answer("/api/v1/KeystoreEntries('61')/SigningRequest/$value", '<html>log on</html>', 'text/html');
      await failure(tenant.client.readSigningRequest('61', never), 'bad-answer');
    });

    it('reads the SSH public key', async () => {
      const line = 'ssh-rsa AAAA public key for alias a';
      answer("/api/v1/KeystoreEntries('61')/Sshkey/$value", line, 'text/plain');
      assert.equal(await tenant.client.readSshPublicKey('61', never), line);
    });

    it('refuses a hexalias that is none, and sends nothing', async () => {
      for (const hexalias of ['', '6', "61')/x", '../..']) {
        await failure(tenant.client.readEntry(hexalias, never), 'invalid-input');
        await failure(tenant.client.deleteEntry(hexalias, never), 'invalid-input');
      }
      assert.equal(tenant.double.received.length, 0);
    });
  });

  describe('reading the keystore', () => {
    it('reads its summary and its size', async () => {
      answer("/api/v1/Keystores('system')", 200, {
        d: { Name: 'system', Size: 7, LastModifiedBy: 'Tester', LastModifiedTime: '/Date(1552296324222)/' },
      });
      answer("/api/v1/Keystores('system')/Size/$value", '7', 'text/plain');
      assert.deepEqual(await tenant.client.readKeystore('system', never), {
        name: 'system',
        size: 7,
        lastModifiedBy: 'Tester',
        lastModifiedTime: new Date(1552296324222),
      });
      assert.equal(await tenant.client.readKeystoreSize('system', never), 7);
      answer("/api/v1/Keystores('system')/Size/$value", 'seven', 'text/plain');
      await failure(tenant.client.readKeystoreSize('system', never), 'bad-answer');
    });

    it('reads the service document as JSON and as Atom', async () => {
      assert.deepEqual(await tenant.client.readServiceDocument(never), [
        'KeystoreEntries',
        'HistoryKeystoreEntries',
      ]);
      const atom =
        '<?xml version="1.0"?><app:service xmlns:app="http://www.w3.org/2007/app"><app:workspace><app:collection href="KeystoreEntries"/></app:workspace></app:service>';
      const headers = { 'Content-Type': 'application/atomsvc+xml;charset=utf-8' };
      tenant.double.faults.push({ on: 'csrf', status: 200, headers, body: atom });
      assert.deepEqual(await tenant.client.readServiceDocument(never), ['KeystoreEntries']);
      tenant.double.faults.push({
        on: 'csrf',
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      await failure(tenant.client.readServiceDocument(never), 'bad-answer');
    });
  });

  describe('writing', () => {
    const lastWrite = (): { request: string; type: string | undefined; body: string } => {
      const request = tenant.double.received.findLast(
        ({ method, path }) => method !== 'GET' && path.startsWith('/api'),
      );
      assert.ok(request !== undefined);
      return {
        request: `${request.method} ${request.path}`,
        type: request.headers['content-type'],
        body: request.body.toString(),
      };
    };
    const jsonType = 'application/json;charset=utf-8';

    it('asks for a key pair', async () => {
      await tenant.client.createKeyPair(keyPair, never);
      const { request, type, body } = lastWrite();
      assert.equal(request, 'POST /api/v1/KeyPairGenerationRequests?returnKeystoreEntries=false');
      assert.equal(type, jsonType);
      assert.match(body, /"Alias":"acme".*"Country":"DE"/);
    });

    for (const contentType of [
      'application/pkcs7-mime',
      'application/x-pkcs7-certificates',
      'application/pkix-pkipath',
      undefined,
    ]) {
      it(`imports a signing response with ${contentType ?? 'no'} content type`, async () => {
        await tenant.client.importSigningResponse(
          '61',
          { body: Buffer.from('xyz'), contentType },
          { fingerprintVerified: false },
          never,
        );
        assert.deepEqual(lastWrite(), {
          request:
            "PUT /api/v1/CertificateChainResources('61')/$value?fingerprintVerified=false&returnKeystoreEntries=false",
          type: contentType,
          body: 'xyz',
        });
      });
    }

    it('imports a certificate', async () => {
      await tenant.client.importCertificate(
        '61',
        Buffer.from('pem'),
        { fingerprintVerified: true, update: true },
        never,
      );
      assert.deepEqual(lastWrite(), {
        request:
          "PUT /api/v1/CertificateResources('61')/$value?fingerprintVerified=true&returnKeystoreEntries=false&update=true",
        type: 'application/pkix-cert',
        body: 'pem',
      });
    });

    it('imports a key pair', async () => {
      await tenant.client.importKeyPair(
        { alias: 'a"b', pkcs12: new Uint8Array([1, 2, 3]), password: 'pässword' },
        { fingerprintVerified: false, update: false },
        never,
      );
      const { request, body } = lastWrite();
      assert.equal(
        request,
        'POST /api/v1/KeyPairResources?fingerprintVerified=false&returnKeystoreEntries=false&update=false',
      );
      assert.deepEqual(JSON.parse(body), {
        Hexalias: '00',
        Alias: 'a"b',
        Password: 'pässword',
        Resource: 'AQID',
      });
    });

    it('renames with the new alias encoded', async () => {
      await tenant.client.rename('61', 'ü /\\;&=+#?%', never);
      assert.deepEqual(lastWrite(), {
        request:
          "PUT /api/v1/KeystoreEntries('61')?renameAlias=%C3%BC%20%2F%5C%3B%26%3D%2B%23%3F%25&returnHexAlias=false&returnKeystoreEntries=false",
        type: jsonType,
        body: '{"Status":null}',
      });
    });

    it('deletes an entry', async () => {
      await tenant.client.deleteEntry('6a', never);
      assert.deepEqual(lastWrite(), {
        request: "DELETE /api/v1/KeystoreEntries('6A')?returnKeystoreEntries=false",
        type: undefined,
        body: '',
      });
    });

    for (const status of [405, 501]) {
      it(`deletes by mass deletion where the tenant answers ${status}`, async () => {
        tenant.double.faults.push({ on: 'write', status });
        await tenant.client.deleteEntry(encodeHexalias('a;b'), never);
        assert.equal(lastWrite().body, '{"Aliases":"a\\\\;b"}');
        assert.equal(tenant.double.performed.length, 1);
      });
    }

    it('deletes several entries, with separators escaped as SAP documents', async () => {
      await tenant.client.deleteEntries(['Company A; Company B', 'a\\b', 'c'], never);
      assert.deepEqual(lastWrite(), {
        request: "PUT /api/v1/KeystoreResources('system')?deleteEntries=true&returnKeystoreEntries=false",
        type: jsonType,
        body: String.raw`{"Aliases":"Company A\\; Company B;a\\\\b;c"}`,
      });
    });

    it('writes a list of aliases that can be told apart again', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.string({ unit: fc.constantFrom('a', ';', '\\', ' '), minLength: 1 }), {
            minLength: 1,
            maxLength: 6,
          }),
          async (aliases) => {
            await tenant.client.deleteEntries(aliases, never);
            const body: unknown = JSON.parse(lastWrite().body);
            const list = String(Object.values(body as object)[0]);
            assert.deepEqual(splitAliases(list), aliases);
          },
        ),
        { numRuns: 40 },
      ));

    it('refuses what the tenant would refuse, and sends nothing', async () => {
      const { client } = tenant;
      const options = { fingerprintVerified: false, update: false };
      const refusals: readonly (readonly [Promise<unknown>, ErrorCode])[] = [
        [client.createKeyPair({ ...keyPair, alias: 'sap_x' }, never), 'invalid-input'],
        [client.createKeyPair({ ...keyPair, alias: '' }, never), 'invalid-input'],
        [client.rename('61', '', never), 'invalid-input'],
        [client.rename('61', 'x'.repeat(251), never), 'invalid-input'],
        [client.deleteEntries([], never), 'invalid-input'],
        [client.deleteEntries(['a', ''], never), 'invalid-input'],
        [
          client.importCertificate('61', new Uint8Array(uploadLimits.certificate + 1), options, never),
          'too-large',
        ],
        [client.importCertificate('61', new Uint8Array(0), options, never), 'invalid-input'],
        [
          client.importSigningResponse(
            '61',
            { body: new Uint8Array(uploadLimits.signingResponse + 1), contentType: undefined },
            options,
            never,
          ),
          'too-large',
        ],
        [
          client.importKeyPair(
            { alias: 'a', pkcs12: new Uint8Array(uploadLimits.keyPair + 1), password: 'x' },
            options,
            never,
          ),
          'too-large',
        ],
      ];
      for (const [refusal, code] of refusals) {
        assert.equal((await failure(refusal, code)).details['performed'], 'no');
      }
      assert.equal(tenant.double.received.length, 0);
    });

    it('tells an alias that exists by what the tenant says', async () => {
      for (const text of [
        'Keystore entry with alias "acme" already exists',
        'Entry with alias "acme" already exists in keystore "system"',
      ]) {
        const body = JSON.stringify({ error: { code: 'Bad Request', message: { lang: 'en', value: text } } });
        tenant.double.faults.push({ on: 'write', status: 400, body });
        const error = await failure(tenant.client.createKeyPair(keyPair, never), 'already-exists');
        assert.deepEqual([error.details['said'], error.details['performed']], [text, 'no']);
      }
    });
  });

  describe('importing what the tenant does not trust', () => {
    const fingerprint =
      'CB:3C:CB:B7:60:31:E5:E0:13:8F:8D:D3:9A:23:F9:DE:47:FF:C3:5E:43:C1:14:4C:EA:27:D4:6A:5A:B1:CB:5F';
    const entry = {
      Alias: 'a',
      SubjectDN: 'CN=x',
      FingerprintSha256: fingerprint,
      Validity: 'notTrusted',
      Status: 'notImported',
    };
    const conflict = { code: 'Conflict', message: { lang: 'en', value: 'trust' } };
    const forms: readonly (readonly [string, unknown, string | undefined])[] = [
      ['as an entity', { d: entry }, fingerprint],
      ['in a list', { d: { results: [{ Alias: 'other' }, entry] } }, fingerprint],
      ['bare', entry, fingerprint],
      ['beside the error', { error: { ...conflict, KeystoreEntry: entry } }, fingerprint],
      [
        'as JSON in the message',
        { error: { ...conflict, message: { lang: 'en', value: JSON.stringify(entry) } } },
        fingerprint,
      ],
      [
        'in lower case without colons',
        { d: { FingerprintSha256: fingerprint.replaceAll(':', '').toLowerCase() } },
        fingerprint,
      ],
      ['nowhere', { error: conflict }, undefined],
      ['in a form that is none', { d: { FingerprintSha256: '<b>' } }, undefined],
    ];
    for (const [name, body, expected] of forms) {
      it(`is fingerprint-unconfirmed with the fingerprint found ${name}`, async () => {
        tenant.double.faults.push({ on: 'write', status: 409, body: JSON.stringify(body) });
        const error = await failure(
          tenant.client.importSigningResponse(
            '61',
            { body: Buffer.from('x'), contentType: undefined },
            { fingerprintVerified: false },
            never,
          ),
          'fingerprint-unconfirmed',
        );
        assert.equal(error.details['fingerprintSha256'], expected);
        assert.equal(error.details['performed'], 'no');
        assert.equal(tenant.double.performed.length, 0);
      });
    }

    it('is rejected where the fingerprint had been confirmed', async () => {
      tenant.double.faults.push({ on: 'write', status: 409, body: JSON.stringify({ d: entry }) });
      await failure(
        tenant.client.importCertificate(
          '61',
          Buffer.from('x'),
          { fingerprintVerified: true, update: false },
          never,
        ),
        'rejected',
      );
    });
  });
});

/** How a reader takes the list apart: `\` makes the next character part of the alias. */
function splitAliases(list: string): readonly string[] {
  const aliases = [''];
  for (let index = 0; index < list.length; index++) {
    const character = list.charAt(index);
    if (character === ';') {
      aliases.push('');
    } else {
      aliases.push((aliases.pop() ?? '') + (character === '\\' ? list.charAt(++index) : character));
    }
  }
  return aliases;
}
