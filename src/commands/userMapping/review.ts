import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { neoRolePlace } from '../../inbound/neoRole.js';
import { mappingsSize, type UserMapping } from '../../inbound/userMapping.js';
import type { Connection } from '../../services/connection.js';
import { gatherIssuers } from '../../services/issuers.js';
import { certificateSizeProblem, mappingId, sentCertificate } from '../../tenant/certificateUserMappings.js';
import { certificateFacts } from '../change/facts.js';
import type { SenderCertificate } from '../cloudFoundry/senderCertificate.js';
import type { ActionContext, Environment } from '../environment.js';
import { verdictLines } from '../verdict.js';
import type { UserMappingPorts } from './ports.js';

/** A mapping that is to be made, and what is there. */
export interface PlannedMapping {
  readonly connection: Connection;
  readonly sender: SenderCertificate;
  readonly user: string;
  readonly all: readonly UserMapping[];
  /** What the endpoints ask of the user. */
  readonly roles: string;
}

/** The mapping that the certificate has already; undefined where it has none. */
export function existingMapping({
  sender,
  all,
}: Pick<PlannedMapping, 'sender' | 'all'>): UserMapping | undefined {
  return all.find(
    ({ id, certificate }) => id === mappingId(sender.leaf.der) || certificate?.sha256 === sender.leaf.sha256,
  );
}

/** All that is to be known before it is sent, one thought a line; throws `refused` for what the tenant would not take. */
export async function reviewMapping(
  environment: Environment,
  plan: PlannedMapping,
  ports: UserMappingPorts,
  { withProgress }: ActionContext,
): Promise<readonly string[]> {
  const { connection, sender, user, all, roles } = plan;
  const { leaf, chain, others, option } = sender;
  demandRoom(plan);
  const existing = existingMapping(plan);
  const extra = await withProgress(l10n.t('Judging the certificate'), ({ signal }) =>
    gatherIssuers(chain, { sources: ports.issuerSources(() => undefined), signal }),
  );
  const same = all.filter((mapping) => mapping.user === user && mapping !== existing).length;
  return [
    ...(existing === undefined
      ? []
      : [
          l10n.t('User now: {0}', existing.user),
          l10n.t('User new: {0}', user),
          l10n.t('SAP overwrites the user without a question: the sender calls as the new one at once.'),
        ]),
    ...certificateFacts(leaf),
    l10n.t('Identifier in the tenant (MD5): {0}', mappingId(leaf.der)),
    ...(chain.length + others.length > 1
      ? [l10n.t("Only the sender's own certificate is sent, not the others that came along.")]
      : []),
    ...(same === 0
      ? []
      : [
          same === 1
            ? l10n.t('The user has 1 certificate already, which goes on working.')
            : l10n.t('The user has {0} certificates already, which go on working.', same),
        ]),
    ...(await verdictLines(environment, connection, {
      chain,
      extra: [...others, ...extra.map(({ certificate }) => certificate)],
      purpose: 'neo',
      option,
    })),
    l10n.t('The user needs the role {0}. {1}', roles, neoRolePlace(user, roles)),
  ];
}

function demandRoom({ sender, all, connection, ...plan }: PlannedMapping): void {
  const { der } = sender.leaf;
  const problem = certificateSizeProblem(der);
  const existing = existingMapping({ sender, all });
  const { used, limit } = mappingsSize(all);
  const after = used - (existing?.size ?? 0) + sentCertificate(der).length;
  if (problem !== undefined || after > limit) {
    throw new KeystoreError('refused', 'the tenant has no room for the mapping', {
      details: {
        performed: 'no',
        explanation:
          problem ??
          l10n.t(
            'With the mapping of "{0}" all mappings of "{1}" would take {2} KB, and the tenant has {3} KB for them. Delete mappings that nobody uses first.',
            plan.user,
            connection.name,
            Math.ceil(after / 1024),
            limit / 1024,
          ),
      },
    });
  }
}
