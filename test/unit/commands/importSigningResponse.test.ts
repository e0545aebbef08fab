import assert from 'node:assert/strict';
import type { Environment } from '../../../src/commands/environment.js';
import { importSigningResponse, type ImportPorts } from '../../../src/commands/importSigningResponse.js';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { formatFingerprint, type Certificate } from '../../../src/pki/certificate.js';
import { readCertificates } from '../../../src/pki/container.js';
import type { Connection } from '../../../src/services/connection.js';
import type { FoundIssuer } from '../../../src/services/issuers.js';
import type { KeySearch } from '../../../src/services/publicKeys.js';
import type { KeystoreEntry } from '../../../src/tenant/keystoreEntry.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';
import { fileUri } from '../../support/localWorld.js';
import { OpensslPki, type Credential } from '../../support/opensslPki.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';
import { zip } from '../pki/testZip.js';
import { builtInTrust } from '../../support/trust.js';

const yes: ScriptedAnswer = { wish: 'yes' };
const signal = new AbortController().signal;

describe('Import Signing Response', function () {
  this.timeout(30_000);
  const pki = new OpensslPki();
  const root = pki.ca('/CN=Import Root');
  const issuing = pki.issue(root, '/CN=Import Issuing', { ca: true, usages: 'clientAuth' });
  const leaf = pki.issue(issuing, '/CN=orders', { usages: 'clientAuth' });
  const stranger = pki.ca('/CN=Stranger');
  const other = pki.issue(issuing, '/CN=other', { usages: 'clientAuth' });
  after(() => pki.dispose());

  const read = ({ certificate }: Credential): Certificate => {
    const [first] = readCertificates(Buffer.from(certificate)).certificates;
    assert.ok(first);
    return first;
  };

  const connection = { id: 't1', name: 'ACME Dev', practice: false } as unknown as Connection;
  const before = keystoreEntry({ alias: 'orders-sender' });

  interface Sent {
    readonly body: Uint8Array;
    readonly contentType: string | undefined;
  }

  async function run(
    answers: ScriptedAnswer[],
    file: string | Uint8Array,
    options: {
      readonly found?: readonly FoundIssuer[];
      readonly search?: Partial<KeySearch>;
      /** Another entry. */
      readonly known?: KeystoreEntry;
      /** Whether the certificate of that entry was read before. */
      readonly isRead?: boolean;
    } = {},
  ): Promise<{
    prompts: ScriptedPrompts;
    sent: readonly Sent[];
    searches: number;
    revealed: readonly string[];
  }> {
    const prompts = new ScriptedPrompts(answers);
    const sent: Sent[] = [];
    const revealed: string[] = [];
    let searches = 0;
    const learned = new Map<string, string>();
    const after: KeystoreEntry = {
      ...before,
      fingerprintSha256: formatFingerprint(read(leaf).sha256),
    };
    const client = {
      readEntry: () => Promise.resolve(sent.length === 0 ? before : after),
      readCertificate: () => Promise.resolve(Buffer.from(leaf.certificate)),
      importSigningResponse: (_hexalias: string, response: Sent) => {
        sent.push(response);
        return Promise.resolve();
      },
    };
    const environment = {
      prompts,
      trust: builtInTrust,
      now: () => Date.now() + 60_000,
      connections: { list: () => [connection], get: () => connection },
      keystores: {
        entries: () => [before, ...(options.known === undefined ? [] : [options.known])],
        entriesOrRead: () => Promise.resolve([before]),
        access: () => Promise.resolve({ client }),
        write: (_id: string, work: (of: typeof client) => Promise<unknown>) => work(client),
      },
      navigator: {
        revealEntry: (_tenantId: string, hexalias: string) => {
          revealed.push(hexalias);
          return Promise.resolve();
        },
      },
    } as unknown as Environment;
    const uri = fileUri('/response.cer');
    const ports: ImportPorts = {
      files: { read: () => Promise.resolve(Buffer.from(file)) },
      activeText: () => undefined,
      isUri: (value): value is typeof uri => value === uri,
      issuerSources: () => [() => Promise.resolve(options.found ?? [])],
      publicKeys: {
        keyKnown: (entry) =>
          options.isRead === true && entry === options.known
            ? read(other).spkiSha256
            : learned.get(entry.fingerprintSha256?.replaceAll(':', '').toLowerCase() ?? ''),
        learn: ({ sha256, spkiSha256 }) => void learned.set(sha256, spkiSha256),
        find: () => {
          searches++;
          const nothing = { owners: [], compared: 4, unreadTenants: [], unreadEntries: [] };
          return Promise.resolve({ ...nothing, ...options.search });
        },
      },
    };
    const context = {
      signal,
      withProgress: <T>(_: string, work: (progress: never) => Promise<T>) =>
        work({ signal, report: () => undefined } as never),
    };
    const target = { tenantId: 't1', hexalias: before.hexalias };
    const result = { prompts, sent, revealed, searches: 0 };
    try {
      // The row comes from the tree; the file from a question.
      await importSigningResponse(
        { ...environment, prompts: withFile(prompts, uri) },
        target,
        ports,
        context,
      );
    } finally {
      result.searches = searches;
      results.push(result);
    }
    prompts.done();
    return result;
  }

  const results: {
    readonly sent: readonly Sent[];
    readonly searches: number;
    readonly revealed: readonly string[];
  }[] = [];

  /** Answers the question where the response is with this file, and all others by the script. */
  function withFile(prompts: ScriptedPrompts, uri: ReturnType<typeof fileUri>): Environment['prompts'] {
    return new Proxy(prompts, {
      get: (target, name) => {
        if (name === 'pick') {
          return () => Promise.resolve({ kind: 'value', value: 'file' });
        }
        if (name === 'openFile') {
          return () => Promise.resolve(uri);
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  it('sends a response in order as it is, with the verdict and its source in the one question', async () => {
    const { prompts, sent } = await run([yes], leaf.certificate + issuing.certificate + root.certificate);
    const [question = ''] = prompts.messages;
    assert.match(question, /Will SAP's load balancer accept it\? No: The root "CN=Import Root"/);
    assert.match(question, /Source: SAP's approved root certificates, 3\.0\.0 of 2026-06-03/);
    assert.match(question, /Option 3: the private key cannot leave the tenant/);
    assert.match(question, /^Form: PEM \(.*\d+ bytes\)$/m);
    assert.equal(sent[0]?.contentType, undefined);
    assert.equal(
      Buffer.from(sent[0]?.body ?? []).toString(),
      leaf.certificate + issuing.certificate + root.certificate,
    );
  });

  it('repairs a reversed response with a stranger in it, and lists what it did', async () => {
    const file = root.certificate + stranger.certificate + issuing.certificate + leaf.certificate;
    const { prompts, sent } = await run([yes], file);
    assert.match(
      prompts.messages[0] ?? '',
      /Put into order, the leaf first\.\nLeft out, does not belong to the chain: Stranger\.\nThe repaired chain is sent as binary PKCS#7\./,
    );
    assert.equal(sent[0]?.contentType, 'application/pkcs7-mime');
    assert.deepEqual(
      readCertificates(sent[0].body).certificates.map(({ sha256 }) => sha256),
      [leaf, issuing, root].map((credential) => read(credential).sha256),
    );
  });

  it('takes a missing intermediate from where it is found, but no root that was not asked for', async () => {
    const found = [issuing, root].map((credential) => ({ certificate: read(credential), from: 'ACME Prod' }));
    const { prompts, sent } = await run([yes], leaf.certificate, { found });
    assert.match(prompts.messages[0] ?? '', /Added from "ACME Prod": Import Issuing\./);
    assert.deepEqual(
      readCertificates(sent[0]?.body ?? new Uint8Array()).certificates.map(({ sha256 }) => sha256),
      [leaf, issuing].map((credential) => read(credential).sha256),
    );
  });

  it('sends nothing where the question is not agreed to', async () => {
    await assert.rejects(run([{ wish: 'no' }], leaf.certificate), Cancelled);
    assert.deepEqual(results.at(-1)?.sent, []);
  });

  it('says whose key it is without a search where the certificate of that entry was read before', async () => {
    const known = keystoreEntry({ alias: 'other-sender', type: 'Key Pair', fingerprintSha256: 'AA:BB' });
    await assert.rejects(
      run([], other.certificate, { known, isRead: true }),
      (error) =>
        KeystoreError.is(error, 'mismatch') &&
        /"other-sender" in "ACME Dev", not to "orders-sender"/.test(String(error.details['explanation'])),
    );
    assert.deepEqual(results.at(-1), { ...results.at(-1), sent: [], searches: 0 });
  });

  it('says whose key it is where an entry holds the certificate already', async () => {
    const { sha256 } = read(other);
    const known = keystoreEntry({
      alias: 'other-sender',
      type: 'Key Pair',
      fingerprintSha256: formatFingerprint(sha256),
    });
    await assert.rejects(run([], other.certificate, { known }), (error) =>
      KeystoreError.is(error, 'mismatch'),
    );
  });

  describe('from an archive with a damaged file', () => {
    const archive = (...files: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
      zip(files.map(([name, bytes]) => ({ name, bytes })));

    it('names the file, and speaks of no other key', async () => {
      const cut = read(leaf).der.subarray(0, 300);
      await assert.rejects(
        run([], archive(['leaf.crt', cut], ['ca.crt', read(issuing).der])),
        (error) =>
          KeystoreError.is(error, 'malformed') &&
          /belongs to the key of "orders-sender"\. Nothing was sent\. "leaf\.crt" of the archive was not read: /.test(
            String(error.details['explanation']),
          ),
      );
    });

    it('says so in its question where the certificate of the key is there', async () => {
      const cut = read(issuing).der.subarray(0, 300);
      const { prompts } = await run([yes], archive(['leaf.crt', read(leaf).der], ['ca.crt', cut]));
      assert.match(prompts.messages[0] ?? '', /"ca\.crt" of the archive was not read: /);
    });
  });

  it('searches other entries for another key only when asked to', async () => {
    await assert.rejects(run([{ wish: 'no' }], other.certificate), Cancelled);
    assert.deepEqual(results.at(-1), { ...results.at(-1), sent: [], searches: 0 });
    const owner = { connection, entry: keystoreEntry({ alias: 'other-sender' }), spkiSha256: '' };
    await assert.rejects(
      run([yes], other.certificate, { search: { owners: [owner] } }),
      (error) =>
        KeystoreError.is(error, 'mismatch') &&
        /"other-sender" in "ACME Dev", not to "orders-sender"/.test(String(error.details['explanation'])),
    );
    assert.deepEqual(results.at(-1)?.revealed, [owner.entry.hexalias]);
    await assert.rejects(
      run([yes], other.certificate, { search: { unreadTenants: ['ACME Prod'] } }),
      (error) =>
        KeystoreError.is(error, 'mismatch') &&
        /None of the 4 key pairs.*"ACME Prod" could not/.test(String(error.details['explanation'])),
    );
    assert.deepEqual(results.at(-1)?.sent, []);
  });
});
