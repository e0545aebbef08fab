import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import { wait as realWait, type Wait } from '../http/waiting.js';
import type { CfApi } from './cfApi.js';
import { goneText, nameTakenText, type CfOperation } from './cfErrorWords.js';
import { jobFailure } from './cfErrors.js';
import { readJob, watch, type WatchEnd, type WatchOptions } from './cfJobs.js';
import { operationMark, type CfLastOperation } from './cfResources.js';
import {
  deleteServiceInstanceRequest,
  findServiceInstance,
  patchServiceInstance,
  postServiceInstance,
  readServiceInstance,
} from './cfServiceInstances.js';
import { deleteServiceKeyRequest, findServiceKey, postServiceKey, readServiceKey } from './cfServiceKeys.js';
import type { CfOrder, CfTask } from './cfTasks.js';
import { readTaskState, type CfTaskState } from './cfTaskState.js';

/** How a change ended, as far as it was watched. */
export type CfOutcome =
  | {
      readonly kind: 'done';
      /** Of the instance or key; undefined where it is deleted. */
      readonly guid: string | undefined;
      /** True where an answer was lost and only reading back told what happened. */
      readonly answerLost: boolean;
    }
  /** The server goes on; `followTask` finds it again. */
  | { readonly kind: 'goesOn'; readonly task: CfTask; readonly because: WatchEnd };

export interface OrderOptions extends WatchOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Hears of the task once Cloud Foundry has taken it on, before it is watched: the place to store it. */
  readonly onStarted?: (task: CfTask) => void | Promise<void>;
}

/**
 * Makes a change and watches it to its end. Nothing is made twice: a name is looked up before, a request is never sent a
 * second time, and where its answer is lost the state is read and told as it is: a result with `answerLost`, an error with
 * `performed: 'no'`, or `answer-lost` where even reading failed. A job that fails is an error with what the service says.
 */
export async function runOrder(api: CfApi, order: CfOrder, options: OrderOptions): Promise<CfOutcome> {
  const task = await startOrder(api, order, options);
  await options.onStarted?.(task);
  return await followTask(api, task, options);
}

/** Asks Cloud Foundry for a change; returns once it has taken it on. */
export async function startOrder(
  api: CfApi,
  order: CfOrder,
  options: { readonly signal: AbortSignal; readonly clock?: () => number; readonly wait?: Wait },
): Promise<CfTask> {
  const { signal, clock = Date.now, wait = realWait } = options;
  const before = await checkBefore(api, order, signal);
  const task = { ...targetOf(order), startedAt: clock(), before };
  if (before === undefined) {
    return { ...task, jobUrl: undefined, answerLost: false };
  }
  try {
    return { ...task, jobUrl: await send(api, order, signal), answerLost: false };
  } catch (error) {
    if (KeystoreError.is(error, 'not-found') && isDeletion(order)) {
      // It is gone already, which is what was asked for.
      return { ...task, jobUrl: undefined, answerLost: false };
    }
    if (!KeystoreError.is(error, 'answer-lost')) {
      throw error;
    }
    const state = await readBack(api, task, { lost: error, wait });
    if (state.kind !== 'notBegun') {
      return { ...task, jobUrl: undefined, answerLost: true };
    }
    if (error.details.cancelled === true) {
      throw new Cancelled();
    }
    throw new KeystoreError('answer-lost', 'the answer was lost and the change is not there', {
      cause: error,
      details: {
        where: 'cf',
        performed: 'no',
        explanation: l10n.t(
          'The answer of Cloud Foundry was lost. Reading back shows that nothing was done with "{0}". You can try again.',
          task.name,
        ),
      },
    });
  }
}

