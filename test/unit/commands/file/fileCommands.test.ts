import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../../src/commands/environment.js';
import { completeChain, convertFile, copyAsPem } from '../../../../src/commands/file/fileCommands.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import { certificateLabel } from '../../../../src/commands/chainText.js';
import { readCertificates } from '../../../../src/pki/container.js';
import { formatName, parseName } from '../../../../src/pki/distinguishedName.js';
import { localKeyDerivation } from '../../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../../src/pki/pem.js';
import { writePkcs12 } from '../../../../src/pki/pkcs12Writer.js';
import { writeCertificatesOnly } from '../../../../src/pki/pkcs7.js';
import { writeEncryptedPrivateKey } from '../../../../src/pki/privateKeyWriter.js';
import { writeSigningRequest } from '../../../../src/pki/signingRequest.js';
import type { TrustLists } from '../../../../src/inbound/trustLists.js';
import { testTrustLists } from '../../../support/testTrustLists.js';
import { fileUri, localWorld, type LocalWorld } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { zip } from '../../pki/testZip.js';
import { issue, issueChain } from '../../pki/testAuthority.js';

const password = 'correct horse battery';
const { root, intermediate, leaf } = issueChain('Files');
const stranger = issue({ subject: 'CN=Stranger' });
const chain = [leaf, intermediate, root].map(({ certificate }) => certificate);
const pkcs8 = new Uint8Array(leaf.key.privateKey.export({ type: 'pkcs8', format: 'der' }));
const quick = { derivation: localKeyDerivation, rounds: 1000, profile: 'modern', password } as const;
const yes: ScriptedAnswer = { wish: 'yes' };

