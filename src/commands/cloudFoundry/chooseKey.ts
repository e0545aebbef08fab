import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { listServiceKeys, readServiceKey, type CfServiceKey } from '../../platform/cfServiceKeys.js';
import type { ActionContext, Environment } from '../environment.js';
import { serviceKeyTargetOf } from '../inboundTargets.js';
import { plainLabel } from '../targets.js';
import { chooseInstance, type InstanceTarget } from './instances.js';
import type { Workplace } from './session.js';

/** A service key with its instance. */
export interface KeyTarget extends InstanceTarget {
  readonly key: CfServiceKey;
}

/** The key of a row, else the one that the person picks. */
export async function chooseKey(
  environment: Environment,
  workplace: Workplace,
  argument: unknown,
  { title, context }: { readonly title: string; readonly context: ActionContext },
): Promise<KeyTarget> {
  const { api } = workplace.access;
  const given = serviceKeyTargetOf(argument);
  const target = await chooseInstance(environment, workplace, argument, { title, context });
  const { instance } = target;
  const keys = await context.withProgress(l10n.t('Reading service keys'), async ({ signal }) => {
    if (given === undefined) {
      return (await listServiceKeys(api, { instanceGuids: [instance.guid] }, { signal })).resources;
    }
    const key = await readServiceKey(api, given.keyGuid, signal);
    return key === undefined ? [] : [key];
  });
  const [only] = keys;
  if (only === undefined) {
    throw new KeystoreError('not-found', 'there is no such key', {
      details: {
        where: 'cf',
        explanation:
          given === undefined
            ? l10n.t('The service instance "{0}" has no service key.', instance.name)
            : l10n.t('The service key is not there any more. Refresh the view.'),
      },
    });
  }
  if (given !== undefined) {
    return { ...target, key: only };
  }
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Service key of "{0}"', instance.name),
    items: keys.map((key) => ({
      label: plainLabel(key.name),
      ...(key.createdAt === undefined
        ? {}
        : { description: l10n.t('created on {0}', key.createdAt.toISOString().slice(0, 10)) }),
      value: key,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return { ...target, key: answer.value };
}
