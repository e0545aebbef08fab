import { KeystoreError } from '../errors.js';

/** What the work gives, or the coded error with which it ends, where that is an answer too; everything else is thrown. */
export function orError<T>(work: () => T): T | KeystoreError {
  try {
    return work();
  } catch (error) {
    return coded(error);
  }
}

/** The same for work that takes time. */
export async function orErrorLater<T>(work: () => Promise<T>): Promise<T | KeystoreError> {
  try {
    return await work();
  } catch (error) {
    return coded(error);
  }
}

function coded(error: unknown): KeystoreError {
  if (KeystoreError.is(error)) {
    return error;
  }
  throw error;
}
