import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeystoreError } from '../../../src/errors.js';
import { type Certificate } from '../../../src/pki/certificate.js';
import { orderChain } from '../../../src/pki/chain.js';
import { repairChain } from '../../../src/pki/chainRepair.js';
import { describeCertificate } from '../../../src/pki/descriptionOfCertificate.js';
import { describeKey } from '../../../src/pki/descriptionOfKey.js';
import { describeSigningRequest } from '../../../src/pki/descriptionOfRequest.js';
import { readFileContent } from '../../../src/pki/fileContent.js';
import type { FileContent } from '../../../src/pki/fileKinds.js';
import type { KeyContent } from '../../../src/pki/privateKeys.js';
import { type KeyDerivation, localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { findPath } from '../../../src/pki/pathBuilder.js';
import { chainOfKey } from '../../../src/pki/pkcs12Reader.js';
import { processorClock } from '../../support/processorClock.js';
import { temporaryFolder } from '../pki/opensslTool.js';
import { makeRealFiles, password } from './realFiles.js';

/** What processor time one file may cost, in milliseconds; rounds of key derivation, which a changed octet may multiply, are counted and not run. */
const budgetMs = 2000;
const fewRounds: KeyDerivation = {
  derive(request, options) {
    const rounds = request.kind === 'scrypt' ? request.cost * request.parallelization : request.rounds;
    return rounds > 5000
      ? Promise.reject(new KeystoreError('budget', 'Too many rounds for a test'))
      : localKeyDerivation.derive(request, options);
  },
};

/** Opens the file, then does with its content all that the extension would do; only coded errors come back. */
async function putToUse(bytes: Uint8Array): Promise<void> {
  const took = processorClock();
  try {
    use(await readFileContent(bytes, { password, derivation: fewRounds }));
  } catch (error) {
    assert.ok(KeystoreError.is(error), error instanceof Error ? error.stack : String(error));
  }
  const ms = took();
  assert.ok(ms < budgetMs, `${Math.round(ms)} ms`);
}

function use(content: FileContent): void {
  switch (content.kind) {
    case 'certificates':
      useCertificates(content.certificates);
      content.keys.forEach(useKey);
      return;
    case 'signingRequest':
      assert.notEqual(describeSigningRequest(content.request).title, '');
      content.keys.forEach(useKey);
      return;
    case 'privateKey':
      content.keys.forEach(useKey);
      return;
    case 'publicKey':
      assert.notEqual(describeKey({ spki: content.spki, isPrivate: false, encrypted: false }).title, '');
      return;
    case 'pkcs12':
      if (content.state === 'open') {
        useCertificates(content.content.certificates.map(({ certificate }) => certificate));
        for (const entry of content.content.keys) {
          chainOfKey(content.content, entry);
        }
      }
      return;
    case 'sshPublicKey':
    case 'nothing':
      return;
  }
}

function useKey(key: KeyContent): void {
  if (key.state === 'open') {
    const { spki, encrypted } = key.key;
    assert.notEqual(describeKey({ spki, encrypted, isPrivate: true }).title, '');
  }
}

function useCertificates(certificates: readonly Certificate[]): void {
  const now = new Date();
  for (const certificate of certificates) {
    assert.notEqual(describeCertificate(certificate, { now }).title, '');
  }
  orderChain(certificates);
  repairChain(certificates, { pool: certificates, root: 'add' });
  const [leaf, ...others] = certificates;
  if (leaf !== undefined) {
    findPath({ leaf, untrusted: others, trusted: others.slice(-1), at: now, usage: 'clientAuth' });
  }
}

/** One change of a file; places are parts of its length in thousandths of thousandths. */
type Change =
  | { readonly kind: 'set'; readonly at: number; readonly octet: number }
  | { readonly kind: 'cut' | 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly octets: Uint8Array }
  | { readonly kind: 'splice'; readonly at: number; readonly other: number; readonly from: number };

function changed(bytes: Uint8Array, change: Change, others: readonly Uint8Array[]): Uint8Array {
  const place = (part: number, within: Uint8Array): number => Math.floor((part / 1_000_000) * within.length);
  const at = place(change.at, bytes);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (change.kind) {
    case 'set':
      return Uint8Array.from([...before, change.octet, ...after.subarray(1)]);
    case 'cut':
      return Uint8Array.from([...before, ...after.subarray(change.length)]);
    case 'repeat':
      return Uint8Array.from([...before, ...after.subarray(0, change.length), ...after]);
    case 'insert':
      return Uint8Array.from([...before, ...change.octets, ...after]);
    case 'splice': {
      const other = others[change.other % others.length] ?? bytes;
      return Uint8Array.from([...before, ...other.subarray(place(change.from, other))]);
    }
  }
}

describe('hostile bytes', () => {
  const folder = temporaryFolder();
  let files: ReadonlyMap<string, Uint8Array>;
  before(() => {
    files = makeRealFiles(folder);
  });

  it('reads every file as it was written, so that the changes below begin with something', async () => {
    const read = new Map<string, string>();
    for (const [name, bytes] of files) {
      const content = await readFileContent(bytes, { password, derivation: fewRounds });
      use(content);
      read.set(name, content.kind);
    }
    assert.deepEqual(
      [...read.values()].filter((kind) => kind === 'nothing'),
      [],
    );
    assert.equal(new Set(read.values()).size, 6);
  });

  it('answers every truncation with a content or a code', async () => {
    for (const bytes of files.values()) {
      for (let length = 0; length < bytes.length; length++) {
        await putToUse(bytes.subarray(0, length));
      }
    }
  }).timeout(60_000);

  it('answers 10,000 changed files with a content or a code', async () => {
    const part = fc.nat({ max: 999_999 });
    const length = fc.integer({ min: 1, max: 40 });
    const change: fc.Arbitrary<Change> = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('set'), at: part, octet: fc.nat({ max: 255 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'repeat'), at: part, length }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('insert'),
          at: part,
          octets: fc.uint8Array({ minLength: 1, maxLength: 8 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('splice'), at: part, other: fc.nat(), from: part }),
      },
    );
    const all = [...files.values()];
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: all.length - 1 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (index, changes) => {
          let bytes = all[index] ?? new Uint8Array();
          for (const one of changes) {
            bytes = changed(bytes, one, all);
          }
          await putToUse(bytes);
        },
      ),
      { numRuns: 10_000 },
    );
  }).timeout(60_000);
});
