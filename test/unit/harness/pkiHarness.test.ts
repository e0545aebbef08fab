import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import * as asn1 from '../../../src/pki/asn1.js';

/** What one process of the harness answers to these lines, and the code that it ends with. */
async function harness(lines: readonly string[]): Promise<{ answers: readonly unknown[]; code: unknown }> {
  const child = spawn(process.execPath, ['tools/pkiHarness.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const exit: Promise<readonly unknown[]> = once(child, 'exit');
  const [output, [code]] = await Promise.all([text(child.stdout), exit]);
  const answers = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  return { answers, code };
}

describe('the PKI harness', () => {
  it('answers every request of one process, in their order', async () => {
    const { answers, code } = await harness([
      '{"id":1,"op":"name","rfc4514":"CN=one"}',
      '{"id":"two","op":"name","rfc4514":"CN=two,O=Example"}',
    ]);
    assert.deepEqual(answers, [
      { id: 1, ok: true, rdns: [[{ oid: '2.5.4.3', value: 'one' }]], formatted: 'CN=one' },
      {
        id: 'two',
        ok: true,
        rdns: [[{ oid: '2.5.4.10', value: 'Example' }], [{ oid: '2.5.4.3', value: 'two' }]],
        formatted: 'CN=two,O=Example',
      },
    ]);
    assert.equal(code, 0);
  });

  it('goes on after a request that cannot be answered', async () => {
    const { answers } = await harness([
      'not JSON',
      '{"id":1,"op":"no such operation"}',
      '{"id":2,"op":"certificates","file":"no/such/file"}',
      '{"id":3,"op":"certificates","base64":"MIIB"}',
      '{"id":4,"op":"name","rfc4514":"CN=x"}',
    ]);
    assert.deepEqual(
      answers.map((answer) => {
        assert.ok(typeof answer === 'object' && answer !== null && 'id' in answer && 'ok' in answer);
        return [answer.id, answer.ok, 'code' in answer ? answer.code : undefined];
      }),
      [
        [null, false, 'malformed'],
        [1, false, 'unsupported'],
        [2, false, 'malformed'],
        [3, false, 'malformed'],
        [4, true, undefined],
      ],
    );
  });

  it('refuses a key derivation without end, and answers the next request', async () => {
    const { answers } = await harness([
      JSON.stringify({ id: 1, op: 'private-key', base64: keyOfManyRounds(), password: 'x' }),
      '{"id":2,"op":"name","rfc4514":"CN=x"}',
    ]);
    assert.deepEqual(
      answers.map((answer) => {
        assert.ok(typeof answer === 'object' && answer !== null && 'ok' in answer);
        return 'code' in answer ? answer.code : answer.ok;
      }),
      ['budget', true],
    );
  });
});

/** Encrypted PKCS#8 whose PBKDF2 asks for two billion rounds, in base64. */
function keyOfManyRounds(): string {
  const derivation = asn1.sequence(
    asn1.oid('1.2.840.113549.1.5.12'),
    asn1.sequence(asn1.octetString(new Uint8Array(8)), asn1.integer(2 ** 31 - 1)),
  );
  const cipher = asn1.sequence(asn1.oid('2.16.840.1.101.3.4.1.42'), asn1.octetString(new Uint8Array(16)));
  const scheme = asn1.sequence(asn1.oid('1.2.840.113549.1.5.13'), asn1.sequence(derivation, cipher));
  return Buffer.from(asn1.sequence(scheme, asn1.octetString(new Uint8Array(32)))).toString('base64');
}
