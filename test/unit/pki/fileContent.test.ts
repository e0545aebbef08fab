import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import { readFileContent } from '../../../src/pki/fileContent.js';
import type { FileContent } from '../../../src/pki/fileKinds.js';
import type { KeyDerivation } from '../../../src/pki/keyDerivation.js';
import type { KeyContent } from '../../../src/pki/privateKeys.js';
import { openssl, temporaryFolder } from './opensslTool.js';
import { zip } from './testZip.js';

/** The kind and the state of a content in a word. */
function word(content: FileContent): string {
  return [
    kindWord(content),
    ...content.unread.map(({ entry, error }) => `${entry ?? 'unread'} ${error.code}`),
  ].join('; ');
}

function kindWord(content: FileContent): string {
  switch (content.kind) {
    case 'certificates':
      return [
        `certificates ${content.certificates.length} ${keysWord(content.keys)}`,
        ...(content.request === undefined ? [] : ['request']),
      ].join('; ');
    case 'signingRequest':
      return `request ${keysWord(content.keys)}`;
    case 'privateKey':
      return `key ${keysWord(content.keys)}`;
    case 'pkcs12':
      return `pkcs12 ${content.state}`;
    case 'sshPublicKey':
      return `ssh ${content.key.type}`;
    case 'publicKey':
      return 'public key';
    case 'nothing':
      return `nothing ${content.labels.join()}`;
  }
}

function keysWord(keys: readonly KeyContent[]): string {
  const words = keys.map((key) =>
    key.state === 'foreign' ? `${key.format} ${key.ssh?.type ?? 'hidden'}` : key.state,
  );
  return words.length === 0 ? 'no key' : words.join(', ');
}

