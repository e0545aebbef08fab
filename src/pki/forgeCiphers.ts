import forge from 'node-forge/lib/forge.js';
import 'node-forge/lib/aes.js';
import 'node-forge/lib/des.js';
import 'node-forge/lib/pbkdf2.js';
import 'node-forge/lib/rc2.js';
import 'node-forge/lib/sha1.js';
import 'node-forge/lib/sha256.js';
import 'node-forge/lib/sha512.js';

/** What a block cipher of forge works on; the data is whole blocks, the padding is the caller's. */
export interface BlockCipherInput {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
}

/** Whether data is made readable or unreadable. */
export type CipherDirection = 'encrypt' | 'decrypt';

/** RC2 in CBC mode (RFC 2268): OpenSSL 3 has it in its legacy provider only, BoringSSL in part. */
export function forgeRc2(
  direction: CipherDirection,
  input: BlockCipherInput,
  effectiveBits: number,
): Uint8Array {
  const key = binary(input.key);
  const cipher =
    direction === 'encrypt'
      ? forge.rc2.createEncryptionCipher(key, effectiveBits)
      : forge.rc2.createDecryptionCipher(key, effectiveBits);
  cipher.start(binary(input.iv));
  cipher.update(forge.util.createBuffer(binary(input.data)));
  cipher.finish(keepPadding);
  return bytes(cipher.output.getBytes());
}

/** AES or triple DES in CBC mode, for hosts whose own cryptography lacks it. */
export function forgeBlockCipher(
  algorithm: 'AES-CBC' | '3DES-CBC',
  direction: CipherDirection,
  input: BlockCipherInput,
): Uint8Array {
  const key = binary(input.key);
  const cipher =
    direction === 'encrypt'
      ? forge.cipher.createCipher(algorithm, key)
      : forge.cipher.createDecipher(algorithm, key);
  cipher.start({ iv: binary(input.iv) });
  cipher.update(forge.util.createBuffer(binary(input.data)));
  cipher.finish(keepPadding);
  return bytes(cipher.output.getBytes());
}

/** PBKDF2 for hosts whose own lacks the digest; `undefined` where forge lacks it too. */
export function forgePbkdf2(request: {
  readonly hash: string;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly length: number;
}): Uint8Array | undefined {
  const digest = forge.md.algorithms[request.hash];
  return digest === undefined
    ? undefined
    : bytes(
        forge.pkcs5.pbkdf2(
          binary(request.password),
          binary(request.salt),
          request.rounds,
          request.length,
          digest.create(),
        ),
      );
}

/** forge pads and checks by itself unless it is given a function. */
function keepPadding(): boolean {
  return true;
}

function binary(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
