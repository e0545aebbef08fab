import { Cancelled } from '../../src/errors.js';
import { failureMessage } from '../../src/ui/failureMessage.js';
import type { Prompts } from '../../src/ui/prompts.js';
import type { Action } from '../../src/ui/runAction.js';

/** Runs an action as `ActionRunner` does, without its log and its buttons: cancelling is silent, a failure is one message. */
export async function runAction(prompts: Prompts, { title, tenant, run }: Action): Promise<void> {
  const { signal } = new AbortController();
  try {
    await run({ signal, withProgress: (_, work) => work({ signal, report: () => undefined }) });
  } catch (error) {
    if (!(error instanceof Cancelled)) {
      await prompts.error(failureMessage(error, title, tenant?.name).text);
    }
  }
}