/** Watches a change that Cloud Foundry has taken on, also one of an earlier session; throws where it failed. */
export async function followTask(api: CfApi, task: CfTask, options: WatchOptions): Promise<CfOutcome> {
  let jobUrl = task.jobUrl;
  const watched = await watch<CfOutcome | KeystoreError>(async (signal) => {
    if (jobUrl !== undefined) {
      const job = await readJob(api, jobUrl, signal);
      if (job?.state === 'FAILED') {
        return { result: jobFailure(job.errors, operationOf(task), await remains(api, task, signal)) };
      }
      if (job !== undefined && job.state !== 'COMPLETE') {
        return { state: job.state };
      }
      // Complete, or cleared away: the instance or key itself tells the rest.
      jobUrl = undefined;
    }
    const state = await readTaskState(api, task, signal);
    switch (state.kind) {
      case 'underWay':
        return { state: state.state };
      case 'done':
        return { result: { kind: 'done', guid: state.guid, answerLost: task.answerLost } };
      case 'failed':
        return { result: failed(task, state) };
      case 'notBegun':
        return { result: notThere(task) };
    }
  }, options);
  if ('goesOn' in watched) {
    return { kind: 'goesOn', task, because: watched.goesOn };
  }
  if (watched.result instanceof KeystoreError) {
    throw watched.result;
  }
  return watched.result;
}

/** What to tell a person who no longer watches a change. */
export function goesOnText(task: CfTask, because: WatchEnd): string {
  switch (because) {
    case 'cancelled':
      return l10n.t(
        'Cloud Foundry goes on with "{0}": what it has begun cannot be cancelled from here. The view shows the result after a refresh.',
        task.name,
      );
    case 'timeLimit':
      return l10n.t(
        'Cloud Foundry still works on "{0}" and goes on with it. The view shows the result after a refresh.',
        task.name,
      );
    case 'notReachable':
      return l10n.t(
        'Cloud Foundry has taken on "{0}" and goes on with it, but cannot be reached any more. Refresh the view later.',
        task.name,
      );
  }
}

/** The mark of the last operation before a change; undefined where what is to be deleted is gone already. */
async function checkBefore(api: CfApi, order: CfOrder, signal: AbortSignal): Promise<string | undefined> {
  switch (order.kind) {
    case 'createInstance': {
      const { name, spaceGuid } = order.instance;
      if ((await findServiceInstance(api, { name, spaceGuid }, signal)) !== undefined) {
        throw taken(name, nameTakenText('createInstance', name));
      }
      return operationMark(undefined);
    }
    case 'createKey': {
      const { name, instanceGuid } = order.key;
      if ((await findServiceKey(api, { name, instanceGuid }, signal)) !== undefined) {
        throw taken(name, nameTakenText('createKey', name));
      }
      return operationMark(undefined);
    }
    case 'deleteInstance':
      return markOf(await readServiceInstance(api, order.instance.guid, signal));
    case 'deleteKey':
      return markOf(await readServiceKey(api, order.key.guid, signal));
    case 'updateInstance': {
      const { guid, name } = order.instance;
      const mark = markOf(await readServiceInstance(api, guid, signal));
      if (mark === undefined) {
        throw new KeystoreError('not-found', 'the service instance is gone', {
          details: { where: 'cf', performed: 'no', explanation: goneText(name) },
        });
      }
      return mark;
    }
  }
}

function markOf(
  resource: { readonly lastOperation: CfLastOperation | undefined } | undefined,
): string | undefined {
  return resource === undefined ? undefined : operationMark(resource.lastOperation);
}

function taken(name: string, explanation: string): KeystoreError {
  return new KeystoreError('already-exists', 'the name is taken', {
    details: { where: 'cf', name, performed: 'no', explanation },
  });
}

async function send(api: CfApi, order: CfOrder, signal: AbortSignal): Promise<string | undefined> {
  switch (order.kind) {
    case 'createInstance':
      return await postServiceInstance(api, order.instance, signal);
    case 'updateInstance':
      return await patchServiceInstance(api, order.instance, order.parameters, signal);
    case 'deleteInstance':
      return await deleteServiceInstanceRequest(api, order.instance, signal);
    case 'createKey':
      return await postServiceKey(api, order.key, signal);
    case 'deleteKey':
      return await deleteServiceKeyRequest(api, order.key, signal);
  }
}

