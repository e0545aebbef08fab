import { KeystoreError } from '../errors.js';
import { isObject, type JsonObject } from '../http/checked.js';
import { parseODataDate } from './odataDate.js';

/** The row, an object by what the protocol says; what is wrong with it or a property of it throws `bad-answer`. */
export function rowOf(row: unknown): JsonObject {
  if (!isObject(row)) {
    throw new KeystoreError('bad-answer', 'A row of the answer is not an object', {
      details: { reason: 'row' },
    });
  }
  return row;
}

/** A text of the row; null, absent and empty mean that there is none. */
export function text(value: unknown, name: string): string | undefined {
  if (typeof value === 'string') {
    return value === '' ? undefined : value;
  }
  if (value === null || value === undefined) {
    return undefined;
  }
  throw wrong(name);
}

/** A text that the row must have. */
export function required(fields: JsonObject, name: string): string {
  const value = text(fields[name], name);
  if (value === undefined) {
    throw wrong(name);
  }
  return value;
}

/** A whole number of the row; numbers of 64 bits come as text. */
export function integer(value: unknown, name: string): number | undefined {
  if (value === null || value === undefined) {
    return undefined;
  }
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) {
    return number;
  }
  throw wrong(name);
}

/** A date of the row. */
export function date(value: unknown, name: string): Date | undefined {
  if (value === null || value === undefined) {
    return undefined;
  }
  const parsed = typeof value === 'string' ? parseODataDate(value) : undefined;
  if (parsed === undefined) {
    throw wrong(name);
  }
  return parsed;
}

/** The error of a property that is missing or of a wrong type. */
export function wrong(property: string): KeystoreError {
  return new KeystoreError(
    'bad-answer',
    `The property ${property} of the answer is missing or of a wrong type`,
    {
      details: { reason: 'property', property },
    },
  );
}
