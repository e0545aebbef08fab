import { Worker } from 'node:worker_threads';
import { Cancelled, KeystoreError } from '../errors.js';
import { type IteratedRequest, isDerivationAnswer, isIteratedRequest } from './iteratedRequest.js';
import {
  checkDerivation,
  type KeyDerivation,
  type KeyDerivationOptions,
  localKeyDerivation,
} from './keyDerivation.js';

/** Fewer rounds than this take less time than a thread takes to start. */
const roundsWorthAThread = 20_000;

/**
 * Derives in worker threads, one for each key, so that the calling thread stays free and several keys are made side by
 * side. `workerFile` is the bundled `keyDerivationWorker`. Where no thread can be started, derives on the calling thread.
 */
export function threadedKeyDerivation(workerFile: URL): KeyDerivation {
  return {
    async derive(request, options = {}) {
      checkDerivation(request);
      if (
        !isIteratedRequest(request) ||
        request.rounds * Math.ceil(request.length / 20) < roundsWorthAThread
      ) {
        return await localKeyDerivation.derive(request, options);
      }
      Cancelled.throwIfAborted(options.signal);
      const key = await deriveInThread(workerFile, request, options);
      return key ?? (await localKeyDerivation.derive(request, options));
    },
  };
}

/** `undefined` where the thread did not come up. */
async function deriveInThread(
  workerFile: URL,
  request: IteratedRequest,
  { signal, onProgress }: KeyDerivationOptions,
): Promise<Uint8Array | undefined> {
  let worker: Worker;
  try {
    // Nothing of the extension host's own command line and environment belongs into the thread.
    worker = new Worker(workerFile, { workerData: request, execArgv: [], env: {} });
  } catch {
    return undefined;
  }
  return await new Promise<Uint8Array | undefined>((resolve, reject) => {
    let isSettled = false;
    const settle = (finish: () => void): void => {
      if (isSettled) {
        return;
      }
      isSettled = true;
      signal?.removeEventListener('abort', onAbort);
      void worker.terminate();
      finish();
    };
    const onAbort = (): void => settle(() => reject(new Cancelled()));
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: unknown) => {
      if (!isDerivationAnswer(message)) {
        settle(() => resolve(undefined));
      } else if (message.kind === 'progress') {
        if (!isSettled) {
          onProgress?.(message.fraction);
        }
      } else if (message.kind === 'key') {
        settle(() => {
          onProgress?.(1);
          resolve(message.key);
        });
      } else {
        const { code, message: text, details } = message;
        settle(() => reject(new KeystoreError(code, text, { details })));
      }
    });
    worker.on('error', () => settle(() => resolve(undefined)));
    worker.on('exit', () => settle(() => resolve(undefined)));
  });
}
