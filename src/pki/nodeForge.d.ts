/** The parts of node-forge that are used, by the paths they are loaded from; its published types cover the whole library only. */
declare module 'node-forge/lib/forge.js' {
  namespace forge {
    interface Asn1Value {
      readonly tagClass: number;
      readonly type: number;
      readonly constructed: boolean;
      readonly value: string | readonly Asn1Value[];
    }

    /** What `asn1.fromDer` asks of the buffer it reads from. */
    interface InputBuffer {
      length(): number;
      getByte(): number;
      getInt(bits: number): number;
      bytes(count?: number): string;
      getBytes(count?: number): string;
    }

    /** A buffer of forge's own, holding a string of bytes. */
    interface ByteBuffer {
      getBytes(): string;
    }

    interface Cipher {
      start(iv: string): void;
      update(input: ByteBuffer): void;
      finish(pad?: () => boolean): boolean;
      readonly output: ByteBuffer;
    }

    const asn1: {
      fromDer(
        bytes: InputBuffer,
        options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean; maxDepth: number },
      ): Asn1Value;
    };
    interface BlockCipher {
      start(options: { readonly iv: string }): void;
      update(input: ByteBuffer): void;
      finish(pad: () => boolean): boolean;
      readonly output: ByteBuffer;
    }

    /** There once 'node-forge/lib/des.js' and 'node-forge/lib/aes.js' have been imported. */
    const cipher: {
      createCipher(algorithm: 'AES-CBC' | '3DES-CBC', key: string): BlockCipher;
      createDecipher(algorithm: 'AES-CBC' | '3DES-CBC', key: string): BlockCipher;
    };

    interface MessageDigest {
      readonly digestLength: number;
    }

    const md: {
      readonly algorithms: Readonly<Record<string, { create(): MessageDigest } | undefined>>;
    };
    const pkcs5: {
      pbkdf2(password: string, salt: string, rounds: number, length: number, digest: MessageDigest): string;
    };
    const util: {
      createBuffer(bytes: string): ByteBuffer;
    };
    /** There once 'node-forge/lib/rc2.js' has been imported. */
    const rc2: {
      createDecryptionCipher(key: string, bits: number): Cipher;
      createEncryptionCipher(key: string, bits: number): Cipher;
    };
  }
  export = forge;
}

declare module 'node-forge/lib/aes.js';
declare module 'node-forge/lib/asn1.js';
declare module 'node-forge/lib/des.js';
declare module 'node-forge/lib/pbkdf2.js';
declare module 'node-forge/lib/rc2.js';
declare module 'node-forge/lib/sha1.js';
declare module 'node-forge/lib/sha256.js';
declare module 'node-forge/lib/sha512.js';
