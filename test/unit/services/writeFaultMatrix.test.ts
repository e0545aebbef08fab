import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCertificate } from '../../../src/commands/change/addCertificate.js';
import { addKeyPair } from '../../../src/commands/change/addKeyPair.js';
import { deleteEntries } from '../../../src/commands/change/deleteEntries.js';
import { renameEntry } from '../../../src/commands/change/renameEntry.js';
import { createKeyPair } from '../../../src/commands/createKeyPair.js';
import { importSigningResponse } from '../../../src/commands/importSigningResponse.js';
import { Cancelled } from '../../../src/errors.js';
import { readCertificates } from '../../../src/pki/container.js';
import { makeName } from '../../../src/pki/distinguishedName.js';
import { writeSigningRequest } from '../../../src/pki/signingRequest.js';
import type { FaultRule } from '../../../src/practice/faults.js';
import { SubjectMemory } from '../../../src/services/subjectMemory.js';
import type { KeystoreEntry } from '../../../src/tenant/keystoreEntry.js';
import type { Prompts } from '../../../src/ui/prompts.js';
import { failureMessage } from '../../../src/ui/failureMessage.js';
import { fileUri, localWorld, type LocalWorld } from '../../support/localWorld.js';
import { PracticeWorld } from '../../support/practiceWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';
import {
  status,
  writeFaultCases as cases,
  type WriteFaultCase as Case,
} from '../../support/writeFaultCases.js';

type Fault = FaultRule['fault'];

/** A write of the product, as a person starts it. */
interface Subject {
  /** The operation of the practice tenant that performs it. */
  readonly operation: string;
  /** Makes what the write needs; aliases begin with `alias`. */
  readonly prepare: (alias: string) => Promise<Prepared>;
}

interface Prepared {
  readonly run: (prompts: Prompts) => Promise<void>;
  readonly answers: readonly ScriptedAnswer[];
  readonly affected: readonly string[];
  /** True where the keystore is as the write leaves it. */
  readonly isDone: (entries: ReadonlyMap<string, KeystoreEntry>) => boolean;
  readonly done: RegExp;
  readonly lost: RegExp;
}

const yes: ScriptedAnswer = { wish: 'yes' };
const signal = new AbortController().signal;

