import { Cancelled, KeystoreError } from '../../errors.js';

/** What went wrong after a part was done: `text` says what is there and how to go on, around the reason of the failure. */
export function halfDone(error: unknown, text: (reason: string) => string): unknown {
  if (!KeystoreError.is(error) && !(error instanceof Cancelled)) {
    return error;
  }
  const known = KeystoreError.is(error) ? error : new KeystoreError('refused', 'cancelled with a part done');
  const { explanation } = known.details;
  return new KeystoreError(known.code, known.message, {
    cause: known.cause,
    details: {
      ...known.details,
      where: 'cf',
      explanation: text(typeof explanation === 'string' ? explanation : '').replaceAll('  ', ' '),
    },
  });
}
