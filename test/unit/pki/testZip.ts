import { deflateRawSync } from 'node:zlib';

/** A file to be put into an archive: its content, or what a test has packed itself. */
export type ZipFile = { readonly name: string; readonly flags?: number } & (
  { readonly bytes: Uint8Array } | { readonly packed: Uint8Array; readonly size: number }
);

/** A ZIP archive (APPNOTE 4.3): small files stored, others deflated. */
export function zip(files: readonly ZipFile[]): Uint8Array {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const isStored = 'bytes' in file && file.bytes.length < 100;
    const content = 'bytes' in file ? (isStored ? file.bytes : deflateRawSync(file.bytes)) : file.packed;
    const size = 'bytes' in file ? file.bytes.length : file.size;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(file.flags ?? 0, 2);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    // The checksum is left out: nobody reads it here.
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const header = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, Buffer.from(content)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), common, tail, name]));
    local.push(header);
    offset += header.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...local, entries, end]));
}
