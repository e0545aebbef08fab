import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled, KeystoreError, type ErrorCode } from '../../errors.js';
import type { Connection } from '../../services/connection.js';
import { visibleText } from '../../ui/visibleText.js';
import type { ActionContext, Environment } from '../environment.js';
import { baseName } from '../fileName.js';

/** One of several files, and what adds it. */
export interface FileTask {
  readonly uri: Uri;
  /** Names command and file, for a failure. */
  readonly title: string;
  /** Calls `begun` when something of the file is in the tenant, though not all. */
  readonly add: (context: ActionContext, begun: () => void) => Promise<void>;
}

/** Failures that the next file would meet as well. */
const tenantFailures: ReadonlySet<ErrorCode> = new Set([
  ...(['signed-out', 'stale', 'unauthorized', 'forbidden'] as const),
  ...(['offline', 'timeout', 'untrusted-server', 'rate-limited'] as const),
]);

/** What became of one file; `ended` where the person, or the tenant, has had enough. */
interface Outcome {
  readonly state: 'added' | 'failed' | 'cancelled' | 'ended';
  readonly isBegun: boolean;
}

/**
 * Adds files one after the other. One alone fails as it does. Of several, a failure is told with the file's name and the next one
 * follows; cancelling one ends the series, as does a failure that is the tenant's. What was not added is named in one message, from
 * which the rest can be gone on with.
 */
export async function addFiles(
  environment: Environment,
  connection: Connection,
  tasks: readonly FileTask[],
  context: ActionContext,
): Promise<void> {
  const [only] = tasks;
  if (only !== undefined && tasks.length === 1) {
    await only.add(context, () => undefined);
    return;
  }
  await addSeveral(environment, connection, tasks);
}

async function addSeveral(
  environment: Environment,
  connection: Connection,
  tasks: readonly FileTask[],
): Promise<void> {
  const missing: FileTask[] = [];
  const begun: FileTask[] = [];
  let rest: readonly FileTask[] = [];
  for (const [index, task] of tasks.entries()) {
    const { state, isBegun } = await addOne(environment, connection, task);
    if (state !== 'added') {
      (isBegun ? begun : missing).push(task);
    }
    if (state === 'cancelled' || state === 'ended') {
      missing.push(...tasks.slice(index + 1));
      // What the person cancelled is not asked again; what the tenant did not let through is.
      rest = tasks.slice(state === 'cancelled' ? index + 1 : index);
      break;
    }
  }
  if (missing.length + begun.length > 0) {
    tell(environment, connection, { count: tasks.length, missing, begun, rest });
  }
}

/** Runs one file as an action of its own, which tells its failure and writes it to the log. */
async function addOne(
  { run }: Environment,
  { id, name }: Connection,
  { title, add }: FileTask,
): Promise<Outcome> {
  let state: Outcome['state'] = 'added';
  let isBegun = false;
  const action = {
    title,
    tenant: { id, name },
    run: (context: ActionContext) =>
      add(context, () => {
        isBegun = true;
      }),
    retry: () => void run(action),
  };
  await run({
    ...action,
    run: async (context) => {
      try {
        await action.run(context);
      } catch (error) {
        state = stateAfter(error);
        throw error;
      }
    },
  });
  return { state, isBegun };
}

function stateAfter(error: unknown): Outcome['state'] {
  if (error instanceof Cancelled) {
    return 'cancelled';
  }
  return KeystoreError.is(error) && tenantFailures.has(error.code) ? 'ended' : 'failed';
}

function tell(
  environment: Environment,
  connection: Connection,
  result: {
    readonly count: number;
    readonly missing: readonly FileTask[];
    readonly begun: readonly FileTask[];
    readonly rest: readonly FileTask[];
  },
): void {
  const { count, missing, begun, rest } = result;
  const added = count - missing.length - begun.length;
  const told = [
    missing.length === 0
      ? l10n.t('{0} of {1} files were added.', added, count)
      : l10n.t('{0} of {1} files were added; not added: {2}.', added, count, namesOf(missing)),
    ...(begun.length === 0 ? [] : [l10n.t('Added in part only: {0}.', namesOf(begun))]),
  ].join(' ');
  const [next] = rest;
  const goOn = l10n.t('Go On with the Rest');
  void environment.prompts.inform(told, ...(next === undefined ? [] : [goOn])).then((chosen) => {
    if (chosen === goOn && next !== undefined) {
      void environment.run({
        title: next.title,
        tenant: { id: connection.id, name: connection.name },
        run: () => addSeveral(environment, connection, rest),
      });
    }
  });
}

const shownNames = 10;

function namesOf(tasks: readonly FileTask[]): string {
  const names = tasks.slice(0, shownNames).map(({ uri }) => visibleText(baseName(uri)));
  const others = tasks.length - names.length;
  return [...names, ...(others === 0 ? [] : [l10n.t('… and {0} more', others)])].join(', ');
}
