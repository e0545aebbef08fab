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
      getInt16(): number;
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
      finish(): boolean;
      readonly output: ByteBuffer;
    }

    const asn1: {
      fromDer(
        bytes: InputBuffer,
        options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean; maxDepth: number },
      ): Asn1Value;
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

declare module 'node-forge/lib/asn1.js';
declare module 'node-forge/lib/rc2.js';
