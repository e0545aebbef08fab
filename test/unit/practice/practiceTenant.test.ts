import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PracticeTenant } from '../../../src/practice/practiceTenant.js';
import { signWithPracticeCa, type PracticeForm } from '../../../src/practice/practiceSigning.js';

interface Json {
  readonly [key: string]: unknown;
}

describe('practice tenant', () => {
  let directory: string;
  let tenant: PracticeTenant;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'practice-'));
    tenant = await PracticeTenant.open({ directory });
  });

  after(async () => {
    await tenant.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(() => {
    tenant.faults.clear();
    tenant.journal.clear();
  });

  const key = (): { clientid: string; clientsecret: string; tokenurl: string; url: string } =>
    (
      JSON.parse(tenant.serviceKey) as {
        oauth: { clientid: string; clientsecret: string; tokenurl: string; url: string };
      }
    ).oauth;

  async function token(): Promise<string> {
    const { clientid, clientsecret, tokenurl } = key();
    const answer = await fetch(`${tokenurl}?grant_type=client_credentials`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${clientid}:${clientsecret}`)}` },
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  async function call(
    path: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return await fetch(`${tenant.url}/api/v1${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${await token()}`, Accept: 'application/json', ...init.headers },
    });
  }

  async function rows(path: string): Promise<readonly Json[]> {
    const body = (await (await call(path)).json()) as { d: { results: readonly Json[] } };
    return body.d.results;
  }

  const hex = (alias: string): string => Buffer.from(alias).toString('hex').toUpperCase();

  it('answers 401 without a token, and to a wrong secret', async () => {
    assert.equal((await fetch(`${tenant.url}/api/v1/KeystoreEntries`)).status, 401);
    const { tokenurl } = key();
    assert.equal(
      (await fetch(tokenurl, { method: 'POST', headers: { Authorization: `Basic ${btoa('a:b')}` } })).status,
      401,
    );
  });

  it('shapes an entry as the API does', async () => {
    const entry = (await rows('/KeystoreEntries')).find((row) => row['Alias'] === 'orders-sender');
    assert.ok(entry);
    assert.equal(entry['Hexalias'], '6F72646572732D73656E646572');
    assert.equal(entry['Type'], 'Key Pair');
    assert.equal(entry['Owner'], 'Tenant Administrator');
    assert.equal(entry['KeyType'], 'RSA');
    assert.equal(entry['KeySize'], 2048);
    assert.equal(entry['SubjectDN'], 'CN=orders.acme.example, OU=Integration, O=ACME, C=DE');
    assert.match(String(entry['ValidNotAfter']), /^\/Date\(\d+\)\/$/);
    assert.match(String(entry['SerialNumber']), /^0x[1-9A-F][0-9A-F]*$/);
    assert.match(String(entry['FingerprintSha256']), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.deepEqual(entry['ChainCertificates'], {
      __deferred: { uri: "/api/v1/KeystoreEntries('6F72646572732D73656E646572')/ChainCertificates" },
    });
  });

  it('renders values with commas in double quotes', async () => {
    const entry = (await rows('/KeystoreEntries')).find((row) => row['Alias'] === 'partner bank');
    assert.equal(entry?.['SubjectDN'], 'CN=api.bank.example, O="Bank, AG", C=CH');
  });

  it('gives pages with a next link', async () => {
    tenant.faults.pageSize = 10;
    try {
      const body = (await (await call('/KeystoreEntries')).json()) as {
        d: { results: unknown[]; __next: string };
      };
      assert.equal(body.d.results.length, 10);
      assert.match(body.d.__next, /^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/KeystoreEntries\?.*skiptoken=10$/);
    } finally {
      tenant.faults.pageSize = 1000;
    }
  });

  it('gives a signing request that openssl verifies', async () => {
    const pem = await (
      await call(`/KeystoreEntries('${hex('orders-sender')}')/SigningRequest/$value`)
    ).text();
    const out = execFileSync('openssl', ['req', '-verify', '-noout', '-subject'], {
      input: pem,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    assert.match(out.toString(), /CN\s*=\s*orders\.acme\.example/);
  });

  it('refuses a signing request of what SAP owns', async () => {
    const answer = await call(
      `/KeystoreEntries('${hex('sap_cloudintegrationcertificate')}')/SigningRequest/$value`,
    );
    assert.equal(answer.status, 403);
  });

  it('knows the texts of the tenant for what is not there', async () => {
    const missing = (await (await call(`/KeystoreEntries('${hex('nobody')}')`)).json()) as Json;
    assert.deepEqual(missing, {
      error: {
        code: 'Not Found',
        message: { lang: 'en', value: "Alias 'nobody' not found in the keystore" },
      },
    });
    const odd = (await (await call("/KeystoreEntries('ABC')")).json()) as {
      error: { message: { value: string } };
    };
    assert.equal(odd.error.message.value, 'hexBinary needs to be even-length: ABC');
  });

  const wish = {
    Hexalias: '00',
    Alias: 'fresh',
    KeyType: 'EC',
    KeySize: null,
    KeyAlgorithmParameter: 'NIST P-256',
    SignatureAlgorithm: 'SHA256/ECDSA',
    CommonName: 'fresh.example',
    Country: 'DE',
  };
  const create = (body: Json): Promise<Response> =>
    call('/KeyPairGenerationRequests?returnKeystoreEntries=false', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json;charset=utf-8' },
    });

  it('answers 400 to a subject that no certificate can hold', async () => {
    for (const [changed, attribute] of [
      [{ Country: 'Ü1' }, 'C'],
      [{ Email: 'ä@fresh.example' }, 'emailAddress'],
    ] as const) {
      const answer = await create({ ...wish, ...changed });
      assert.equal(answer.status, 400);
      const body = (await answer.json()) as { error: { message: { value: string } } };
      assert.match(body.error.message.value, new RegExp(`\\b${attribute}\\b`));
    }
  });

  it('gives the SSH form of RSA and DSA keys and certificates, and refuses EC', async () => {
    const made = await call('/KeyPairGenerationRequests', {
      method: 'POST',
      body: JSON.stringify({
        Hexalias: '00',
        Alias: 'old dsa',
        KeyType: 'DSA',
        KeySize: 1024,
        SignatureAlgorithm: 'SHA-256/DSA',
        CommonName: 'old',
        Country: 'DE',
      }),
    });
    assert.equal(made.status, 204);
    const line = async (alias: string): Promise<string> =>
      await (await call(`/KeystoreEntries('${hex(alias)}')/Sshkey/$value`)).text();
    for (const [alias, type] of [
      ['orders-sender', 'ssh-rsa'],
      ['old dsa', 'ssh-dss'],
    ] as const) {
      const [, named, base64, comment] = /^(\S+) (\S+) (.*)$/.exec(await line(alias)) ?? [];
      assert.deepEqual([named, comment], [type, `public key for alias ${alias}`]);
      const blob = Buffer.from(base64 ?? '', 'base64');
      assert.equal(blob.toString('latin1', 4, 4 + blob.readUInt32BE(0)), type);
    }
    const ec = await call(`/KeystoreEntries('${hex('warehouse')}')/Sshkey/$value`);
    assert.equal(ec.status, 400);
  });

  it('tells of a keystore, with its entries on wish and when it was changed last', async () => {
    const before = Date.now();
    const remove = await call(`/KeystoreEntries('${hex('invoices-sender')}')`, { method: 'DELETE' });
    assert.equal(remove.status, 204);
    type Summary = { d: { Size: number; LastModifiedTime: string; Entries: { results?: unknown[] } } };
    const summary = async (query: string): Promise<Summary['d']> =>
      ((await (await call(`/Keystores('system')${query}`)).json()) as Summary).d;
    const plain = await summary('');
    assert.deepEqual(plain.Entries, { __deferred: { uri: "/api/v1/Keystores('system')/Entries" } });
    const time = Number(/^\/Date\((\d+)\)\/$/.exec(plain.LastModifiedTime)?.[1]);
    assert.ok(time >= before && time <= Date.now());
    const expanded = await summary('?$expand=Entries&$select=LastModifiedTime,Entries');
    assert.equal(expanded.Entries.results?.length, plain.Size);
    assert.equal(expanded.LastModifiedTime, plain.LastModifiedTime);
    assert.equal('Size' in expanded, false);
    assert.equal((await call("/Keystores('other')")).status, 400);
    const size = await call("/Keystores('KeyRenewal')/Size/$value");
    assert.equal(await size.text(), '0');
  });

  it('answers 404 and 400 where the tenant does not serve an entity by its own address', async () => {
    const request = `('${hex('orders-sender')}')`;
    assert.equal((await call(`/CertificateSigningRequests${request}`)).status, 404);
    assert.equal((await call(`/CertificateChainResources${request}`)).status, 400);
  });

  it('answers 413 to what is larger than anything it takes', async () => {
    const answer = await call('/KeyPairGenerationRequests', {
      method: 'POST',
      body: 'x'.repeat(3 * 1024 * 1024),
    });
    assert.equal(answer.status, 413);
  });

  it('describes in $metadata what its rows hold and its service document lists', async () => {
    const xml = await (await call('/$metadata')).text();
    const open: string[] = [];
    for (const [, end = '', name = '', self = ''] of xml.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
      if (end !== '') {
        assert.equal(open.pop(), name);
      } else if (self === '') {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
    const typeOf = (name: string): string =>
      new RegExp(`<EntityType Name="${name}"[\\s\\S]*?</EntityType>`).exec(xml)?.[0] ?? '';
    const membersOf = (name: string): readonly string[] => {
      const text = typeOf(name);
      const base = /BaseType="com\.sap\.hci\.api\.(\w+)"/.exec(text)?.[1];
      const own = [...text.matchAll(/Property Name="(\w+)"/g)].map(([, member = '']) => member);
      return [...(base === undefined ? [] : membersOf(base)), ...own].sort();
    };
    const keysOf = (row: Json | undefined): readonly string[] =>
      Object.keys(row ?? {})
        .filter((name) => name !== '__metadata')
        .sort();
    const [entry] = await rows('/KeystoreEntries');
    assert.deepEqual(membersOf('KeystoreEntry'), keysOf(entry));
    const [part] = await rows(`/KeystoreEntries('${hex('orders-sender')}')/ChainCertificates`);
    assert.deepEqual(membersOf('ChainCertificate'), keysOf(part));
    const keystore = (await (await call("/Keystores('system')")).json()) as { d: Json };
    assert.deepEqual(membersOf('Keystore'), keysOf(keystore.d));
    const document = (await (await call('/')).json()) as { d: { EntitySets: string[] } };
    const sets = [...xml.matchAll(/<EntitySet Name="(\w+)" EntityType="com\.sap\.hci\.api\.(\w+)"/g)];
    assert.deepEqual(
      sets.map(([, name]) => name),
      document.d.EntitySets,
    );
    assert.ok(sets.every(([, , type = '']) => typeOf(type) !== ''));
  });

  it('walks the story: pair, request, every form of response, new issuer', async () => {
    assert.equal((await create(wish)).status, 204);
    const again = await create(wish);
    assert.equal(again.status, 400);
    assert.match(await again.text(), /Entry with alias \\"fresh\\" already exists in keystore \\"system\\"/);
    const csr = new Uint8Array(
      await (await call(`/KeystoreEntries('${hex('fresh')}')/SigningRequest/$value`)).arrayBuffer(),
    );
    const forms: readonly PracticeForm[] = [
      'pkcs7-pem',
      'pkcs7-der',
      'pkcs7-base64',
      'pem',
      'der',
      'pkipath',
      'spc',
    ];
    for (const form of forms) {
      const body = await signWithPracticeCa({ directory, csr, form });
      const answer = await call(
        `/CertificateChainResources('${hex('fresh')}')/$value?fingerprintVerified=false`,
        {
          method: 'PUT',
          body: Buffer.from(body),
        },
      );
      assert.equal(answer.status, 204, `${form}: ${await answer.text()}`);
    }
    const chain = await rows(`/KeystoreEntries('${hex('fresh')}')/ChainCertificates`);
    assert.deepEqual(
      chain.map((row) => [row['Index'], /CN=([^,]+)/.exec(String(row['SubjectDN']))?.[1]]),
      [
        [0, 'Practice Root CA'],
        [1, 'Practice Issuing CA'],
        [2, 'fresh.example'],
      ],
    );
    assert.deepEqual(
      tenant.journal.performed.map(({ operation }) => operation),
      ['createKeyPair', ...forms.map(() => 'importSigningResponse')],
    );
  });

  it('is signed by a chain that openssl verifies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chain-'));
    try {
      const csr = new Uint8Array(
        await (await call(`/KeystoreEntries('${hex('orders-sender')}')/SigningRequest/$value`)).arrayBuffer(),
      );
      const pem = Buffer.from(await signWithPracticeCa({ directory, csr, form: 'pem' })).toString();
      const [leaf = '', issuing = '', root = ''] =
        pem.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n/g) ?? [];
      for (const [name, text] of [
        ['leaf', leaf],
        ['issuing', issuing],
        ['root', root],
      ] as const) {
        await writeFile(join(folder, name), text);
      }
      const out = execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-purpose',
          'sslclient',
          '-CAfile',
          'root',
          '-untrusted',
          'issuing',
          'leaf',
        ],
        { cwd: folder },
      );
      assert.match(out.toString(), /leaf: OK/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('refuses a response for another key and asks about a stranger', async () => {
    const csr = new Uint8Array(
      await (await call(`/KeystoreEntries('${hex('orders-sender')}')/SigningRequest/$value`)).arrayBuffer(),
    );
    const put = async (body: Uint8Array): Promise<Response> =>
      call(`/CertificateChainResources('${hex('orders-sender')}')/$value?fingerprintVerified=false`, {
        method: 'PUT',
        body: Buffer.from(body),
      });
    const wrong = await put(await signWithPracticeCa({ directory, csr, form: 'pem', fault: 'another-key' }));
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /The public key of the CA Reply is different/);
    const elsewhere = await mkdtemp(join(tmpdir(), 'other-ca-'));
    try {
      const foreign = await put(await signWithPracticeCa({ directory: elsewhere, csr, form: 'pem' }));
      assert.equal(foreign.status, 409);
      const { d } = (await foreign.json()) as { d: Json };
      assert.equal(d['Validity'], 'notTrusted');
      assert.match(String(d['FingerprintSha256']), /^([0-9A-F]{2}:){31}/);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
    assert.deepEqual(tenant.journal.performed, []);
  });

  it("keeps what is SAP's from change", async () => {
    const answer = await call(`/KeystoreEntries('${hex('sap_cloudintegrationcertificate')}')`, {
      method: 'DELETE',
    });
    assert.equal(answer.status, 403);
    assert.equal((await create({ ...wish, Alias: 'sap_mine' })).status, 403);
  });

  it('refuses what this host cannot make, with the reason', async () => {
    const answer = await create({ ...wish, Alias: 'odd', KeyAlgorithmParameter: 'X9.62 c2tnb359v1-none' });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /This host cannot make a key/);
  });

  it('renames, deletes, and deletes many with escaped aliases', async () => {
    assert.equal((await create({ ...wish, Alias: 'a;b\\c' })).status, 204);
    const renamed = await call(
      `/KeystoreEntries('${hex('a;b\\c')}')?renameAlias=${encodeURIComponent('d;e')}&returnHexAlias=true`,
      {
        method: 'PUT',
        body: '{"Status":null}',
      },
    );
    assert.deepEqual(await renamed.json(), { d: { results: [hex('d;e')] } });
    const mass = await call("/KeystoreResources('system')?deleteEntries=true", {
      method: 'PUT',
      body: JSON.stringify({ Aliases: 'unknown;d\\;e' }),
    });
    assert.equal(mass.status, 204);
    assert.equal((await call(`/KeystoreEntries('${hex('d;e')}')`)).status, 404);
  });

  it('wants the role for each operation', async () => {
    tenant.faults.roles = ['MonitoringDataRead'];
    try {
      assert.equal((await create({ ...wish, Alias: 'other' })).status, 403);
      assert.equal((await call('/KeystoreEntries')).status, 200);
    } finally {
      tenant.faults.roles = ['MonitoringDataRead', 'SecurityMaterialEdit'];
    }
  });

  it('wants a CSRF token of the session where basic authentication writes', async () => {
    const { clientid, clientsecret } = key();
    const headers = { Authorization: `Basic ${btoa(`${clientid}:${clientsecret}`)}` };
    const path = `${tenant.url}/api/v1/KeystoreEntries('${hex('nobody')}')`;
    const refused = await fetch(path, { method: 'DELETE', headers });
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('x-csrf-token'), 'Required');
    const fetched = await fetch(`${tenant.url}/api/v1/`, {
      headers: { ...headers, 'X-CSRF-Token': 'Fetch' },
    });
    const csrf = fetched.headers.get('x-csrf-token') ?? '';
    const cookie = fetched.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    assert.match(csrf, /^[0-9A-F]{32}$/);
    const accepted = await fetch(path, {
      method: 'DELETE',
      headers: { ...headers, 'X-CSRF-Token': csrf, Cookie: cookie },
    });
    assert.equal(accepted.status, 404);
  });

  it('can perform a write and lose the answer', async () => {
    tenant.faults.add({ operation: 'createKeyPair', fault: { kind: 'dropAfter' }, times: 1 });
    await assert.rejects(create({ ...wish, Alias: 'lost' }));
    assert.deepEqual(
      tenant.journal.performed.map(({ alias }) => alias),
      ['lost'],
    );
    assert.equal((await call(`/KeystoreEntries('${hex('lost')}')`)).status, 200);
  });

  it('refuses a foreign host name', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      http
        .request(`${tenant.url}/api/v1/`, { headers: { Host: 'evil.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 421);
  });

  it('keeps its files for their owner alone', async () => {
    const names = await readdir(directory);
    assert.ok(names.includes('README.txt'));
    for (const name of names) {
      assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
    }
  });

  it('is joined by a further window, and kept over a restart', async () => {
    const joined = await PracticeTenant.open({ directory });
    assert.equal(joined.isJoined, true);
    assert.equal(joined.serviceKey, tenant.serviceKey);
    await tenant.dispose();
    tenant = await PracticeTenant.open({ directory });
    assert.equal(tenant.isJoined, false);
    assert.equal((await call(`/KeystoreEntries('${hex('fresh')}')`)).status, 200);
    await tenant.reset();
    assert.equal((await call(`/KeystoreEntries('${hex('fresh')}')`)).status, 404);
  });
});