describe('commands on files', () => {
  let world: LocalWorld;
  let lists: TrustLists;
  beforeEach(() => {
    world = localWorld();
    lists = testTrustLists([]);
  });
  afterEach(() => world.dispose());
  const at = (name: string): string => join(world.folder, name);
  const uri = (name: string): { uri: ReturnType<typeof fileUri> } => ({ uri: fileUri(at(name)) });
  const put = (name: string, content: Uint8Array | string): ReturnType<typeof fileUri> => {
    fs.writeFileSync(at(name), content);
    return fileUri(at(name));
  };
  const names = (name: string): readonly string[] =>
    readCertificates(new Uint8Array(fs.readFileSync(at(name)))).certificates.map((one) =>
      certificateLabel(one),
    );
  const run = async (
    command: typeof completeChain,
    argument: unknown,
    answers: ScriptedAnswer[] = [],
    clipboard = '',
  ): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    prompts.clipboard = clipboard;
    const connections = { list: () => [] } as unknown as Environment['connections'];
    await command(
      { prompts, connections, trust: () => Promise.resolve(lists) },
      argument,
      world.ports,
      world.context,
    );
    prompts.done();
    return prompts;
  };
  const pkcs12 = async (): Promise<Uint8Array> =>
    await writePkcs12(
      { privateKey: pkcs8, certificates: chain.map(({ der }) => der), friendlyName: 'orders' },
      quick,
    );
  const pem = (certificates = chain): string =>
    certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('');

  describe('Copy as PEM', () => {
    it('copies all certificates of a file', async () => {
      const file = put('a.p7b', writeCertificatesOnly(chain.map(({ der }) => der)));
      assert.equal((await run(copyAsPem, file)).clipboard, pem());
    });

    it('names what of an archive could not be read', async () => {
      const [first = new Uint8Array(), second = new Uint8Array()] = chain.map(({ der }) => der);
      const files = [
        { name: 'leaf.crt', bytes: first.subarray(0, 300) },
        { name: 'ca.crt', bytes: second },
      ];
      const prompts = await run(copyAsPem, put('a.zip', zip(files)));
      assert.match(prompts.messages.join(), /clipboard: 1\. "leaf\.crt" of the archive was not read: /);
    });

    it('names a signing request beside the certificates as not copied', async () => {
      const der = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
      const file = put('all.pem', pem() + encodePem('CERTIFICATE REQUEST', der));
      const prompts = await run(copyAsPem, file);
      assert.equal(prompts.clipboard, pem());
      assert.match(prompts.messages.join(), /The signing request of the file is not copied\./);
    });

    it('never copies a key', async () => {
      const encrypted = await run(copyAsPem, put('a.p12', await pkcs12()), [password]);
      assert.equal(encrypted.clipboard, pem());
      assert.match(encrypted.messages.join(), /key is not among them/);
      const plain = put('b.pem', encodePem('PRIVATE KEY', pkcs8) + pem());
      assert.equal((await run(copyAsPem, plain)).clipboard, pem());
      await assert.rejects(run(copyAsPem, put('k.pem', encodePem('PRIVATE KEY', pkcs8))), (error) =>
        KeystoreError.is(error, 'malformed'),
      );
    });

    it('copies a signing request, and asks for a file from the palette', async () => {
      const der = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
      const prompts = await run(copyAsPem, undefined, ['From a file…', { uri: put('a.p10', der) }]);
      assert.equal(prompts.clipboard, encodePem('CERTIFICATE REQUEST', der));
    });

    it('says so where nothing is known in it', async () => {
      for (const content of ['', 'Hello', Uint8Array.of(0x30, 3, 2, 1, 1)]) {
        await assert.rejects(run(copyAsPem, put('a.txt', content)), (error) =>
          KeystoreError.is(error, 'malformed'),
        );
      }
    });
  });

  describe('Convert To', () => {
    for (const [target, name, expected] of [
      ['PEM', 'a.pem', ['Files client', 'Files Issuing CA', 'Files Root', 'Stranger']],
      ['PKCS#7, PEM', 'a.p7b', ['Files client', 'Files Issuing CA', 'Files Root', 'Stranger']],
      ['PKCS#7, binary', 'a.p7c', ['Files client', 'Files Issuing CA', 'Files Root', 'Stranger']],
      ['PKI path', 'a.pkipath', ['Files Root', 'Files Issuing CA', 'Files client']],
    ] as const) {
      it(`writes ${target}`, async () => {
        const file = put('in.pem', pem([...chain, stranger.certificate]));
        await run(convertFile, file, [target, uri(name)]);
        assert.deepEqual(names(name), expected);
      });
    }

    it('writes one certificate of several as DER', async () => {
      const file = put('in.pem', pem([...chain].reverse()));
      await run(convertFile, file, ['DER', 'Files client', uri('a.cer')]);
      assert.deepEqual(new Uint8Array(fs.readFileSync(at('a.cer'))), leaf.certificate.der);
    });

    const lossesTold = async (file: ReturnType<typeof fileUri>, ...answers: ScriptedAnswer[]) => {
      const details: string[] = [];
      const prompts = new ScriptedPrompts([...answers, { wish: 'escape' }]);
      const pick = prompts.pick.bind(prompts);
      prompts.pick = async (options) => {
        details.push(...(await options.items).map(({ label, detail }) => `${label}: ${detail}`));
        return await pick(options);
      };
      await assert.rejects(convertFile({ prompts }, file, world.ports, world.context), Cancelled);
      return details;
    };

    it('tells that a signing request beside the certificates is lost', async () => {
      const der = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
      const told = await lossesTold(put('all.pem', pem() + encodePem('CERTIFICATE REQUEST', der)));
      assert.equal(told[0], 'PEM: What is lost: the signing request is left out.');
      assert.match(told.at(-1) ?? '', /names in the file are lost; .*the signing request is left out\.$/);
    });

    it('tells before what is lost', async () => {
      const written = await writePkcs12(
        { privateKey: pkcs8, certificates: [...chain, stranger.certificate].map(({ der }) => der) },
        quick,
      );
      const details = await lossesTold(put('a.p12', written), password);
      assert.deepEqual(details.slice(0, 5), [
        'PEM: What is lost: the private key is left out.',
        'DER: What is lost: the private key is left out; only one certificate fits; left out: 3.',
        'PKCS#7, PEM: What is lost: the private key is left out; programs may read the certificates in another order.',
        'PKCS#7, binary: What is lost: the private key is left out; programs may read the certificates in another order.',
        'PKI path: What is lost: the private key is left out; only the chain fits; certificates left out: 1.',
      ]);
    });

    it('writes a key into encrypted forms only', async () => {
      const file = put('in.pem', encodePem('PRIVATE KEY', pkcs8) + pem());
      await run(convertFile, file, ['PKCS#12, modern', 'sender', password, password, uri('a.p12')]);
      const opened = execFileSync(
        'openssl',
        ['pkcs12', '-in', at('a.p12'), '-passin', `pass:${password}`, '-nodes'],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      );
      assert.match(opened, /friendlyName: sender/);
      assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
      assert.equal(fs.statSync(at('a.p12')).mode & 0o777, 0o600);

      await run(convertFile, fileUri(at('a.p12')), [
        password,
        'PEM with encrypted key',
        /same/,
        uri('b.pem'),
      ]);
      assert.match(fs.readFileSync(at('b.pem'), 'utf8'), /^-----BEGIN ENCRYPTED PRIVATE KEY/);
      assert.doesNotMatch(fs.readFileSync(at('b.pem'), 'utf8'), /BEGIN PRIVATE KEY/);
    }).timeout(30_000);

    it('neither proposes the file that holds the key nor replaces it without a question', async () => {
      const content = encodePem('PRIVATE KEY', pkcs8) + pem();
      const file = put('bundle.pem', content);
      const prompts = await run(convertFile, file, ['PEM', { uri: file }, { wish: 'no' }, uri('other.pem')]);
      assert.ok(prompts.asked.includes('bundle-certificates.pem'), prompts.asked.join());
      assert.match(prompts.messages.join(), /"bundle\.pem" holds a private key.*not be in the new file/s);
      assert.equal(fs.readFileSync(file.fsPath, 'utf8'), content);
      assert.equal(fs.readFileSync(at('other.pem'), 'utf8'), pem());
    });

    it('says of a request with its key that the key is left out, and keeps the file', async () => {
      const der = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
      const content = encodePem('CERTIFICATE REQUEST', der) + encodePem('PRIVATE KEY', pkcs8);
      const file = put('a.csr', content);
      const prompts = await run(convertFile, file, ['PEM', { uri: file }, { wish: 'no' }, uri('b.csr')]);
      assert.ok(prompts.asked.includes('a-request.csr'), prompts.asked.join());
      assert.equal(fs.readFileSync(file.fsPath, 'utf8'), content);
      assert.equal(fs.readFileSync(at('b.csr'), 'utf8'), encodePem('CERTIFICATE REQUEST', der));
      assert.match((await run(copyAsPem, file)).messages.join(), /private key of the file is not/);
    });

    it('joins no key with certificates of other keys', async () => {
      const other = stranger.key.privateKey.export({ type: 'pkcs8', format: 'der' });
      const file = put('in.pem', encodePem('PRIVATE KEY', new Uint8Array(other)) + pem());
      for (const form of ['PEM with encrypted key', 'PKCS#12, modern']) {
        await assert.rejects(run(convertFile, file, [form]), (error) => {
          assert.ok(KeystoreError.is(error, 'mismatch'));
          assert.match(String(error.details['explanation']), /None of the certificates in "in\.pem" belongs/);
          return true;
        });
      }
    });

    it('joins certificates with a key that lies in another file, and refuses one that does not fit', async () => {
      const file = put('in.cer', leaf.certificate.der);
      put('k.pem', await writeEncryptedPrivateKey(pkcs8, quick));
      put('x.pem', stranger.key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await run(convertFile, file, [
        ...['PKCS#12, compatible', uri('k.pem'), password, { wish: 'keep' as const }, /same/, uri('a.p12')],
      ]);
      assert.ok(fs.existsSync(at('a.p12')));
      await assert.rejects(run(convertFile, file, ['PKCS#12, modern', uri('x.pem')]), (error) =>
        KeystoreError.is(error, 'mismatch'),
      );
    }).timeout(30_000);

    it('takes of several private keys the one of the certificates', async () => {
      const other = stranger.key.privateKey;
      const locked = { cipher: 'aes-256-cbc', passphrase: 'another passphrase' } as const;
      const content = [
        other.export({ type: 'pkcs8', format: 'pem' }),
        issue({ subject: 'CN=Third' }).key.privateKey.export({ type: 'pkcs8', format: 'pem', ...locked }),
        encodePem('PRIVATE KEY', pkcs8),
      ].join('');
      const publicKey = (name: string): string =>
        execFileSync('openssl', ['pkey', '-in', at(name), '-passin', `pass:${password}`, '-pubout'], {
          encoding: 'utf8',
        });
      const expected = createPublicKey(leaf.key.privateKey).export({ type: 'spki', format: 'pem' });
      const answers = ['PEM with encrypted key', password, password];
      await run(convertFile, put('in.pem', content + pem()), [...answers, uri('a.pem')]);
      assert.equal(publicKey('a.pem'), expected);
      put('keys.pem', content);
      const [form = '', ...twice] = answers;
      await run(convertFile, put('leaf.pem', pem()), [form, uri('keys.pem'), ...twice, uri('b.pem')]);
      assert.equal(publicKey('b.pem'), expected);
    }).timeout(30_000);

    it('asks for the passphrase that opens the key of the certificates, and which of several is meant', async () => {
      const keys = [leaf, stranger].map(({ key: { privateKey } }, index) =>
        privateKey
          .export({
            type: 'pkcs8',
            format: 'pem',
            cipher: 'aes-256-cbc',
            passphrase: `of key number ${index}`,
          })
          .toString(),
      );
      const form = 'PEM with encrypted key';
      const one = put('one.pem', keys.join('') + pem());
      const asked = await run(convertFile, one, [
        ...[form, 'of key number 1', 'of key number 0', /same/, uri('a.pem')],
      ]);
      assert.match(asked.asked[2] ?? '', /was not the passphrase/);
      const open = [leaf, stranger].map(({ key: { privateKey } }) =>
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      );
      const two = put('two.pem', open.join('') + pem([...chain, stranger.certificate]));
      await run(convertFile, two, [form, 'Stranger', password, password, uri('b.pem')]);
      assert.deepEqual(names('b.pem').slice(0, 1), ['Stranger']);
    }).timeout(30_000);

    it('encrypts a private key alone', async () => {
      const file = put('k.pem', encodePem('PRIVATE KEY', pkcs8));
      await run(convertFile, file, ['PEM with encrypted key', password, password, uri('e.pem')]);
      assert.match(
        fs.readFileSync(at('e.pem'), 'utf8'),
        /^-----BEGIN ENCRYPTED PRIVATE KEY[\s\S]*KEY-----\n$/,
      );
    }).timeout(30_000);

    it('turns a signing request into the other form', async () => {
      const der = writeSigningRequest({ subject: parseName('CN=a'), privateKey: leaf.key.privateKey });
      const file = put('a.csr', encodePem('CERTIFICATE REQUEST', der));
      await run(convertFile, file, ['DER', uri('a.p10')]);
      assert.deepEqual(new Uint8Array(fs.readFileSync(at('a.p10'))), der);
      await run(convertFile, fileUri(at('a.p10')), ['PEM', uri('b.csr')]);
      assert.equal(fs.readFileSync(at('b.csr'), 'utf8'), fs.readFileSync(at('a.csr'), 'utf8'));
    });
  });

  describe('Complete Chain', () => {
    const everything = [...chain, stranger.certificate].map((certificate) => ({ certificate, from: 'Dev' }));

    it('adds what is missing and shows it before', async () => {
      world.issuerSources = [() => Promise.resolve(everything)];
      const file = put('leaf.cer', leaf.certificate.der);
      const prompts = await run(completeChain, file, [yes, 'With the root', 'PKCS#7, PEM', uri('out.p7b')]);
      assert.match(prompts.messages[0] ?? '', /Chain: Files client ← Files Issuing CA ← Files Root/);
      assert.match(prompts.messages[0] ?? '', /Added from "Dev": Files Issuing CA\./);
      assert.ok(prompts.asked.includes('leaf-chain.p7b'));
      assert.deepEqual(names('out.p7b'), ['Files client', 'Files Issuing CA', 'Files Root']);
    });

    it('puts into order, leaves strangers and, if wanted, the root out', async () => {
      const file = put(
        'in.pem',
        pem([root, stranger, intermediate, leaf, leaf].map((one) => one.certificate)),
      );
      const prompts = await run(completeChain, file, [yes, 'Without the root', 'PEM', uri('out.pem')]);
      assert.match(
        prompts.messages[0] ?? '',
        /Put into order[\s\S]*there twice: Files client[\s\S]*Stranger/,
      );
      assert.deepEqual(names('out.pem'), ['Files client', 'Files Issuing CA']);
    });

    it('goes on with the cross certificate that leads to a listed authority', async () => {
      const other = issue({ subject: 'CN=Listed', isCa: true });
      const cross = issue(
        { subject: formatName(root.certificate.subject), key: root.key, isCa: true },
        other,
      );
      const { subject, sha256, sha1, subjectKeyIdentifier: keyIdentifier } = other.certificate;
      lists = testTrustLists([
        { subject: formatName(subject), sha256, sha1, keyIdentifier, notAfter: undefined },
      ]);
      const file = put('in.pem', pem([...chain, cross.certificate]));
      await run(completeChain, file, [yes, 'PEM', uri('out.pem')]);
      assert.deepEqual(names('out.pem').slice(0, 2), ['Files client', 'Files Issuing CA']);
      const [, , last] = readCertificates(new Uint8Array(fs.readFileSync(at('out.pem')))).certificates;
      assert.equal(last?.sha256, cross.certificate.sha256);
    });

    it('completes a PKCS#12 with its key', async () => {
      world.issuerSources = [() => Promise.resolve(everything)];
      const written = await writePkcs12(
        { privateKey: pkcs8, certificates: [leaf.certificate.der], friendlyName: 'orders' },
        quick,
      );
      await run(completeChain, put('in.p12', written), [
        ...[password, yes, 'With the root', 'PKCS#12, compatible', { wish: 'keep' as const }, /same/],
        uri('out.p12'),
      ]);
      const opened = execFileSync(
        'openssl',
        ['pkcs12', '-in', at('out.p12'), '-passin', `pass:${password}`, '-nodes'],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      );
      assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
    }).timeout(30_000);

    it('says that a chain is complete, and what was not found', async () => {
      const complete = await run(completeChain, put('in.pem', pem()));
      assert.match(complete.messages.join(), /complete and in order: Files client ← /);
      await assert.rejects(
        run(completeChain, put('leaf.cer', leaf.certificate.der)),
        (error) =>
          KeystoreError.is(error, 'refused') &&
          /CN=Files Issuing CA.*nothing is looked for in the network/.test(String(error.details.explanation)),
      );
    });

    it('writes nothing where it is not agreed', async () => {
      world.issuerSources = [() => Promise.resolve(everything)];
      const file = put('leaf.cer', leaf.certificate.der);
      await assert.rejects(run(completeChain, file, [{ wish: 'no' }]), Cancelled);
      assert.deepEqual(fs.readdirSync(world.folder), ['leaf.cer']);
    });
  });
});
