import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { compareCertificates } from '../../../../src/commands/file/compare.js';
import type { Environment } from '../../../../src/commands/environment.js';
import { KeystoreError } from '../../../../src/errors.js';
import { encodePem } from '../../../../src/pki/pem.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { issue, issueChain, newKey } from '../../pki/testAuthority.js';

const { root, intermediate, leaf } = issueChain('Compare');
const renewed = issue(
  { subject: 'CN=Compare client,O=Example,C=DE', notAfter: '2041-01-01T00:00:00Z' },
  intermediate,
);

describe('Compare With', () => {
  let world: LocalWorld;
  beforeEach(() => {
    world = localWorld();
  });
  afterEach(() => world.dispose());
  const put = (name: string, content: Uint8Array | string): ReturnType<typeof fileUri> => {
    fs.writeFileSync(join(world.folder, name), content);
    return fileUri(join(world.folder, name));
  };
  const entry = { tenantId: 't', hexalias: '61' };
  const tenant = { id: 't', name: 'Dev', practice: false };

  async function run(
    argument: unknown,
    selection: unknown,
    answers: ScriptedAnswer[] = [],
  ): Promise<{ prompts: ScriptedPrompts; shown: readonly { label: string; text: string }[] }> {
    const prompts = new ScriptedPrompts(answers);
    const shown: { label: string; text: string }[] = [];
    const environment = {
      prompts,
      navigator: {
        compareTexts: (left: { label: string; text: string }, right: { label: string; text: string }) => {
          shown.push(left, right);
          return Promise.resolve();
        },
      },
      connections: { list: () => [tenant], get: () => tenant },
      keystores: {
        entriesOrRead: () =>
          Promise.resolve([{ hexalias: '61', alias: 'orders', type: 'Certificate', subjectDn: 'CN=x' }]),
        access: () =>
          Promise.resolve({ client: { readCertificate: () => Promise.resolve(renewed.certificate.der) } }),
      },
    } as unknown as Environment;
    await compareCertificates(environment, { argument, selection }, world.ports, world.context);
    prompts.done();
    return { prompts, shown };
  }

  it('shows two selected files, the differing lines side by side', async () => {
    const [a, b] = [
      put('a.cer', leaf.certificate.der),
      put('b.pem', encodePem('CERTIFICATE', renewed.certificate.der)),
    ];
    const { shown } = await run(a, [a, b]);
    assert.deepEqual(
      shown.map(({ label }) => label),
      ['a.cer', 'b.pem'],
    );
    const [left = [], right = []] = shown.map(({ text }) => text.split('\n'));
    const subject = left.slice(left.indexOf('Subject'), left.indexOf('Validity'));
    assert.ok(subject.length > 3);
    assert.deepEqual(subject, right.slice(right.indexOf('Subject'), right.indexOf('Validity')));
    assert.ok(left.includes('  Not after: 2040-01-01 00:00:00 UTC'));
    assert.ok(right.includes('  Not after: 2041-01-01 00:00:00 UTC'));
  });

  it('shows a file beside an entry, and one certificate of a chain', async () => {
    const chain = put(
      'chain.pem',
      [root, intermediate, leaf].map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join(''),
    );
    const { shown } = await run(chain, [chain], ['Compare client', /entry of a keystore/, 'orders']);
    assert.deepEqual(
      shown.map(({ label }) => label),
      ['chain.pem', 'orders (Dev)'],
    );
  });

  it('asks for both from the palette', async () => {
    world.editor = { text: encodePem('CERTIFICATE', leaf.certificate.der), fileName: 'x.pem' };
    const { shown } = await run(undefined, undefined, [
      ...[/entry of a keystore/, 'orders', /file, the clipboard/, 'From the open editor'],
    ]);
    assert.equal(shown.length, 2);
  });

  it('says that two are the same, and refuses three and none', async () => {
    const same = put('same.cer', renewed.certificate.der);
    const { prompts, shown } = await run(same, [same, entry]);
    assert.match(prompts.messages.join(), /same certificate, byte by byte/);
    assert.deepEqual(shown, []);
    await assert.rejects(run(same, [same, same, same]), (error) => KeystoreError.is(error, 'refused'));
    const none = put('k.pem', newKey().privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await assert.rejects(run(none, [none, same]), (error) => KeystoreError.is(error, 'malformed'));
  });
});
