import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import type { InboundInstance, InboundKey } from '../../inbound/inboundClients.js';
import { inParallel } from '../../services/inParallel.js';
import { listInbound, parallelRequests, readKey } from '../../services/inboundReader.js';
import type { ActionContext } from '../environment.js';
import type { Workplace } from './session.js';

/** Every key that the person may see, as far as it could be read. */
export interface InboundFacts {
  readonly instances: readonly InboundInstance[];
  /** False where only a part was listed. */
  readonly isEverySpace: boolean;
}

/** What keys hold, by guid: a key never changes, so each is read once. */
export type KnownKeys = Map<string, Pick<InboundKey, 'reading' | 'pinning'>>;

/**
 * Lists every space and reads what each key holds that is not known yet. Where the person cancels, what was not read stays
 * unread, and checks that need it answer "cannot tell".
 */
export async function readInboundFacts(
  { access }: Workplace,
  known: KnownKeys,
  { withProgress }: ActionContext,
): Promise<InboundFacts> {
  return await withProgress(
    l10n.t('Comparing with the service keys of all spaces'),
    async ({ signal, report }) => {
      const list = await listInbound(
        access.api,
        { kind: 'everySpace' },
        { signal, onProgress: ({ keys }) => report(l10n.t('{0} keys', keys)) },
      );
      const all = list.instances.flatMap(({ keys }) => keys);
      const unread = all.filter(({ guid }) => !known.has(guid));
      let done = 0;
      try {
        await inParallel(unread, parallelRequests, async (key) => {
          Cancelled.throwIfAborted(signal);
          const found = await readKey(access.api, key, list.plans.get(key.instanceGuid), signal);
          if (found.reading.kind === 'read') {
            known.set(key.guid, found);
          }
          done++;
          report(l10n.t('{0} of {1} keys; cancelling leaves the rest unread', done, unread.length));
        });
      } catch (error) {
        if (!(error instanceof Cancelled)) {
          throw error;
        }
      }
      return {
        isEverySpace: list.isEverySpace && list.isComplete,
        instances: list.instances.map((instance) => ({
          ...instance,
          keys: instance.keys.map((key) => ({ ...key, ...known.get(key.guid) })),
        })),
      };
    },
  );
}
