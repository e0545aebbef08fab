import * as asn1 from './asn1.js';

/** Reads the data types of RFC 4251 5. */
export class SshReader {
  private position = 0;

  constructor(private readonly data: Uint8Array) {}

  get atEnd(): boolean {
    return this.position >= this.data.length;
  }

  number(): number {
    const start = this.position;
    this.skip(4);
    return new DataView(this.data.buffer, this.data.byteOffset, this.data.length).getUint32(start);
  }

  string(): Uint8Array {
    const length = this.number();
    const start = this.position;
    this.skip(length);
    return this.data.subarray(start, start + length);
  }

  text(): string {
    return Buffer.from(this.string()).toString('utf8');
  }

  skip(count: number): void {
    this.position += count;
    if (this.position > this.data.length) {
      throw asn1.malformed('SSH key that ends too early');
    }
  }
}