function targetOf(order: CfOrder): Pick<CfTask, 'kind' | 'name' | 'guid'> {
  const { kind } = order;
  switch (kind) {
    case 'createInstance':
      return { kind, name: order.instance.name, guid: order.instance.spaceGuid };
    case 'createKey':
      return { kind, name: order.key.name, guid: order.key.instanceGuid };
    case 'updateInstance':
    case 'deleteInstance':
      return { kind, name: order.instance.name, guid: order.instance.guid };
    case 'deleteKey':
      return { kind, name: order.key.name, guid: order.key.guid };
  }
}

function isDeletion({ kind }: Pick<CfTask, 'kind'>): boolean {
  return kind === 'deleteInstance' || kind === 'deleteKey';
}

/** Looks three times, with a signal of its own: a request without answer may still be on its way, or be cancelled. */
async function readBack(
  api: CfApi,
  task: Pick<CfTask, 'kind' | 'name' | 'guid' | 'before'>,
  { lost, wait }: { readonly lost: KeystoreError; readonly wait: Wait },
): Promise<CfTaskState> {
  const { signal } = new AbortController();
  try {
    for (let count = 1; ; count++) {
      const state = await readTaskState(api, task, signal);
      if (state.kind !== 'notBegun' || count === 3) {
        return state;
      }
      await wait(2_000, signal);
    }
  } catch (error) {
    throw new KeystoreError('answer-lost', 'the state could not be read back', {
      cause: error,
      details: {
        where: 'cf',
        performed: 'unknown',
        reason: lost.details.reason,
        explanation: l10n.t(
          'The answer of Cloud Foundry was lost, and reading back failed as well: it is not known what was done with "{0}". Refresh the view before you try again.',
          task.name,
        ),
      },
    });
  }
}

function operationOf({ kind, name }: CfTask): CfOperation {
  return { kind: 'write', what: kind, name };
}

/** What a failed change left behind; undefined where nothing is known. */
async function remains(api: CfApi, task: CfTask, signal: AbortSignal): Promise<string | undefined> {
  try {
    const state = await readTaskState(api, task, signal);
    return remainsText(task, state.kind === 'failed' && state.remains);
  } catch {
    return undefined;
  }
}

function remainsText({ kind, name }: CfTask, isThere: boolean): string | undefined {
  if (!isThere) {
    return undefined;
  }
  switch (kind) {
    case 'createInstance':
      return l10n.t(
        'An instance "{0}" that cannot be used is left; delete it before you use the name again.',
        name,
      );
    case 'createKey':
      return l10n.t(
        'A key "{0}" that cannot be used is left; delete it before you use the name again.',
        name,
      );
    case 'updateInstance':
      return l10n.t('"{0}" keeps what it had before.', name);
    case 'deleteInstance':
    case 'deleteKey':
      return l10n.t('"{0}" is still there.', name);
  }
}

function failed(task: CfTask, state: Extract<CfTaskState, { kind: 'failed' }>): KeystoreError {
  const errors =
    state.description === undefined ? [] : [{ code: undefined, title: '', detail: state.description }];
  return jobFailure(errors, operationOf(task), remainsText(task, state.remains));
}

function notThere(task: CfTask): KeystoreError {
  return new KeystoreError('rejected', 'the change cannot be seen', {
    details: {
      where: 'cf',
      explanation: isDeletion(task)
        ? l10n.t(
            '"{0}" is still there, and nothing shows that it is being deleted. Refresh the view.',
            task.name,
          )
        : l10n.t(
            'Cloud Foundry reports no error, but nothing shows the change of "{0}": it may have been undone. Refresh the view.',
            task.name,
          ),
    },
  });
}