describe('every write of the product against every knob of the practice tenant', function () {
  this.timeout(30_000);
  let world: PracticeWorld;
  let local: LocalWorld;
  let count = 0;

  before(async () => {
    world = await PracticeWorld.open();
    local = localWorld();
  });
  after(async () => {
    await world.dispose();
    local.dispose();
  });
  afterEach(() => {
    world.tenant.faults.clear();
    world.tenant.faults.csrfForBearer = false;
    world.timeoutMs = 10_000;
  });

  const file = (name: string, content: string | Uint8Array): ReturnType<typeof fileUri> => {
    const path = join(local.folder, name);
    writeFileSync(path, content);
    return fileUri(path);
  };

  /** A certificate that the practice tenant trusts, and its key. */
  async function issue(name: string): Promise<{ chain: Uint8Array; leaf: Uint8Array; key: string }> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const chain = await world.sign(
      writeSigningRequest({ subject: makeName([[{ oid: '2.5.4.3', value: name }]]), privateKey }),
    );
    const [leaf] = readCertificates(chain).certificates;
    assert.ok(leaf);
    return { chain, leaf: leaf.der, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
  }

  async function stored(alias: string): Promise<ReturnType<PracticeWorld['row']>> {
    const row = world.row(alias);
    const { leaf } = await issue(alias);
    await world.client.importCertificate(
      row.hexalias,
      leaf,
      { fingerprintVerified: false, update: false },
      signal,
    );
    return row;
  }

  const subjects: Readonly<Record<string, Subject>> = {
    'Create Key Pair': {
      operation: 'createKeyPair',
      prepare: (alias) =>
        Promise.resolve({
          affected: [alias],
          run: (prompts) =>
            createKeyPair(
              world.environment(prompts),
              undefined,
              new SubjectMemory(local.ports.state),
              local.context,
            ),
          answers: [
            ...[alias, 'EC secp256r1', 'SHA-256/ECDSA', alias, '', '', '', '', 'DE', ''],
            /^3 years$/,
          ],
          isDone: (entries) => entries.get(alias)?.type === 'Key Pair',
          done: /^Key pair ".*" created\./,
          lost: /^The key pair ".*" was created in ".*"; the answer was lost\.$/,
        }),
    },
    'Import Signing Response': {
      operation: 'importSigningResponse',
      prepare: async (alias) => {
        const row = world.row(alias);
        await world.client.createKeyPair(
          {
            alias,
            key: { type: 'EC', curve: 'secp256r1' },
            signatureAlgorithm: 'SHA-256/ECDSA',
            subject: { commonName: alias, country: 'DE' },
          },
          signal,
        );
        const uri = file(
          'response.pem',
          await world.sign(await world.client.readSigningRequest(row.hexalias, signal)),
        );
        const ports = {
          ...local.ports,
          publicKeys: {
            find: () => Promise.reject(new Error('searched without need')),
            keyKnown: () => undefined,
            learn: () => undefined,
          },
        };
        return {
          affected: [alias],
          run: (prompts) => importSigningResponse(world.environment(prompts), row, ports, local.context),
          answers: ['From a file…', { uri }, yes],
          isDone: (entries) => /Practice/.test(entries.get(alias)?.issuerDn ?? ''),
          done: /^".*" holds the signed certificate now\./,
          lost: /^The signing response was imported into ".*"; the answer was lost\./,
        };
      },
    },
    'Add Certificate': {
      operation: 'importCertificate',
      prepare: async (alias) => {
        const argument = file('added.cer', (await issue(alias)).leaf);
        return {
          affected: [alias],
          run: (prompts) =>
            addCertificate(
              world.environment(prompts),
              { argument, selection: undefined },
              local.ports,
              local.context,
            ),
          answers: [alias, yes],
          isDone: (entries) => entries.get(alias)?.type === 'Certificate',
          done: /^Certificate ".*" added\.$/,
          lost: /^The certificate ".*" was added; the answer was lost\.$/,
        };
      },
    },
    'Replace Certificate': {
      operation: 'importCertificate',
      prepare: async (alias) => {
        await stored(alias);
        const { leaf } = await issue(alias);
        const argument = file('replacing.cer', leaf);
        const [certificate] = readCertificates(leaf).certificates;
        return {
          affected: [alias],
          run: (prompts) =>
            addCertificate(
              world.environment(prompts),
              { argument, selection: undefined },
              local.ports,
              local.context,
            ),
          answers: [alias, yes],
          isDone: (entries) =>
            entries.get(alias)?.fingerprintSha256?.replaceAll(':', '').toLowerCase() === certificate?.sha256,
          done: /^Certificate ".*" replaced\.$/,
          lost: /^The certificate ".*" was replaced; the answer was lost\.$/,
        };
      },
    },
    'Add Key Pair': {
      operation: 'importKeyPair',
      prepare: async (alias) => {
        const { chain, key } = await issue(alias);
        const argument = file('pair.pem', `${key}${Buffer.from(chain).toString()}`);
        const ports = { ...local.ports, openAddress: () => undefined, createLocalKeyPair: () => undefined };
        return {
          affected: [alias],
          run: (prompts) =>
            addKeyPair(world.environment(prompts), { argument, selection: undefined }, ports, local.context),
          answers: [/^Yes, integration flows/, alias, yes],
          isDone: (entries) => entries.get(alias)?.type === 'Key Pair',
          done: /^Key pair ".*" added\.$/,
          lost: /^The key pair ".*" was added; the answer was lost\.$/,
        };
      },
    },
    Rename: {
      operation: 'rename',
      prepare: async (alias) => {
        const row = await stored(alias);
        const target = `${alias}-new`;
        return {
          affected: [alias, target],
          run: (prompts) => renameEntry(world.environment(prompts), row, local.context),
          answers: [target],
          isDone: (entries) => entries.has(target) && !entries.has(alias),
          done: /^".*" is called ".*" now\.$/,
          lost: /^".*" was renamed to ".*"; the answer was lost\.$/,
        };
      },
    },
    Delete: {
      operation: 'delete',
      prepare: async (alias) => {
        const row = await stored(alias);
        return {
          affected: [alias],
          run: (prompts) =>
            deleteEntries(world.environment(prompts), { argument: row, selection: undefined }, local.context),
          answers: [yes],
          isDone: (entries) => !entries.has(alias),
          done: /^".*" deleted\.$/,
          lost: /^".*" was deleted; the answer was lost\.$/,
        };
      },
    },
    'Delete several': {
      operation: 'massDelete',
      prepare: async (alias) => {
        const affected = [`${alias};1`, `${alias}\\2`];
        const rows = [await stored(affected[0] ?? ''), await stored(affected[1] ?? '')];
        return {
          affected,
          run: (prompts) =>
            deleteEntries(world.environment(prompts), { argument: rows[0], selection: rows }, local.context),
          answers: [yes],
          isDone: (entries) => affected.every((one) => !entries.has(one)),
          done: /^2 entries deleted\.$/,
          lost: /^2 entries were deleted; the answer was lost\.$/,
        };
      },
    },
  };

  async function byAlias(): Promise<Map<string, KeystoreEntry>> {
    return new Map((await world.entries()).map((entry) => [entry.alias, entry]));
  }

  /** Runs a write against faults; gives what was said last, or nothing after Cancelled. */
  async function meet(
    { operation, prepare }: Subject,
    expected: Case,
    more: readonly ScriptedAnswer[] = [],
  ): Promise<string | undefined> {
    const { tenant } = world;
    count += 1;
    const prepared = await prepare(`matrix-${count}`);
    const before = await byAlias();
    tenant.faults.csrfForBearer = expected.csrfForBearer === true;
    world.timeoutMs = expected.timeoutMs ?? world.timeoutMs;
    for (const fault of expected.faults) {
      tenant.faults.add({ operation, fault, times: expected.times ?? 1 });
    }
    tenant.journal.clear();
    const restore = expected.readBackFails === true ? spoilReadsAfter(operation) : () => undefined;
    const prompts = new ScriptedPrompts([...prepared.answers, ...more]);
    let told: string | undefined;
    try {
      await prepared.run(prompts);
      told = prompts.messages.at(-1);
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        told = failureMessage(error, 'Write', world.connection.name).text;
      }
    } finally {
      restore();
    }
    prompts.done();
    tenant.faults.clear();
    tenant.faults.csrfForBearer = false;
    world.timeoutMs = 10_000;
    const received = tenant.journal.received.filter((entry) => entry.operation === operation).length;
    const performed = tenant.journal.performed.map((entry) => entry.operation);
    const after = await byAlias();

    assert.deepEqual(performed, expected.performed === 1 ? [operation] : [], 'performed');
    assert.equal(received, expected.received, 'received');
    assert.equal(prepared.isDone(after), expected.performed === 1, 'the state of the keystore');
    for (const alias of prepared.affected) {
      before.delete(alias);
      after.delete(alias);
    }
    assert.deepEqual(after, before, 'nothing else has changed');
    if (expected.outcome === 'done' || expected.outcome === 'lost') {
      assert.match(told ?? '', prepared[expected.outcome]);
    }
    return told;
  }

  /** From the first such write on, no entry can be read any more. */
  function spoilReadsAfter(operation: string): () => void {
    const { received } = world.tenant.journal;
    const { push } = received;
    received.push = (...entries) => {
      if (entries.some((entry) => entry.operation === operation)) {
        for (const read of ['entry', 'entries']) {
          world.tenant.faults.add({ operation: read, fault: { kind: 'dropBefore' } });
        }
      }
      return push.apply(received, entries);
    };
    return () => {
      received.push = push;
    };
  }

  for (const [title, subject] of Object.entries(subjects)) {
    describe(title, () => {
      for (const [name, expected] of Object.entries(cases)) {
        it(`meets ${name}: performed ${expected.performed}, sent ${expected.received}`, async () => {
          const told = await meet(subject, expected);
          if (expected.outcome instanceof RegExp) {
            assert.match(told ?? '', expected.outcome);
          }
        });
      }

      const isImport = subject.operation.startsWith('import');
      it('meets 409', async () => {
        const refused: Case = { faults: [status(409)], outcome: /refused/, performed: 0, received: 1 };
        if (isImport) {
          assert.equal(await meet(subject, refused, [{ wish: 'no' }]), undefined, 'not confirmed: Cancelled');
          await meet(subject, { ...refused, outcome: 'done', performed: 1, received: 2 }, [yes]);
          const lost: Case = {
            faults: [status(409)],
            outcome: 'lost',
            performed: 1,
            received: 2,
          };
          const dropping: Subject = {
            ...subject,
            prepare: async (alias) => {
              const prepared = await subject.prepare(alias);
              return {
                ...prepared,
                run: async (prompts) => {
                  const confirm = prompts.confirm.bind(prompts);
                  prompts.confirm = async (options) => {
                    if (/trust path/.test(options.message)) {
                      world.tenant.faults.add({
                        operation: subject.operation,
                        fault: { kind: 'dropAfter' },
                        times: 1,
                      });
                    }
                    return await confirm(options);
                  };
                  await prepared.run(prompts);
                },
              };
            },
          };
          await meet(dropping, lost, [yes]);
          return;
        }
        assert.match((await meet(subject, refused)) ?? '', /refused the request: .*|refused the request\./);
      });
    });
  }

  it('knows every knob', () => {
    const met = new Set(Object.values(cases).flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    const all: Readonly<Record<Fault['kind'], true>> = {
      latency: true,
      status: true,
      html: true,
      dropBefore: true,
      dropAfter: true,
      truncated: true,
      wrongContentType: true,
      hang: true,
      expireTokens: true,
      loseSession: true,
      renewCsrf: true,
    };
    assert.deepEqual([...met].sort(), Object.keys(all).sort());
  });
});
