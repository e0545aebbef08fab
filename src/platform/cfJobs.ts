import { Cancelled, KeystoreError } from '../errors.js';
import { isArray, isObject, textMember, type JsonObject } from '../http/checked.js';
import { outsideText } from '../http/outsideText.js';
import type { Wait } from '../http/waiting.js';
import { wait as realWait } from '../http/waiting.js';
import type { CfApi } from './cfApi.js';
import { parseCfErrors, type CfErrorText } from './cfErrors.js';

/** A job of Cloud Foundry, which works on after its request was answered. */
export interface CfJob {
  readonly state: 'PROCESSING' | 'POLLING' | 'COMPLETE' | 'FAILED';
  /** Such as `service_keys.create`. */
  readonly operation: string | undefined;
  readonly errors: readonly CfErrorText[];
  /** Masked, bounded; from outside. */
  readonly warnings: readonly string[];
}

/** Why watching ended before the work did; the server goes on with it. */
export type WatchEnd = 'cancelled' | 'timeLimit' | 'notReachable';

/** How something is watched; `wait` comes in for tests. */
export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly wait?: Wait;
  /** Hears of each look: the state, and for how many milliseconds it has been watched. */
  readonly onLook?: ((state: string, milliseconds: number) => void) | undefined;
  /** Milliseconds after which watching ends; the server's own limit is days. */
  readonly limitMs?: number;
}

/** One look at a job; `undefined` where Cloud Foundry has cleared it away. */
export async function readJob(api: CfApi, jobUrl: string, signal: AbortSignal): Promise<CfJob | undefined> {
  const row = await api.read(jobUrl, { what: 'readJob' }, signal);
  return row === undefined ? undefined : parseJob(row, (text) => api.mask(text));
}

/**
 * Looks again and again, at growing intervals of one to five seconds, until `look` gives a result. Looks that fail for a
 * passing reason are tried again; five in a row end the watch. Cancelling ends the watch, never the server's work.
 */
export async function watch<T>(
  look: (signal: AbortSignal) => Promise<{ readonly state: string } | { readonly result: T }>,
  options: WatchOptions,
): Promise<{ readonly result: T } | { readonly goesOn: WatchEnd }> {
  const { signal, wait = realWait, onLook, limitMs = 15 * 60_000 } = options;
  let watched = 0;
  let failures = 0;
  for (let count = 1; ; count++) {
    try {
      const seen = await look(signal);
      if ('result' in seen) {
        return seen;
      }
      failures = 0;
      onLook?.(seen.state, watched);
    } catch (error) {
      if (error instanceof Cancelled) {
        return { goesOn: 'cancelled' };
      }
      if (!isPassing(error)) {
        throw error;
      }
      if (++failures >= 5) {
        return { goesOn: 'notReachable' };
      }
    }
    const pause = Math.min(count, 5) * 1_000;
    watched += pause;
    if (watched > limitMs) {
      return { goesOn: 'timeLimit' };
    }
    try {
      await wait(pause, signal);
    } catch {
      return { goesOn: 'cancelled' };
    }
  }
}

function isPassing(error: unknown): boolean {
  return (
    KeystoreError.is(error) &&
    ['offline', 'timeout', 'server-error', 'rate-limited', 'bad-answer'].includes(error.code)
  );
}

function parseJob(row: JsonObject, mask: (text: string) => string): CfJob {
  const warnings = row['warnings'];
  const { state } = row;
  return {
    // A state that is not known yet is one that has not ended.
    state: state === 'COMPLETE' || state === 'FAILED' || state === 'POLLING' ? state : 'PROCESSING',
    operation: textMember(row, 'operation'),
    errors: parseCfErrors(row, mask),
    warnings: (isArray(warnings) ? warnings : [])
      .filter(isObject)
      .flatMap((warning) => outsideText(textMember(warning, 'detail'), mask) ?? []),
  };
}
