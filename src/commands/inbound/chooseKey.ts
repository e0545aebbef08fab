import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { placedKeys, type PlacedKey } from '../../inbound/inboundClients.js';
import { subjectOf } from '../../inbound/keyContent.js';
import type { Connection } from '../../services/connection.js';
import { findKey, type InboundData } from '../../services/inboundState.js';
import type { ActionContext, Environment } from '../environment.js';
import { keyOfRow } from '../inboundTargets.js';
import { chooseTenant, plainLabel } from '../targets.js';
import type { InboundPorts } from './ports.js';

/** A service key that a command works on. */
export interface KeyTarget extends PlacedKey {
  readonly connection: Connection;
  readonly data: InboundData;
}

/** The tenant of the row, else one whose Cloud Foundry the person is signed in to. */
export async function chooseSignedInTenant(
  environment: Environment,
  argument: unknown,
  title: string,
): Promise<Connection> {
  const { cloudFoundry, connections } = environment;
  const isSignedIn = ({ id }: Connection): boolean => cloudFoundry.state(id).kind === 'signedIn';
  if (!connections.list().some(isSignedIn)) {
    throw new KeystoreError('signed-out', 'nobody is signed in to Cloud Foundry', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'Service keys stand in Cloud Foundry, and you are not signed in. Run "Sign In to Cloud Foundry…" first.',
        ),
      },
    });
  }
  return await chooseTenant(environment, argument, title, isSignedIn);
}

/** The service key of the row, else the one that the person picks; what it holds has been read. */
export async function chooseKey(
  environment: Environment,
  argument: unknown,
  { clients }: Pick<InboundPorts, 'clients'>,
  options: { readonly title: string; readonly suits?: (placed: PlacedKey) => boolean },
  context: ActionContext,
): Promise<KeyTarget> {
  const target = keyOfRow(argument);
  const connection = await chooseSignedInTenant(environment, argument, options.title);
  const data = await context.withProgress(l10n.t('Reading service keys'), () =>
    clients.ensure(connection.id, context.signal),
  );
  const placed =
    target === undefined ? await pickKey(environment, data, options) : findKey(data, target.keyGuid);
  if (placed === undefined) {
    throw gone();
  }
  if (placed.key.reading.kind === 'notRead') {
    await context.withProgress(l10n.t('Reading "{0}"', placed.key.name), () =>
      clients.readKey(connection.id, placed.key.guid),
    );
    Cancelled.throwIfAborted(context.signal);
  }
  const now = clients.data(connection.id);
  const found = findKey(now, placed.key.guid);
  if (now === undefined || found === undefined) {
    throw gone();
  }
  const failure = clients.tenant(connection.id)?.failedKeys.get(found.key.guid);
  if (failure !== undefined) {
    throw new KeystoreError(failure.code, 'the service key could not be read', {
      details: { where: 'cf', explanation: failure.explanation },
    });
  }
  return { ...found, connection, data: now };
}

async function pickKey(
  environment: Environment,
  data: InboundData,
  { title, suits = () => true }: { readonly title: string; readonly suits?: (placed: PlacedKey) => boolean },
): Promise<PlacedKey | undefined> {
  const suitable = placedKeys(data.instances).filter(suits);
  if (suitable.length === 0) {
    throw new KeystoreError('refused', 'no suitable service key', {
      details: { explanation: l10n.t('There is no service key for this in the chosen space.') },
    });
  }
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Service key'),
    items: suitable.map((value) => {
      const { reading } = value.key;
      const subject = reading.kind === 'read' ? subjectOf(reading.content) : undefined;
      return {
        label: plainLabel(value.key.name),
        description: plainLabel(value.instance.name),
        ...(subject === undefined ? {} : { detail: plainLabel(subject) }),
        value,
      };
    }),
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

/** For a key that was there and is not any more. */
export function gone(): KeystoreError {
  return new KeystoreError('not-found', 'the service key is gone', {
    details: {
      where: 'cf',
      explanation: l10n.t('The service key is not there any more. Refresh the view.'),
    },
  });
}
