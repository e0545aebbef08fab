import { inflateRawSync } from 'node:zlib';
import { KeystoreError } from '../errors.js';
import { malformed } from './asn1.js';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const maxEntries = 500;
const maxTotalBytes = 16 * 1024 * 1024;

/** True for the signatures that a ZIP archive begins with. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * The files of an archive, by its central directory (APPNOTE 4.3.12), stored or deflated; folders are left out. Throws
 * `budget` for more than an archive of certificates can hold, `unsupported` for what is encrypted or packed otherwise. Only
 * files whose names are wanted are unpacked.
 */
export function readZip(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean = () => true,
): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  let position = view.getUint32(end + 16, true);
  if (count === 0xffff || position === 0xffffffff) {
    throw new KeystoreError('unsupported', 'ZIP64 archives are not read');
  }
  if (count > maxEntries) {
    throw new KeystoreError('budget', `A ZIP archive of more than ${maxEntries} files`);
  }
  const entries: ZipEntry[] = [];
  let remaining = maxTotalBytes;
  for (let index = 0; index < count; index++) {
    if (position + 46 > bytes.length || view.getUint32(position, true) !== 0x02014b50) {
      throw malformed('The directory of the ZIP archive is damaged');
    }
    const nameLength = view.getUint16(position + 28, true);
    const name = Buffer.from(bytes.subarray(position + 46, position + 46 + nameLength)).toString('utf8');
    if (!name.endsWith('/') && isWanted(name)) {
      const content = readEntry(view, bytes, position, remaining);
      remaining -= content.length;
      entries.push({ name, bytes: content });
    }
    position += 46 + nameLength + view.getUint16(position + 30, true) + view.getUint16(position + 32, true);
  }
  return entries;
}

function endOfDirectory(view: DataView): number {
  // The record is followed by a comment of at most 65,535 bytes.
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let position = view.byteLength - 22; position >= first; position--) {
    if (view.getUint32(position, true) === 0x06054b50) {
      return position;
    }
  }
  throw malformed('The ZIP archive has no directory');
}

function readEntry(view: DataView, bytes: Uint8Array, directory: number, remaining: number): Uint8Array {
  const flags = view.getUint16(directory + 8, true);
  const method = view.getUint16(directory + 10, true);
  const packedSize = view.getUint32(directory + 20, true);
  const local = view.getUint32(directory + 42, true);
  if ((flags & 1) !== 0) {
    throw new KeystoreError('unsupported', 'The ZIP archive is encrypted', {
      details: { encrypted: true },
    });
  }
  if (local + 30 > bytes.length || view.getUint32(local, true) !== 0x04034b50) {
    throw malformed('A file of the ZIP archive is damaged');
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(start, start + packedSize);
  if (packed.length !== packedSize) {
    throw malformed('The ZIP archive is cut off');
  }
  const size = method === 0 ? packedSize : 0;
  if (remaining === 0 || size > remaining) {
    throw tooLarge();
  }
  switch (method) {
    case 0:
      return packed;
    case 8:
      return inflate(packed, remaining);
    default:
      throw new KeystoreError('unsupported', `ZIP method ${method} is not read`);
  }
}

function inflate(packed: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return Uint8Array.from(inflateRawSync(packed, { maxOutputLength }));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge();
    }
    throw malformed('A file of the ZIP archive cannot be unpacked', cause);
  }
}

function tooLarge(): KeystoreError {
  return new KeystoreError('budget', `A ZIP archive of more than ${maxTotalBytes} bytes`);
}
