import { parentPort, workerData } from 'node:worker_threads';
import { KeystoreError } from '../errors.js';
import { Pbkdf1, Pkcs12Kdf } from './hashIteration.js';
import { type DerivationAnswer, isIteratedRequest } from './iteratedRequest.js';

// The entry of a worker thread that makes one key and ends; `threadedKeyDerivation.ts` starts it.

/** Rounds between two messages of progress: some 20 milliseconds. */
const roundsInOneReport = 25_000;

function derive(request: unknown, answer: (message: DerivationAnswer) => void): void {
  try {
    if (!isIteratedRequest(request)) {
      throw new KeystoreError('malformed', 'The worker was started without a key to derive');
    }
    const kdf = request.kind === 'pkcs12' ? new Pkcs12Kdf(request) : new Pbkdf1(request);
    while (!kdf.advance(roundsInOneReport)) {
      answer({ kind: 'progress', fraction: kdf.fraction });
    }
    answer({ kind: 'key', key: kdf.key });
  } catch (error) {
    answer({
      kind: 'failure',
      code: error instanceof KeystoreError ? error.code : 'unsupported',
      message: error instanceof Error ? error.message : 'unknown failure',
      details: error instanceof KeystoreError ? error.details : {},
    });
  }
}

const port = parentPort;
if (port !== null) {
  derive(workerData, (message) => port.postMessage(message));
}
