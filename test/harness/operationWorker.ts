import { parentPort, workerData } from 'node:worker_threads';
import { threadedKeyDerivation } from '../../src/pki/threadedKeyDerivation.js';
import { type Answer, refusal } from './answer.js';
import { OperationRequest } from './operation.js';
import { operations } from './operations.js';
import { ownThreadNumber } from './threadProcessorTime.js';

// The entry of the thread that performs operations; `operationThread.ts` starts it, and ends it past its budget.

if (workerData instanceof Int32Array) {
  workerData[0] = ownThreadNumber();
}

const keyDerivation = threadedKeyDerivation(new URL('./keyDerivationWorker.mjs', import.meta.url));

async function perform(request: unknown): Promise<Answer> {
  try {
    if (typeof request !== 'object' || request === null) {
      return { ok: false, code: 'malformed', message: 'The request is not an object' };
    }
    const fields: Readonly<Record<string, unknown>> = { ...request };
    const operation = operations.get(String(fields['op']));
    if (operation === undefined) {
      return { ok: false, code: 'unsupported', message: 'No such operation' };
    }
    return { ok: true, ...(await operation(new OperationRequest(fields), { keyDerivation })) };
  } catch (error) {
    return refusal(error);
  }
}

const port = parentPort;
port?.on('message', (request: unknown) => {
  void perform(request).then((answer) => {
    // As text, so that nothing in an answer can fail to be copied between the threads.
    port.postMessage(JSON.stringify(answer));
  });
});
