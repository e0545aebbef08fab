import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';

const pieceLength = 24;

/**
 * Keeps everything that people, logs and stores got to see, and looks in it for planted secrets in each form in which they could
 * have come there: as they are, in base64 at any offset, in hexadecimal, escaped for an address, for JSON or for XML, in any case,
 * over line breaks, and in part.
 */
export class CanaryWatch {
  private readonly seen: string[] = [];

  /** Takes a text as it is, and of anything else all that can be reached, hidden members and causes included. */
  see(...things: readonly unknown[]): void {
    for (const thing of things) {
      this.seen.push(typeof thing === 'string' ? thing : dump(thing));
    }
  }

  /** Fails where a secret, or a piece of a long one, was seen; fails as well where nothing was seen at all. */
  expectNone(secrets: readonly (string | Uint8Array)[]): void {
    assert.ok(this.seen.length > 0, 'nothing was watched');
    assert.ok(secrets.length > 0, 'nothing was planted');
    const raw = this.seen.join('\n').toLowerCase();
    const joined = raw.replaceAll(/\s+|\\+[rn]/g, '');
    for (const piece of secrets.flatMap(piecesOf)) {
      for (const text of [raw, joined]) {
        const at = text.indexOf(piece);
        assert.equal(at, -1, `"${piece}" was seen: …${text.slice(Math.max(0, at - 200), at + 200)}…`);
      }
    }
  }
}

/** What only the holder of a private key knows of it: the PEM or DER text as a whole would hold the public key too. */
export function privatePartOf(pem: string): Uint8Array {
  const { d } = createPrivateKey(pem).export({ format: 'jwk' });
  assert.ok(d !== undefined);
  return Buffer.from(d, 'base64url');
}

function piecesOf(secret: string | Uint8Array): readonly string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    ...[0, 1, 2].flatMap((offset) => {
      const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      // The first and last characters also depend on what stands beside the secret.
      const inner = encoded.slice(
        offset === 0 ? 0 : offset + 1,
        Math.floor(((bytes.length + offset) * 4) / 3),
      );
      return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
    }),
    bytes.toString('hex'),
    bytes.toString('hex').replaceAll(/(..)(?=.)/g, '$1:'),
    ...(typeof secret === 'string'
      ? [
          secret,
          encodeURIComponent(secret),
          new URLSearchParams({ x: secret }).toString().slice(2),
          JSON.stringify(secret).slice(1, -1),
          secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
        ]
      : []),
  ];
  return [...new Set(forms.map((form) => form.toLowerCase()))].flatMap(cut);
}

/** A text in pieces, so that a part of a long secret is found as well. */
function cut(text: string): readonly string[] {
  const pieces = text.match(new RegExp(`.{${pieceLength}}`, 'gs'));
  return pieces ?? [text];
}

function dump(thing: unknown): string {
  const reachable = inspect(thing, { depth: 20, showHidden: true, getters: true, maxStringLength: null });
  const stack = thing instanceof Error ? (thing.stack ?? '') : '';
  return `${reachable}\n${safeJson(thing)}\n${stack}`;
}

function safeJson(thing: unknown): string {
  try {
    const text: unknown = JSON.stringify(thing);
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}
