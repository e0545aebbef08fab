import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { encodePem } from '../../../src/pki/pem.js';
import { extendedKeyUsage } from '../../../src/pki/extensionMakers.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import { writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { zip } from '../pki/testZip.js';
import { issue, issueChain } from '../pki/testAuthority.js';
import { password, pemOf, pkcs12Of, pkcs8Of, TestPage } from './inspectorWorld.js';

const chain = issueChain();

describe('a page over a PKCS#12', () => {
  let bytes: Uint8Array;
  before(async () => {
    bytes = await pkcs12Of(chain.leaf, [chain.intermediate, chain.root], { friendlyName: 'orders' });
  });

  it('opens locked, and tells nothing of what is inside', async () => {
    const page = await new TestPage(bytes).open();
    assert.equal(page.snapshot.notice?.tone, 'locked');
    assert.deepEqual(
      page.snapshot.notice.actions.map(({ action }) => action),
      ['unlock'],
    );
    assert.deepEqual(page.snapshot.sections, []);
    assert.deepEqual(page.snapshot.verdicts, []);
    assert.doesNotMatch(JSON.stringify(page.messages), /Test client/);
  });

  it('asks until the password is right, then shows certificates and the key they belong to', async () => {
    const page = await new TestPage(bytes, ['wrong', password]).open();
    await page.press('unlock');
    page.prompts.done();
    assert.match(page.prompts.asked[1] ?? '', /was not the passphrase/);
    const { notice, sections, chain: picture } = page.snapshot;
    assert.equal(notice, undefined);
    assert.deepEqual(
      sections.map(({ id, parts }) => [id, parts.length]),
      [
        ['certificates', 3],
        ['keys', 1],
      ],
    );
    assert.match(sections[0]?.parts[0]?.summary ?? '', /private key at hand · named orders/);
    assert.match(sections[1]?.parts[0]?.summary ?? '', /fits the certificate Test client/);
    assert.deepEqual(
      picture?.links.map(({ role }) => role),
      ['leaf', 'intermediate', 'root'],
    );
  });

  it('sends neither the password nor a byte of the private key to the page', async () => {
    const page = await new TestPage(bytes, [password]).open();
    await page.press('unlock');
    for (const { parts } of page.snapshot.sections) {
      for (const { id } of parts) {
        await page.session.receive({ kind: 'details', part: id });
      }
    }
    const sent = JSON.stringify(page.messages);
    const secret = Buffer.from(chain.leaf.key.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    assert.equal(secret.length, 32);
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      assert.ok(!sent.toLowerCase().includes(secret.toString(form).toLowerCase()), form);
    }
    assert.ok(!sent.replaceAll(':', '').toLowerCase().includes(secret.toString('hex')));
    assert.ok(!sent.includes(password));
    assert.equal(page.messages.filter(({ kind }) => kind === 'details').length, 4);
  });

  it('stays as it was where the person escapes', async () => {
    const page = await new TestPage(bytes, [{ wish: 'escape' }]).open();
    const before = page.snapshot;
    await page.press('unlock');
    assert.deepEqual(page.snapshot, before);
    assert.deepEqual(page.failures, []);
  });

  it('stays open where the file was only touched, and is locked again where it changed', async () => {
    const page = await new TestPage(bytes, [password]).open();
    await page.press('unlock');
    const { revision } = page.snapshot;
    await page.session.reload();
    assert.equal(page.snapshot.revision, revision);
    page.bytes = await pkcs12Of(chain.leaf, []);
    await page.session.reload();
    assert.equal(page.snapshot.notice?.tone, 'locked');
    assert.deepEqual(page.snapshot.sections, []);
  });

  it('shows progress while a key is derived, and can be stopped', async () => {
    const slow = await pkcs12Of(chain.leaf, [], { rounds: 60_000 });
    const page: TestPage = await new TestPage(slow, [password]).open();
    const unlocking = page.press('unlock');
    while (page.snapshot.notice?.tone !== 'busy') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await page.press('cancel');
    await unlocking;
    assert.equal(page.snapshot.notice.tone, 'locked');
    assert.deepEqual(page.failures, []);
  });

  it('tells damaged from wrong password and from not supported', async () => {
    const damaged = bytes.slice();
    damaged.fill(0xff, 30, 60);
    const broken = await new TestPage(damaged).open();
    assert.equal(broken.snapshot.notice?.title, 'The file is damaged');
    const failing = async (code: 'unsupported' | 'budget' | 'file-system'): Promise<string | undefined> =>
      (
        await new TestPage(bytes, [], {
          read: () => Promise.reject(new KeystoreError(code, 'because of this')),
        }).open()
      ).snapshot.notice?.title;
    assert.equal(await failing('unsupported'), 'This kind of file is not supported');
    assert.equal(await failing('budget'), 'The file is too large, or asks for too much work');
    assert.equal(await failing('file-system'), 'The file could not be read');
  });

  it('shows the certificates where a key beside them is damaged', async () => {
    const pem = [
      new TextDecoder().decode(pemOf(chain.leaf)),
      encodePem('ENCRYPTED PRIVATE KEY', new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x00])),
    ].join('');
    const page = await new TestPage(new TextEncoder().encode(pem)).open();
    assert.equal(page.snapshot.notice, undefined);
    assert.equal(page.snapshot.sections[0]?.parts.length, 1);
    assert.match(page.snapshot.notes[0] ?? '', /could not be read/);
  });
});

