import { readFileSync } from 'node:fs';
import { KeystoreError } from '../../src/errors.js';
import { type KeyDerivation } from '../../src/pki/keyDerivation.js';

/** What an operation is given beside its request. */
export interface OperationContext {
  readonly keyDerivation: KeyDerivation;
}

/** One operation of the harness: a thin adapter over functions of src/pki. Returns what stands beside `id` and `ok`. */
export type Operation = (request: OperationRequest, context: OperationContext) => object | Promise<object>;

/** The fields of one request, each checked as it is asked for. */
export class OperationRequest {
  constructor(private readonly fields: Readonly<Record<string, unknown>>) {}

  /** The bytes that the request itself names by `file` or `base64`. */
  bytes(): Uint8Array {
    return readInput(this.fields);
  }

  /** The path in `file`, where there is one. */
  get file(): string | undefined {
    return this.optionalText('file');
  }

  /** The bytes of a field that is a path, or an object with `file` or `base64`. */
  bytesOf(name: string): Uint8Array {
    return readInput(this.fields[name]);
  }

  /** The bytes of each member of a list of inputs; no list is an empty one. */
  listOfBytes(name: string): readonly Uint8Array[] {
    return this.list(name).map(readInput);
  }

  /** A string; throws where there is none. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) {
      throw badRequest(`"${name}" is missing`);
    }
    return value;
  }

  /** A string, or `undefined` for none and for null. */
  optionalText(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== 'string') {
      throw badRequest(`"${name}" is not a string`);
    }
    return value;
  }

  /** Strings; no list is an empty one. */
  texts(name: string): readonly string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') {
        throw badRequest(`"${name}" holds something else than strings`);
      }
      return value;
    });
  }

  /** A list of any values; no list is an empty one. */
  list(name: string): readonly unknown[] {
    const value = this.fields[name] ?? [];
    if (!Array.isArray(value)) {
      throw badRequest(`"${name}" is not a list`);
    }
    return value as unknown[];
  }

  /** Any value. */
  value(name: string): unknown {
    return this.fields[name];
  }
}

function readInput(value: unknown): Uint8Array {
  if (typeof value === 'string') {
    return readPath(value);
  }
  if (typeof value === 'object' && value !== null) {
    if ('base64' in value && typeof value.base64 === 'string') {
      return Uint8Array.from(Buffer.from(value.base64, 'base64'));
    }
    if ('file' in value && typeof value.file === 'string') {
      return readPath(value.file);
    }
  }
  throw badRequest('Neither "file" nor "base64" is given');
}

function readPath(path: string): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (cause) {
    throw new KeystoreError('file-system', 'The file cannot be read', { cause });
  }
}

/** The error of a request that is not as the operation needs it. */
export function badRequest(message: string): KeystoreError {
  return new KeystoreError('invalid-input', `Request: ${message}`);
}
