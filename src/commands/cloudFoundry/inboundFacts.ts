import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { InboundInstance } from '../../inbound/inboundClients.js';
import { inParallel } from '../../services/inParallel.js';
import { listInbound, parallelRequests, readKey, type InboundList } from '../../services/inboundReader.js';
import type { KnownKeys } from '../../services/keyMemory.js';
import type { ActionContext, Environment } from '../environment.js';
import type { Workplace } from './session.js';

/** Every key that the person may see, as far as it could be read. */
export interface InboundFacts {
  readonly instances: readonly InboundInstance[];
  /** False where only a part was listed. */
  readonly isEverySpace: boolean;
}

/** From so many unread keys on the person is asked before they are read. */
const askFrom = 100;

/** Lists the instances and keys of every space, without what the keys hold. */
export async function listEverySpace(
  { access }: Workplace,
  { withProgress }: ActionContext,
): Promise<InboundList> {
  return await withProgress(l10n.t('Reading service instances and keys'), ({ signal, report }) =>
    listInbound(
      access.api,
      { kind: 'everySpace' },
      { signal, onProgress: ({ keys }) => report(l10n.t('{0} keys', keys)) },
    ),
  );
}

/**
 * Reads what each key holds that is not known yet; many are read only where the person agrees. Where they decline or cancel, what
 * was not read stays unread, and checks that need it answer "cannot tell".
 */
export async function readInboundFacts(
  { prompts }: Pick<Environment, 'prompts'>,
  { access }: Workplace,
  { list, known, title }: { readonly list: InboundList; readonly known: KnownKeys; readonly title: string },
  { withProgress }: ActionContext,
): Promise<InboundFacts> {
  const refused: KnownKeys = new Map();
  const unread = list.instances.flatMap(({ keys }) => keys).filter(({ guid }) => !known.has(guid));
  if (unread.length < askFrom || (await isWished(prompts, title, unread.length))) {
    await withProgress(
      l10n.t('Comparing with the service keys of all spaces'),
      async ({ signal, report }) => {
        let done = 0;
        try {
          await inParallel(unread, parallelRequests, async (key) => {
            Cancelled.throwIfAborted(signal);
            const found = await readKey(access.api, key, list.plans.get(key.instanceGuid), signal);
            (found.reading.kind === 'read' ? known : refused).set(key.guid, found);
            done++;
            report(l10n.t('{0} of {1} keys; cancelling leaves the rest unread', done, unread.length));
          });
        } catch (error) {
          if (!(error instanceof Cancelled)) {
            throw error;
          }
        }
      },
    );
  }
  return knownInboundFacts({ list, known: new Map([...refused, ...known]) });
}

/** What is known of the keys without reading any. */
export function knownInboundFacts({
  list,
  known,
}: {
  readonly list: InboundList;
  readonly known: KnownKeys;
}): InboundFacts {
  return {
    isEverySpace: list.isEverySpace && list.isComplete,
    instances: list.instances.map((instance) => ({
      ...instance,
      keys: instance.keys.map((key) => ({ ...key, ...known.get(key.guid) })),
    })),
  };
}

/** Cloud Foundry counts requests by the hour, so thousands of them are not sent unasked. */
async function isWished(prompts: Environment['prompts'], title: string, count: number): Promise<boolean> {
  const answer = await prompts.pick<boolean>({
    title,
    placeholder: l10n.t(
      'Whether the certificate is in a key already, or clashes with one, stands in the keys',
    ),
    items: [
      {
        label: l10n.t('Compare with all {0} keys', count),
        detail: l10n.t(
          'Up to {0} requests to Cloud Foundry, once in this window; it can be cancelled at any time',
          2 * count,
        ),
        value: true,
      },
      {
        label: l10n.t('Go on without'),
        detail: l10n.t('The review then says "not known" where it takes what the keys hold'),
        value: false,
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}
