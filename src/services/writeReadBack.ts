import { Cancelled, KeystoreError } from '../errors.js';

/** Facts that a person confirms after the tenant could not build a trust path (409). */
export interface UntrustedChain {
  /** Computed here from what is sent; upper-case pairs with colons. */
  readonly sentFingerprint: string;
  /** What the tenant's answer says of the same certificate, where it says so. */
  readonly tenantFingerprint: string | undefined;
}

/** How an import is cancelled, and who confirms what the tenant does not trust; `false` ends the import as `Cancelled`. */
export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly confirmUntrusted: (chain: UntrustedChain) => Promise<boolean>;
}

/** One write and how its effect is seen. */
export interface Write<S> {
  readonly perform: () => Promise<void>;
  /** Reads with a signal of its own: after a cancelled write the state must be told all the same. */
  readonly read: (signal: AbortSignal) => Promise<S>;
  readonly isPerformed: (state: S) => boolean;
  /** What a message names. */
  readonly alias: string;
}

/** The state after a write that was performed. */
export interface ReadBack<S> {
  readonly state: S;
  /** True where the tenant's answer was lost and only reading back told what happened. */
  readonly answerLost: boolean;
}

/**
 * Sends a write once and reads its effect back.
 *
 * Throws the tenant's refusal; where the answer was lost, the state is read and told as it is: a result with `answerLost`, an
 * `answer-lost` with `performed: 'no'`, or one with `performed: 'unknown'` where reading failed too. A success that cannot be seen
 * is `bad-answer`. A cancelled write is `Cancelled` only where reading back shows that nothing was done.
 */
export async function performAndReadBack<S>(write: Write<S>): Promise<ReadBack<S>> {
  let lost: KeystoreError | undefined;
  try {
    await write.perform();
  } catch (error) {
    if (!KeystoreError.is(error, 'answer-lost')) {
      throw error;
    }
    lost = error;
  }
  const state = await readState(write, lost);
  if (write.isPerformed(state)) {
    return { state, answerLost: lost !== undefined };
  }
  if (lost?.details.cancelled === true) {
    throw new Cancelled();
  }
  throw new KeystoreError(
    lost === undefined ? 'bad-answer' : 'answer-lost',
    lost === undefined
      ? 'the tenant reports success, but the change cannot be seen'
      : 'the answer was lost and the change is not there',
    { cause: lost, details: { alias: write.alias, performed: 'no' } },
  );
}

/** Sends an import, and once more with a person's word where the tenant asked for it (409), which proves the first void. */
export async function importConfirmed<S>(
  sentFingerprint: string,
  { confirmUntrusted }: ImportOptions,
  send: (fingerprintVerified: boolean) => Promise<ReadBack<S>>,
): Promise<ReadBack<S>> {
  try {
    return await send(false);
  } catch (error) {
    if (!KeystoreError.is(error, 'fingerprint-unconfirmed')) {
      throw error;
    }
    const named = error.details.fingerprintSha256;
    const tenantFingerprint = typeof named === 'string' ? named : undefined;
    if (!(await confirmUntrusted({ sentFingerprint, tenantFingerprint }))) {
      throw new Cancelled();
    }
    return await send(true);
  }
}

async function readState<S>(write: Write<S>, lost: KeystoreError | undefined): Promise<S> {
  try {
    return await write.read(new AbortController().signal);
  } catch (error) {
    throw new KeystoreError('answer-lost', 'the state could not be read back', {
      cause: error,
      details: { alias: write.alias, performed: lost === undefined ? 'yes' : 'unknown' },
    });
  }
}
