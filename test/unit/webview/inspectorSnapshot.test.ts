import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { sshPublicKey } from '../../../src/pki/sshPublicKey.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import { encodePem } from '../../../src/pki/pem.js';
import { inspectFile, type Inspected } from '../../../src/webview/inspected.js';
import { inspectorContent, type InspectorContent } from '../../../src/webview/inspectorSnapshot.js';
import { parseInspectorIntent, parseInspectorToPage } from '../../../src/webview/protocolInspector.js';
import { issue, issueChain, newKey, type Issued } from '../pki/testAuthority.js';
import { builtInJudging, now, pemOf, pkcs8Of, TestPage } from './inspectorWorld.js';

const chain = issueChain();

async function contentOf(...issued: readonly Issued[]): Promise<InspectorContent> {
  return inspectorContent(await read(...issued), { judging: await builtInJudging(), now });
}

async function read(...issued: readonly Issued[]): Promise<Inspected> {
  return await inspectFile('a.pem', pemOf(...issued), {});
}

describe('the verdict of a page', () => {
  it('stands first for the load balancer, with the list, its version and its date', async () => {
    const { page } = await contentOf(chain.leaf, chain.intermediate, chain.root);
    const [first] = page.verdicts;
    assert.equal(first?.verdict, 'no');
    assert.match(first.answer, /^No: The root "CN=Test Root, O=Example, C=DE"|^No: /);
    assert.match(first.sources.join(), /SAP's approved root certificates, 3\.0\.0 of 2026-06-03/);
    assert.ok(first.reasons.some(({ kind }) => kind === 'ok'));
    assert.ok(!first.reasons.some(({ text }) => first.answer.endsWith(text)), 'said once');
    assert.deepEqual(
      page.verdicts.map(({ id }) => id),
      ['integrationFlow', 'tokenByCertificate', 'neo', 'outbound'],
    );
  });

  it('sees the wrong order and a stranger of a file in which the order counts', async () => {
    const { page } = await contentOf(chain.root, issue({ subject: 'CN=Stranger' }), chain.leaf);
    const reasons = page.verdicts[0]?.reasons.map(({ text }) => text).join('\n') ?? '';
    assert.match(reasons, /"CN=Stranger" does not belong to the chain/);
    const roles = page.sections[0]?.parts.map(({ title, badge }) => `${title}: ${badge}`);
    assert.deepEqual(roles?.slice(0, 1), ['Test client: Leaf']);
    assert.ok(roles.includes('Stranger: Outside the chain'));
  });

  it('tells the option and its direction where the file does: with a private key, or as an SAP Passport', async () => {
    const judging = await builtInJudging();
    const options = async (bytes: Uint8Array): Promise<readonly string[]> => {
      const { page } = inspectorContent(await inspectFile('a.pem', bytes, {}), { judging, now });
      return page.verdicts.map(
        ({ reasons }) => reasons.find(({ text }) => text.startsWith('Option '))?.text.slice(0, 31) ?? '',
      );
    };
    const key = new TextEncoder().encode(encodePem('PRIVATE KEY', pkcs8Of(chain.leaf)));
    const holds = 'Option 4: the sender holds the ';
    const outside = 'Option 4: the key was made outs';
    assert.deepEqual(await options(Buffer.concat([pemOf(chain.leaf, chain.intermediate), key])), [
      ...[holds, holds, holds],
      outside,
    ]);
    assert.deepEqual(await options(pemOf(chain.leaf, chain.intermediate)), ['', '', '', '']);
    const passport = issue(
      { subject: 'CN=S0012345678,O=SAP-AG,C=DE' },
      issue({ subject: 'CN=SSO_CA,O=SAP-AG,C=DE', isCa: true }),
    );
    assert.equal((await options(pemOf(passport)))[0], holds.replace('4', '2'));
  });

  it('says why nothing was judged where the lists cannot be used', async () => {
    const { page } = inspectorContent(await read(chain.leaf), { judging: { failure: 'no list' }, now });
    assert.deepEqual(page.verdicts, []);
    assert.deepEqual(page.notes, ['Not judged: no list']);
  });
});

describe('the picture of a chain', () => {
  it('names each role, its bond and what is missing', async () => {
    const { page, missesIssuer } = await contentOf(chain.intermediate, chain.leaf);
    assert.deepEqual(
      page.chain?.links.map(({ roleText, title, part, bond }) => [roleText, title, part, bond]),
      [
        ['Leaf', 'Test client', 'c0', 'issued by'],
        ['Intermediate', 'Test Issuing CA', 'c1', 'issued by'],
        ['Missing', 'CN=Test Root, O=Example, C=DE', undefined, undefined],
      ],
    );
    assert.ok(missesIssuer);
  });

  it('calls one that signed itself so', async () => {
    const { page } = await contentOf(issue({ subject: 'CN=self' }));
    assert.deepEqual(
      page.chain?.links.map(({ roleText }) => roleText),
      ['Self-signed'],
    );
  });

  it('is left out, and that is said, where too many look like issuers of each other', async () => {
    const many = Array.from({ length: 24 }, () => issue({ subject: 'CN=Same', isCa: true }));
    const twins = many.map((one) => issue({ subject: 'CN=Same', isCa: true, key: newKey() }, one));
    const content = await contentOf(...many, ...twins);
    assert.equal(content.page.sections[0]?.parts.length, 48);
    assert.ok(content.page.verdicts.length > 0);
  });
});

describe('hostile names', () => {
  const names = [
    'a\u202Egnp.exe',
    'two\nlines',
    'zero\u200Bwidth',
    '<img src=x onerror=alert(1)>',
    '[click](command:workbench.action.quit)',
    'x'.repeat(9000),
  ];

  it('hide and steer nothing in anything that is sent', async () => {
    for (const name of names) {
      const escaped = name.replace('\n', '\\0A').replace(/[<>]/g, '\\$&');
      const page = await new TestPage(
        pemOf(issue({ subject: `CN=${escaped},O=x` })),
        [],
        {},
        `${name.slice(0, 40)}.pem`,
      ).open();
      await page.session.receive({ kind: 'details', part: 'c0' });
      for (const text of textsOf(page.messages)) {
        assert.doesNotMatch(text, /[\u202E\n\u200B]/, JSON.stringify(text));
        assert.ok(text.length < 4100, `${text.length} characters`);
      }
    }
  });

  it('are copied as they are, but for what would end a line', async () => {
    const page = await new TestPage(pemOf(issue({ subject: 'CN=two\\0Alines' }))).open();
    await page.session.receive({ kind: 'details', part: 'c0' });
    const details = page.messages.find((message) => message.kind === 'details')?.details;
    const field = details?.groups[1]?.fields.find(({ shown }) => shown === 'two<U+000A>lines');
    await page.session.receive({ kind: 'copy', part: 'c0', field: field?.id });
    assert.deepEqual(page.copied, ['two<U+000A>lines']);
  });
});

describe('a file of many certificates', () => {
  it('is sent as a list, in which each tells its fields when it is opened', async () => {
    const key = newKey();
    const many = Array.from({ length: 400 }, (_, index) => issue({ subject: `CN=number ${index}`, key }));
    const page = await new TestPage(pemOf(...many), [], {}, 'many.pem').open();
    assert.equal(page.snapshot.sections[0]?.parts.length, 400);
    assert.ok(JSON.stringify(page.snapshot).length < 200_000);
    assert.ok((page.snapshot.verdicts[0]?.reasons.length ?? 0) <= 16);
    await page.session.receive({ kind: 'details', part: 'c399' });
    assert.equal(page.messages.at(-1)?.kind, 'details');
  });
});

describe('a signing request', () => {
  it('is shown with its key to look for, and without a verdict', async () => {
    const { privateKey } = newKey();
    const der = writeSigningRequest({ subject: parseName('CN=wanted,O=ACME'), privateKey });
    const page = await new TestPage(der, [], {}, 'a.csr').open();
    assert.deepEqual(page.snapshot.verdicts, []);
    assert.equal(page.snapshot.sections[0]?.parts[0]?.title, 'wanted');
    assert.ok(page.snapshot.matches !== undefined);
  });
});

describe('an SSH public key', () => {
  const line = (type: string, blob: Uint8Array): Buffer =>
    Buffer.from(`${type} ${Buffer.from(blob).toString('base64')} me@here`);

  it('is looked for by the key that certificates have', async () => {
    const key = newKey();
    const { spkiSha256 } = issue({ subject: 'CN=a', key }).certificate;
    const { type, blob } = sshPublicKey(key.spki);
    const page = await new TestPage(line(type, blob), [], {}, 'id.pub').open();
    assert.ok(page.snapshot.matches !== undefined);
    const inspected = await inspectFile('id.pub', line(type, blob), {});
    assert.deepEqual(
      inspected.keys.map((one) => one.spkiSha256),
      [spkiSha256],
    );
  });

  it('is shown though its numbers are damaged', async () => {
    const blob = Buffer.from('\0\0\0\x07ssh-rsa\0\0\0\x01\xff\0\0\0\x01\x03', 'latin1');
    const page = await new TestPage(line('ssh-rsa', blob), [], {}, 'id.pub').open();
    assert.match(page.snapshot.sections[0]?.parts[0]?.title ?? '', /ssh-rsa/);
    assert.equal(page.snapshot.matches, undefined);
  });
});

describe('messages between page and host', () => {
  it('are refused where they are none', async () => {
    const page = await new TestPage(pemOf(chain.leaf)).open();
    for (const message of [
      undefined,
      {},
      { kind: 'snapshot' },
      { kind: 'snapshot', snapshot: { ...page.snapshot, sections: 'no' } },
      { kind: 'details', revision: '1', details: { part: 'c0', notes: [], groups: [] } },
      { kind: 'details', revision: 1, details: { part: 'c0', notes: [] } },
      { kind: 'copied', part: 'c0' },
      { kind: 'progress', text: 1 },
    ]) {
      assert.equal(parseInspectorToPage(message), undefined);
    }
    assert.deepEqual(parseInspectorIntent({ kind: 'ready' }, undefined), { kind: 'ready' });
    assert.equal(parseInspectorIntent({ kind: 'details', part: 'c0' }, undefined), undefined);
    assert.ok(parseInspectorToPage({ kind: 'snapshot', snapshot: page.snapshot }) !== undefined);
  });

  it('are made into elements by text alone', () => {
    for (const file of ['inspector', 'inspectorParts', 'inspectorDom']) {
      const source = readFileSync(`src/webview/client/${file}.ts`, 'utf8');
      assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacent|\.href|\.src|eval|document\.write/);
    }
  });
});

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
