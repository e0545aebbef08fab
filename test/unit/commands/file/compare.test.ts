import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { certificateText } from '../../../../src/commands/file/certificateText.js';
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
    const subject = left.slice(0, left.indexOf('Validity'));
    assert.deepEqual(subject, right.slice(0, right.indexOf('Validity')));
    assert.ok(left.includes('  until 2040-01-01T00:00:00.000Z'));
    assert.ok(right.includes('  until 2041-01-01T00:00:00.000Z'));
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

describe('a certificate as text for the diff', () => {
  it('has every fact on a line of its own and hides nothing', () => {
    const hostile = issue({ subject: 'CN=a\\0Ab\u202ec,O=$(trash) [x](command:y)' });
    const text = certificateText(hostile.certificate);
    assert.match(text, /^ {2}CN = a<U\+000A>b<U\+202E>c$/m);
    assert.match(text, /^ {2}O = \$\(trash\) \[x\]\(command:y\)$/m);
    assert.match(
      text,
      /^Extension basicConstraints \(2\.5\.29\.19\)\n {2}critical\n {2}no certificate authority$/m,
    );
    assert.match(text, /^ {2}digitalSignature$/m);
  });

  it('differs for any two certificates, however alike', () => {
    const wanted = { subject: 'CN=a', key: newKey(), serialNumber: 7 };
    assert.notEqual(
      certificateText(issue(wanted).certificate),
      certificateText(issue({ ...wanted, serialNumber: 8 }).certificate),
    );
  });
});