describe('a page over an archive', () => {
  it('names the file that could not be read', async () => {
    const bytes = zip([
      { name: 'leaf.crt', bytes: chain.leaf.certificate.der.subarray(0, 300) },
      { name: 'ca.crt', bytes: chain.intermediate.certificate.der },
    ]);
    const page = await new TestPage(bytes, [], {}, 'answer.zip').open();
    assert.equal(page.snapshot.sections[0]?.parts.length, 1);
    assert.match(page.snapshot.notes.join(), /"leaf\.crt" of the archive was not read: /);
  });
});

describe('a page over certificates of which one is damaged', () => {
  it('shows the others, and names the place of the one', async () => {
    const damaged = encodePem('CERTIFICATE', chain.root.certificate.der.subarray(0, 200));
    const text = new TextDecoder().decode(pemOf(chain.leaf, chain.intermediate)) + damaged;
    const page = await new TestPage(new TextEncoder().encode(text), [], {}, 'chain.pem').open();
    assert.equal(page.snapshot.sections[0]?.parts.length, 2);
    assert.equal(page.snapshot.notes.length, 1);
    assert.match(page.snapshot.notes.join(), /could not be read: PEM block 3 /);
  });
});

describe('a page over certificates and a signing request', () => {
  it('shows both', async () => {
    const request = writeSigningRequest({
      subject: parseName('CN=beside'),
      privateKey: chain.leaf.key.privateKey,
    });
    const text = new TextDecoder().decode(pemOf(chain.leaf)) + encodePem('CERTIFICATE REQUEST', request);
    const page = await new TestPage(new TextEncoder().encode(text), [], {}, 'all.pem').open();
    assert.match(JSON.stringify(page.snapshot.sections), /CN=beside|beside/);
    assert.equal(page.snapshot.sections[0]?.parts.length, 1);
  });
});

describe('a page over certificates', () => {
  const bytes = pemOf(chain.leaf, chain.intermediate, chain.root);

  it('gives the fields of a part when they are asked for, and copies one exactly', async () => {
    const page = await new TestPage(bytes, [], {}, 'chain.pem').open();
    await page.session.receive({ kind: 'details', part: 'c0' });
    const details = page.messages.find((message) => message.kind === 'details')?.details;
    const field = details?.groups.flatMap(({ fields }) => fields).find(({ label }) => label === 'SHA-256');
    await page.session.receive({ kind: 'copy', part: 'c0', field: field?.id });
    assert.equal(page.copied[0]?.replaceAll(':', '').toLowerCase(), chain.leaf.certificate.sha256);
    assert.deepEqual(page.messages.at(-1), { kind: 'copied', part: 'c0', field: field?.id });
  });

  it('passes over what the page may not ask', async () => {
    const page = await new TestPage(bytes, [], {}, 'chain.pem').open();
    const before = page.messages.length;
    for (const message of [
      undefined,
      'ready',
      { kind: 'details', part: 'c3' },
      { kind: 'details', part: 'constructor' },
      { kind: 'copy', part: 'c0', field: '0' },
      { kind: 'copy', part: 'c0', field: '0.99' },
      { kind: 'copy', part: 'c0', field: '0.constructor' },
      { kind: 'act', action: 'unlock' },
      { kind: 'act', action: 'showMapping' },
      { kind: 'act', action: 'workbench.action.quit' },
      { kind: 'showMatch', id: 'm0' },
    ]) {
      await page.session.receive(message);
    }
    assert.equal(page.messages.length, before);
    assert.deepEqual(page.copied, []);
    assert.deepEqual(page.acted, []);
  });

  it('reads anew where the file changed, and says where it is gone', async () => {
    let isGone = false;
    const page = new TestPage(bytes, [], {}, 'chain.pem');
    await page.open();
    page.bytes = pemOf(chain.leaf);
    await page.session.reload();
    assert.equal(page.snapshot.sections[0]?.parts.length, 1);
    assert.equal(page.snapshot.chain?.links.at(-1)?.role, 'missing');
    const gone = new TestPage(bytes, [], {
      read: () => {
        isGone = true;
        return Promise.reject(new KeystoreError('file-system', 'gone'));
      },
    });
    await gone.open();
    assert.ok(isGone);
    assert.deepEqual(
      gone.snapshot.notice?.actions.map(({ action }) => action),
      ['retry'],
    );
  });

  it('looks for the key on demand only, and can be stopped', async () => {
    const asked: (readonly string[])[] = [];
    const page = await new TestPage(
      bytes,
      [],
      {
        search: async (where, keys, { signal, report }) => {
          asked.push([where, ...keys]);
          report('1 of 2 entries');
          await new Promise((resolve) => setImmediate(resolve));
          Cancelled.throwIfAborted(signal);
          return {
            found: [{ title: 'orders', detail: 'Key Pair', show: () => Promise.resolve() }],
            notes: [],
          };
        },
      },
      'chain.pem',
    ).open();
    assert.deepEqual(asked, []);
    await page.press('searchKeystores');
    assert.deepEqual(asked, [['keystores', chain.leaf.certificate.spkiSha256]]);
    assert.equal(page.snapshot.matches?.found[0]?.title, 'orders');
    const stopped = page.press('searchFiles');
    await page.press('cancel');
    await stopped;
    assert.deepEqual(page.snapshot.matches.found, []);
    assert.deepEqual(page.failures, []);
  });
});

