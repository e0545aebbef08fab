import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import { gatherIssuers, tenantIssuers } from '../../services/issuers.js';
import type { ActionContext, Environment } from '../environment.js';
import type { SenderCertificate } from './senderCertificate.js';

/** A file with the sender's certificate alone is common; the rest of its chain may be in a keystore. */
export async function issuersOf(
  { connections, keystores }: Environment,
  { chain }: SenderCertificate,
  { withProgress }: ActionContext,
): Promise<readonly Certificate[]> {
  const found = await withProgress(l10n.t('Looking for the issuers of the certificate'), ({ signal }) =>
    gatherIssuers(chain, {
      leafSpkiSha256: chain[0]?.spkiSha256,
      sources: [tenantIssuers(connections, keystores, () => undefined)],
      signal,
    }),
  );
  return found.map(({ certificate }) => certificate);
}

/** The lists by which the certificate is judged, or why it is not. */
export async function listsOrReason(
  read: () => ReturnType<Environment['trust']>,
  isNeeded: boolean,
): Promise<{
  readonly lists: Awaited<ReturnType<Environment['trust']>> | undefined;
  readonly notJudged: string | undefined;
}> {
  if (!isNeeded) {
    return { lists: undefined, notJudged: undefined };
  }
  try {
    return { lists: await read(), notJudged: undefined };
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const { explanation } = error.details;
    return { lists: undefined, notJudged: typeof explanation === 'string' ? explanation : error.message };
  }
}
