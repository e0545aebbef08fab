import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { OperationThread } from './operationThread.js';

// The door to src/pki for suites in any language: one JSON request a line in, one JSON answer a line out, in the same order.

const thread = new OperationThread(new URL('./operationWorker.mjs', import.meta.url));

async function answer(line: string): Promise<string> {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return JSON.stringify({ id: null, ok: false, code: 'malformed', message: 'The request is not JSON' });
  }
  const id = typeof request === 'object' && request !== null && 'id' in request ? request.id : null;
  const text = await thread.perform(request);
  return `{"id":${JSON.stringify(id)},${text.slice(1)}`;
}

process.stdout.on('error', () => {
  // Nobody reads any more.
  process.exit(0);
});
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() !== '' && !process.stdout.write(`${await answer(line)}\n`)) {
    await once(process.stdout, 'drain');
  }
}
await thread.dispose();