describe('a page over a key', () => {
  it('shows a private key by its public part and names the certificate that it fits', async () => {
    const own = issue({ subject: 'CN=own', extensions: [extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])] });
    const key = encodePem('PRIVATE KEY', pkcs8Of(own));
    const text = new TextDecoder().decode(pemOf(own)) + key;
    const page = await new TestPage(new TextEncoder().encode(text), [], {}, 'own.pem').open();
    assert.match(page.snapshot.sections[1]?.parts[0]?.summary ?? '', /fits the certificate own/);
    const alone = await new TestPage(new TextEncoder().encode(key), [], {}, 'own.key').open();
    assert.match(alone.snapshot.sections[0]?.parts[0]?.title ?? '', /^Private key: EC/);
    assert.equal(alone.snapshot.sections[0]?.parts[0]?.isOpen, true);
  });
});

describe('a page over several private keys', () => {
  const own = issue({ subject: 'CN=own', extensions: [extendedKeyUsage(['1.3.6.1.5.5.7.3.2'])] });
  const others = ['first passphrase', 'second passphrase'].map((passphrase, index) => {
    const { key } = issue({ subject: `CN=other ${index}` });
    return key.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
  });
  const page = async (...blocks: readonly string[]): Promise<TestPage> =>
    await new TestPage(Buffer.from(blocks.join('')), ['second passphrase'], {}, 'keys.pem').open();
  const titles = ({ snapshot }: TestPage): readonly string[] =>
    snapshot.sections.filter(({ id }) => id === 'keys').flatMap(({ parts }) => parts.map((one) => one.title));

  it('shows each, and takes the certificate of one for the leaf', async () => {
    const stranger = issue({ subject: 'CN=stranger' });
    const keys = [stranger, own].map((issued) => encodePem('PRIVATE KEY', pkcs8Of(issued)));
    const certificates = new TextDecoder().decode(pemOf(chain.root, own));
    const shown = await page(certificates, ...keys);
    assert.equal(titles(shown).length, 2);
    const summaries = shown.snapshot.sections.find(({ id }) => id === 'keys')?.parts;
    assert.match(summaries?.[1]?.summary ?? '', /fits the certificate own/);
    assert.match(shown.snapshot.chain?.links[0]?.title ?? '', /own/);
    assert.equal(shown.snapshot.notice, undefined);
  });

  it('opens those that a passphrase opens, and says how many stay locked', async () => {
    const shown = await page(encodePem('PRIVATE KEY', pkcs8Of(own)), ...others);
    assert.equal(titles(shown).length, 1);
    assert.equal(shown.snapshot.notice?.tone, 'locked');
    assert.match(shown.snapshot.notes.join(), /locked: 2 of 3\./);
    await shown.press('unlock');
    shown.prompts.done();
    assert.equal(titles(shown).length, 2);
    assert.equal(shown.snapshot.notice.tone, 'locked');
    assert.match(shown.snapshot.notes.join(), /locked: 1 of 3\./);
  });

  it('names the one that is damaged by its place', async () => {
    const damaged = encodePem('PRIVATE KEY', Uint8Array.of(0x30, 0x03, 2, 1, 0));
    const shown = await page(encodePem('PRIVATE KEY', pkcs8Of(own)), damaged);
    assert.equal(titles(shown).length, 1);
    assert.match(shown.snapshot.notes.join(), /Private key 2 of the file could not be read/);
  });
});

describe('a page over nothing', () => {
  it('says what was found instead, with a next step', async () => {
    const block = encodePem('X509 CRL', new Uint8Array([0x30, 0x00]));
    const page = await new TestPage(new TextEncoder().encode(block), [], {}, 'a.crl').open();
    assert.equal(page.snapshot.notice?.tone, 'empty');
    assert.match(page.snapshot.notice.text, /X509 CRL/);
    await page.press('openAsText');
    assert.deepEqual(page.acted, ['openAsText']);
    for (const bytes of [new Uint8Array(), new TextEncoder().encode('hello')]) {
      const { notice } = (await new TestPage(bytes).open()).snapshot;
      assert.ok(notice !== undefined && notice.actions.length > 0, notice?.title);
    }
  });
});
