import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { opensslCommands, type OpensslRequest } from '../../../src/inbound/opensslCommands.js';
import { quoteForBash, quoteForPowerShell } from '../../../src/inbound/shellQuote.js';
import { parseName, namesEqual } from '../../../src/pki/distinguishedName.js';
import { readSigningRequest } from '../../../src/pki/signingRequest.js';
import { argumentsInPowerShell } from '../../support/powerShell.js';

const plain: OpensslRequest = {
  key: { kind: 'EC', curve: 'prime256v1' },
  subject: [
    { type: 'C', value: 'DE' },
    { type: 'CN', value: 'orders.acme.example' },
  ],
  alternativeNames: [],
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['clientAuth'],
  fileName: 'orders',
};
const hostileText = `a'b"c\\d/e+f $(touch hacked) \`touch hacked\` ; & | # = % ! ü 東`;
const hostile: OpensslRequest = {
  ...plain,
  key: { kind: 'RSA', bits: 2048 },
  subject: [
    { type: 'C', value: 'DE' },
    { type: 'O', value: hostileText },
    { type: 'CN', value: '-in x' },
    { type: 'emailAddress', value: 'a@b.example' },
  ],
  alternativeNames: [
    { type: 'DNS', value: '*.acme.example' },
    { type: 'IP', value: '2001:db8::1' },
    { type: 'email', value: "o'brien$x#y@acme.example" },
    { type: 'URI', value: "https://acme.example/a?b=$c&d='e'#f\\g" },
  ],
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: ['clientAuth', 'serverAuth'],
  fileName: "it's $HOME; my key",
};

const commas: OpensslRequest = {
  ...plain,
  alternativeNames: [
    ...hostile.alternativeNames,
    { type: 'URI', value: "https://acme.example/a,b;c?d='e'#f\\g,$h" },
    { type: 'DNS', value: 'b.example' },
  ],
};

describe('the steps as openssl commands', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openssl-commands-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, request] of Object.entries({ plain, hostile, commas })) {
    it(`are a script that bash parses and that makes what it says: ${name}`, () => {
      const script = join(folder, 'steps.sh');
      writeFileSync(script, opensslCommands(request, 'bash'));
      execFileSync('bash', ['-n', script]);
      // Stands in for the person at the terminal: gives the passphrase that openssl asks for.
      const bin = mkdtempSync(join(folder, 'bin-'));
      writeFileSync(
        join(bin, 'openssl'),
        [
          '#!/bin/bash',
          `real=${quoteForBash(execFileSync('which', ['openssl'], { encoding: 'utf8' }).trim())}`,
          'case "$1 $2" in',
          '  "genpkey "*) exec "$real" "$@" -pass pass:secret ;;',
          '  "req -new") exec "$real" "$@" -passin pass:secret ;;',
          '  *) exec "$real" "$@" ;;',
          'esac',
        ].join('\n'),
      );
      chmodSync(join(bin, 'openssl'), 0o755);
      execFileSync('bash', ['-e', script], {
        cwd: folder,
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
        stdio: 'pipe',
      });

      const made = readSigningRequest(readFileSync(join(folder, `${request.fileName}.csr`)));
      assert.equal(made.signatureValid, true);
      const expected = parseName(
        [...request.subject]
          .reverse()
          .map(({ type, value }) => `${type}=${value.replace(/[,+"\\<>;=#]/g, '\\$&')}`)
          .join(','),
      );
      assert.ok(namesEqual(made.subject, expected));
      assert.deepEqual(
        made.subjectAltNames.map(({ type, value }) => ({ type, value })),
        request.alternativeNames,
      );
      assert.deepEqual(made.keyUsage, request.keyUsage);
      assert.equal(made.extendedKeyUsage?.length, request.extendedKeyUsage.length);
      const key = join(folder, `${request.fileName}.key.pem`);
      assert.match(readFileSync(key, 'utf8'), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
      assert.equal(statSync(key).mode & 0o777, 0o600);
      assert.throws(() => statSync(join(folder, 'hacked')));
    });
  }

  it('leave out what is not wanted', () => {
    const text = opensslCommands({ ...plain, keyUsage: [], extendedKeyUsage: [] }, 'bash');
    assert.doesNotMatch(text, /-addext/);
  });

  it('choose the hash that fits the curve', () => {
    const text = (curve: string): string => opensslCommands({ ...plain, key: { kind: 'EC', curve } }, 'bash');
    assert.match(text('prime256v1'), /-sha256 /);
    assert.match(text('secp384r1'), /-sha384 /);
    assert.match(text('secp521r1'), /-sha512 /);
  });

  for (const version of ['5.1', '7.3'] as const) {
    it(`give openssl the same arguments in PowerShell ${version} as in bash`, () => {
      for (const request of [plain, hostile, commas]) {
        const printed = execFileSync('bash', [], {
          cwd: folder,
          input: `openssl() { printf '%s\\0' openssl "$@"; printf '\\0'; }\n${opensslCommands(request, 'bash')}`,
          encoding: 'utf8',
        });
        const inBash = printed
          .split('\0\0')
          .slice(0, -1)
          .map((call) => call.split('\0'));
        assert.equal(inBash.length, 3);
        assert.deepEqual(argumentsInPowerShell(opensslCommands(request, 'powershell'), version), inBash);
      }
    });
  }

  it('cannot be broken out of by a line break in a name', () => {
    const text = opensslCommands({ ...plain, fileName: 'a\ntouch hacked\n' }, 'bash');
    const ran = execFileSync('bash', [], {
      cwd: folder,
      input: `openssl() { printf 'openssl '; }\ntouch() { printf 'hacked '; }\n${text}`,
      encoding: 'utf8',
    });
    assert.equal(ran, 'openssl openssl openssl ');
  });
});

describe('quoting', () => {
  const texts = [
    '',
    'a',
    '-a',
    'a b',
    "'",
    "''",
    '"',
    '\\',
    '\\\\"',
    '$x',
    '`x`',
    '\n',
    'ü',
    '~',
    '*',
    '!x',
    '#',
    '-',
    '’‘',
  ];
  it('gives bash every text back unchanged', () => {
    const script = texts.map((text) => `printf '%s\\0' ${quoteForBash(text)}`).join('\n');
    const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.deepEqual(printed.split('\0').slice(0, -1), texts);
  });

  it('gives bash any text back unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).filter((text) => !/[\0\ud800-\udfff]/.test(text)),
          { maxLength: 20 },
        ),
        (words) => {
          const script = words.map((text) => `printf '%s\\0' ${quoteForBash(text)}`).join('\n');
          const printed = execFileSync('bash', [], { input: script, encoding: 'utf8' });
          assert.deepEqual(printed.split('\0').slice(0, -1), words);
        },
      ),
      { numRuns: 50 },
    );
  });

  const powerShell: readonly (readonly [string, string])[] = [
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it''s'"],
    ['\u2019x', "'\u2019\u2019x'"],
    ['say "x"', `'say \\"x\\"'`],
    ['a\\"b', `'a\\\\\\"b'`],
    ['c:\\my dir\\', "'c:\\my dir\\\\'"],
    ['$x `y', "'$x `y'"],
  ];
  for (const [text, expected] of powerShell) {
    it(`writes ${JSON.stringify(text)} for PowerShell`, () => {
      assert.equal(quoteForPowerShell(text), expected);
    });
  }
});
