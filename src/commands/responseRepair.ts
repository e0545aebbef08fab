import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import type { SigningResponse } from '../pki/signingResponse.js';
import type { FoundIssuer, IssuerSource } from '../services/issuers.js';
import { uploadLimits } from '../tenant/keystoreClient.js';
import { unreadTexts } from '../ui/unreadText.js';
import { chainChanges, placeOf } from './chainText.js';
import type { ActionContext } from './environment.js';

/** Where missing issuers are looked for; `onGap` gets what could not be looked at, in sentences for people. */
export interface RepairPorts {
  readonly issuerSources: (onGap: (told: string) => void) => readonly IssuerSource[];
}

/** What is to be repaired, and which authorities count. */
export interface RepairSubject {
  readonly read: SigningResponse;
  readonly isListed: (certificate: Certificate) => boolean;
}

/** What is sent, what was changed for it, and certificates at hand for the verdict. */
export interface RepairedResponse {
  readonly response: SigningResponse;
  readonly lines: readonly string[];
  readonly extra: readonly Certificate[];
}

/** Order, strangers, missing issuers; the file itself is sent where nothing was to be done. */
export async function repairResponse(
  { read, isListed }: RepairSubject,
  ports: RepairPorts,
  { withProgress }: ActionContext,
): Promise<RepairedResponse> {
  const [{ gatherIssuers }, { repairChain }, { withChain }] = await Promise.all([
    import('../services/issuers.js'),
    import('../pki/chainRepair.js'),
    import('../pki/signingResponse.js'),
  ]);
  const leafSpkiSha256 = read.leaf?.spkiSha256;
  const gaps: string[] = [];
  const sources = ports.issuerSources((told) => gaps.push(told));
  const found: readonly FoundIssuer[] = await withProgress(l10n.t('Completing the chain'), ({ signal }) =>
    gatherIssuers(read.certificates, { leafSpkiSha256, sources, signal }),
  );
  const pool = found.map(({ certificate }) => certificate);
  // A PKI path has the leaf last, and that is its right order.
  const given = read.form === 'pkipath' ? [...read.certificates].reverse() : read.certificates;
  const attempt = (root: 'keep' | 'leaveOut'): RepairedResponse => {
    const repaired = repairChain(given, { leafSpkiSha256, pool, root, from: placeOf(found), isListed });
    const response = repaired.changes.length === 0 ? read : withChain(read, repaired);
    return {
      response,
      lines: [...unreadTexts(read.unread), ...chainChanges(repaired), ...response.notes, ...gaps],
      extra: [...pool, ...read.certificates],
    };
  };
  const kept = attempt('keep');
  const limit = uploadLimits.signingResponse;
  if (kept.response.body.length <= limit) {
    return kept;
  }
  const smaller = attempt('leaveOut');
  if (smaller.response.body.length > limit) {
    throw new KeystoreError('too-large', 'the response exceeds the limit', {
      details: {
        explanation: l10n.t(
          'It has {0} bytes, without the root too; the tenant takes at most {1}.',
          smaller.response.body.length,
          limit,
        ),
      },
    });
  }
  return smaller;
}
