import type { ActionContext } from '../../src/ui/runAction.js';

/** What an action is run with in plain Node: progress is shown nowhere, and nobody cancels. */
export const actionContext: ActionContext = {
  signal: new AbortController().signal,
  withProgress: (_, work) => work({ signal: new AbortController().signal, report: () => undefined }),
};
