import { Worker } from 'node:worker_threads';
import { type Answer } from './answer.js';
import { threadProcessorTime } from './threadProcessorTime.js';

/** Processor time of one operation, key derivation in threads of its own aside. */
const budgetMs = 2000;

/** Performs operations one at a time in a thread that is ended, and started anew, where one takes too long. */
export class OperationThread {
  private worker: Worker | undefined;
  /** Where the thread writes its own number, by which the system counts its processor time. */
  private readonly threadNumber = new Int32Array(new SharedArrayBuffer(4));

  constructor(private readonly workerFile: URL) {}

  /** The answer as JSON; never rejects. */
  async perform(request: unknown): Promise<string> {
    const worker = (this.worker ??= new Worker(this.workerFile, {
      execArgv: ['--enable-source-maps'],
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
      workerData: this.threadNumber,
    }));
    const answer = await new Promise<string>((resolve) => {
      const isOver = this.processorWatch(worker);
      const timer = setInterval(() => {
        if (isOver()) {
          end(refused('budget', `More than ${budgetMs} ms of processor time`), 'terminate');
        }
      }, 50);
      const end = (text: string, then: 'keep' | 'terminate'): void => {
        clearInterval(timer);
        // Each by name: a worker has listeners of its own, without which its next message would not arrive.
        for (const [event, listener] of listeners) {
          worker.off(event, listener);
        }
        if (then === 'terminate') {
          // An error that the dying thread still reports belongs to nobody.
          worker.on('error', () => undefined);
          void worker.terminate();
          this.worker = undefined;
          this.threadNumber.fill(0);
        }
        resolve(text);
      };
      const listeners: readonly (readonly [string, (value: unknown) => void])[] = [
        ['message', (text) => end(String(text), 'keep')],
        ['messageerror', () => end(refused('malformed', 'No answer'), 'terminate')],
        ['error', (error) => end(describeFailure(error), 'terminate')],
        ['exit', () => end(refused('malformed', 'The thread has ended'), 'terminate')],
      ];
      for (const [event, listener] of listeners) {
        worker.on(event, listener);
      }
      worker.postMessage(request);
    });
    return answer;
  }

  /** True once the thread has used up its budget since now. */
  private processorWatch(worker: Worker): () => boolean {
    const number = (): number => this.threadNumber[0] ?? 0;
    const startedWith = threadProcessorTime(number()) ?? 0;
    const loop = worker.performance.eventLoopUtilization();
    const processor = process.cpuUsage();
    return () => {
      const used = threadProcessorTime(number());
      if (used !== undefined) {
        return used - startedWith >= budgetMs;
      }
      // The loop's active time is wall-clock time; on a busy machine the processor time of the whole process is the truth's
      // upper bound, so both must be past the budget.
      const { active } = worker.performance.eventLoopUtilization(loop);
      const { user, system } = process.cpuUsage(processor);
      return active >= budgetMs && (user + system) / 1000 >= budgetMs;
    };
  }

  /** Ends the thread. */
  async dispose(): Promise<void> {
    await this.worker?.terminate();
  }
}

function refused(code: 'budget' | 'malformed', message: string): string {
  return JSON.stringify({ ok: false, code, message } satisfies Answer);
}

function describeFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return refused('budget', 'Out of memory');
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return JSON.stringify({
    ok: false,
    code: 'malformed',
    message: `Internal failure: ${message}`,
    internal: true,
  } satisfies Answer);
}