describe('content of a file', () => {
  const folder = temporaryFolder();
  const password = 'gehe1m-ß';

  before(() => {
    const at = (name: string): string => folder.path(name);
    const run = (...args: readonly string[]): void => void openssl(args);
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=a',
      '-keyout',
      at('key.pem'),
      '-out',
      at('a.pem'),
    );
    run('req', '-new', '-key', at('key.pem'), '-subj', '/CN=a', '-out', at('a.csr'));
    run('x509', '-in', at('a.pem'), '-outform', 'DER', '-out', at('a.der'));
    run('crl2pkcs7', '-nocrl', '-certfile', at('a.pem'), '-outform', 'DER', '-out', at('a.p7b'));
    const encrypt = ['-aes256', '-passout', `pass:${password}`];
    run(
      'pkcs8',
      '-topk8',
      '-iter',
      '2',
      '-in',
      at('key.pem'),
      '-out',
      at('enc.pem'),
      '-passout',
      `pass:${password}`,
    );
    run('rsa', '-traditional', '-in', at('key.pem'), '-out', at('trad.pem'), ...encrypt);
    run('pkcs8', '-topk8', '-nocrypt', '-in', at('key.pem'), '-outform', 'DER', '-out', at('key.der'));
    run('rsa', '-in', at('key.pem'), '-pubout', '-out', at('pub.pem'));
    const p12 = ['pkcs12', '-export', '-inkey', at('key.pem'), '-in', at('a.pem'), '-iter', '2'];
    run(...p12, '-passout', `pass:${password}`, '-out', at('a.p12'));
    run(...p12, '-passout', 'pass:', '-out', at('empty.p12'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-C', 'me', '-f', at('id')]);
  });

  const read = async (bytes: Uint8Array | string, given?: string): Promise<string> =>
    word(
      await readFileContent(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, {
        ...(given === undefined ? {} : { password: given }),
      }),
    );
  const text = (...names: readonly string[]): string =>
    names.map((name) => Buffer.from(folder.read(name)).toString()).join('');
  const codeOf = async (reading: Promise<unknown>): Promise<string> => {
    try {
      await reading;
      return 'read';
    } catch (error) {
      assert.ok(KeystoreError.is(error), String(error));
      return error.code;
    }
  };

  it('tells every kind apart by what is inside', async () => {
    assert.equal(await read(folder.read('a.pem')), 'certificates 1 no key');
    assert.equal(await read(folder.read('a.der')), 'certificates 1 no key');
    assert.equal(await read(folder.read('a.p7b')), 'certificates 1 no key');
    assert.equal(await read(text('a.pem', 'key.pem')), 'certificates 1 open');
    assert.equal(await read(text('a.pem', 'enc.pem')), 'certificates 1 locked');
    assert.equal(await read(folder.read('a.csr')), 'request no key');
    assert.equal(await read(text('key.pem', 'a.csr')), 'request open');
    assert.equal(await read(folder.read('key.pem')), 'key open');
    assert.equal(await read(folder.read('key.der')), 'key open');
    assert.equal(await read(folder.read('pub.pem')), 'public key');
    assert.equal(await read(folder.read('a.p12')), 'pkcs12 locked');
    assert.equal(await read(folder.read('empty.p12')), 'pkcs12 open');
    assert.equal(await read(folder.read('id')), 'key openssh ssh-ed25519');
    assert.equal(await read(folder.read('id.pub')), 'ssh ssh-ed25519');
    assert.equal(await read('hello, this is only text'), 'nothing ');
    assert.equal(
      await read('-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----\n'),
      'nothing PGP MESSAGE',
    );
    assert.equal(await read(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13)), 'nothing ');
    const base64 = (name: string): string => Buffer.from(folder.read(name)).toString('base64');
    assert.equal(await read(base64('a.der')), 'certificates 1 no key');
    assert.equal(await read(base64('a.csr')), 'request no key');
    assert.equal(await read(base64('key.pem')), 'key open');
    assert.equal(await read(base64('a.p12'), password), 'pkcs12 open');
  });

  it('finds a signing request beside certificates and keys', async () => {
    assert.equal(await read(text('key.pem', 'a.pem', 'a.csr', 'a.pem')), 'certificates 2 open; request');
    const damaged = '-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQA=\n-----END CERTIFICATE REQUEST-----\n';
    assert.equal(await read(text('a.pem') + damaged), 'certificates 1 no key; unread malformed');
  });

  it('reads every private key of a file, in its order', async () => {
    const other = 'another';
    openssl(['genpkey', '-algorithm', 'ed25519', '-out', folder.path('ed.pem')]);
    const encrypt = ['pkcs8', '-topk8', '-iter', '2', '-in', folder.path('ed.pem')];
    openssl([...encrypt, '-passout', `pass:${other}`, '-out', folder.path('other.pem')]);
    const types = async (...names: readonly string[]): Promise<readonly string[]> => {
      const content = await readFileContent(Buffer.from(text(...names)), { password });
      assert.ok(content.kind === 'privateKey');
      return content.keys.map((key) => (key.state === 'open' ? key.key.type : key.state));
    };
    assert.deepEqual(await types('key.pem', 'ed.pem', 'enc.pem'), ['RSA:2048', 'Ed25519', 'RSA:2048']);
    assert.equal(await read(text('a.pem', 'key.pem', 'enc.pem')), 'certificates 1 open, locked');
    assert.equal(await read(text('ed.pem', 'id')), 'key open, openssh ssh-ed25519');
    assert.equal(await read(text('enc.pem', 'other.pem')), 'key locked, locked');
    assert.equal(await read(text('enc.pem', 'other.pem'), password), 'key open, locked');
    assert.equal(await read(text('enc.pem', 'other.pem'), other), 'key locked, open');
    assert.equal(await codeOf(read(text('ed.pem', 'other.pem'), password)), 'wrong-password');
  });

  it('tells which of several private keys is damaged, and fails where all are', async () => {
    const damaged = '-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n';
    assert.equal(await read(damaged + text('key.pem')), 'key unreadable, open');
    assert.equal(await codeOf(read(damaged + damaged)), 'malformed');
    assert.equal(await codeOf(read(damaged.repeat(1001))), 'budget');
  });

  it('looks into archives', async () => {
    assert.equal(await read(zip([{ name: 'x.p12', bytes: folder.read('a.p12') }])), 'pkcs12 locked');
    assert.equal(await read(zip([{ name: 'a.csr', bytes: folder.read('a.csr') }])), 'request no key');
    const several = [
      { name: 'readme.txt', bytes: new TextEncoder().encode('hello') },
      { name: 'a.crt', bytes: folder.read('a.pem') },
    ];
    assert.equal(await read(zip(several)), 'certificates 1 no key');
  });

  describe('of an archive', () => {
    const archive = (...names: readonly string[]): Uint8Array =>
      zip(names.map((name) => ({ name, bytes: folder.read(name) })));

    it('is that of all its files together', async () => {
      assert.equal(await read(archive('a.pem', 'a.der', 'key.pem')), 'certificates 2 open');
      assert.equal(await read(archive('key.pem', 'a.csr')), 'request open');
      assert.equal(await read(archive('key.pem', 'a.csr', 'a.p7b')), 'certificates 1 open; request');
      assert.equal(await read(archive('a.pem', 'enc.pem')), 'certificates 1 locked');
      assert.equal(await read(archive('a.pem', 'enc.pem'), password), 'certificates 1 open');
      assert.equal(await codeOf(read(archive('a.pem', 'enc.pem'), 'no')), 'wrong-password');
    });

    it('is opened with the password of a PKCS#12 where no other file has a key', async () => {
      const locked = await readFileContent(archive('a.p12', 'a.der'));
      assert.ok(locked.kind === 'pkcs12' && locked.state === 'locked');
      assert.equal(locked.beside.length, 1);
      const open = await readFileContent(archive('a.der', 'a.p12'), { password });
      assert.ok(open.kind === 'pkcs12' && open.state === 'open');
      assert.equal(open.content.keys.length, 1);
      assert.equal(open.content.certificates.length, 2);
      assert.equal(await codeOf(read(archive('a.p12', 'a.der'), 'no')), 'wrong-password');
    });

    it('names what it passes over', async () => {
      const name = async (...names: readonly string[]): Promise<string> => await read(archive(...names));
      assert.equal(await name('a.pem', 'key.pem', 'a.p12'), 'certificates 1 open; a.p12 unsupported');
      assert.equal(
        await name('a.p12', 'empty.p12', 'a.csr'),
        'pkcs12 locked; empty.p12 unsupported; a.csr unsupported',
      );
      const cut = [
        { name: 'a.crt', bytes: folder.read('a.pem') },
        { name: 'a.key', bytes: folder.read('key.der').subarray(0, 99) },
        { name: 'inner.zip', bytes: archive('a.pem') },
        { name: 'readme.txt', bytes: new TextEncoder().encode('hello') },
      ];
      assert.equal(await read(zip(cut)), 'certificates 1 no key; a.key malformed; inner.zip unsupported');
    });

    it('asks for no more rounds of key derivation than a single file may', async () => {
      let rounds = 0;
      const derivation: KeyDerivation = {
        derive: (request) => {
          rounds += request.kind === 'scrypt' ? 0 : request.rounds;
          return Promise.resolve(new Uint8Array(request.length));
        },
      };
      const encrypt = ['pkcs8', '-topk8', '-iter', '3000000', '-in', folder.path('key.pem')];
      openssl([...encrypt, '-passout', 'pass:x', '-out', folder.path('costly.pem')]);
      const costly = folder.read('costly.pem');
      const files = Array.from({ length: 20 }, (_, index) => ({ name: `${index}.key`, bytes: costly }));
      assert.equal(await codeOf(readFileContent(zip(files), { password, derivation })), 'budget');
      assert.equal(rounds, 39_000_000);
    });
  });

  it('names a PuTTY key', async () => {
    const blob = /AAAA\S+/.exec(text('id.pub'))?.[0] ?? '';
    const lines = blob.match(/.{1,64}/g) ?? [];
    const putty = [
      'PuTTY-User-Key-File-3: ssh-ed25519',
      'Encryption: aes256-cbc',
      'Comment: me',
      `Public-Lines: ${lines.length}`,
      ...lines,
    ].join('\r\n');
    assert.equal(await read(putty), 'key putty ssh-ed25519');
  });

  it('opens with the password, and tells wrong, damaged and unsupported apart', async () => {
    for (const name of ['a.p12', 'enc.pem', 'trad.pem']) {
      const bytes = folder.read(name);
      assert.match(await read(bytes, password), / open$/, name);
      assert.match(await read(bytes), / locked$/, name);
      assert.equal(await codeOf(read(bytes, 'not it')), 'wrong-password', name);
    }
    const p12 = folder.read('a.p12');
    assert.equal(await codeOf(read(p12.subarray(0, p12.length - 50), password)), 'malformed');
    assert.equal(await codeOf(read(folder.read('a.der').subarray(0, 300))), 'malformed');
    openssl([
      'cms',
      '-encrypt',
      '-in',
      folder.path('a.pem'),
      '-outform',
      'DER',
      '-out',
      folder.path('enveloped'),
      folder.path('a.pem'),
    ]);
    assert.equal(await codeOf(read(folder.read('enveloped'))), 'unsupported');
  });

  it('stops before it begins where it was cancelled', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(readFileContent(folder.read('a.p12'), { signal, password }), Cancelled);
  });

  it('refuses what is too large', async () => {
    assert.equal(await codeOf(readFileContent(new Uint8Array(16 * 1024 * 1024 + 1))), 'budget');
  });
});
