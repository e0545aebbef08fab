import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import { placedKeys, type InboundInstance } from '../../inbound/inboundClients.js';
import { proposeKeyName } from '../../inbound/keyNames.js';
import type { RenewalPlan, RenewalStanding } from '../../inbound/renewalPlan.js';
import { certificateLabel } from '../chainText.js';
import type { KeyPorts } from '../cloudFoundry/createKey.js';
import { listEverySpace, readInboundFacts } from '../cloudFoundry/inboundFacts.js';
import { judgeKey, type KeyReview } from '../cloudFoundry/keyReview.js';
import { issuersOf, listsOrReason } from '../cloudFoundry/keyVerdict.js';
import { neededRole } from '../cloudFoundry/neededRole.js';
import type { SenderCertificate } from '../cloudFoundry/senderCertificate.js';
import { requireWorkplace, type Workplace } from '../cloudFoundry/session.js';
import { chooseCloudFoundryTenant } from '../cloudFoundry/tenant.js';
import type { ActionContext, Environment } from '../environment.js';

/**
 * Shows the verdict on the renewed certificate and its conflicts with all keys but the one that it renews, as the creation of a key
 * does, whether a second key takes it or the old one; `Cancelled` where the person does not want it then. Where the old key is
 * gone, the new key's own creation reviews it.
 */
export async function reviewRenewal(
  environment: Environment,
  renewal: {
    readonly plan: RenewalPlan;
    readonly sender: SenderCertificate;
    readonly standing: RenewalStanding;
  },
  ports: KeyPorts,
  context: ActionContext,
): Promise<void> {
  const { plan, standing } = renewal;
  const title = l10n.t('Renewal of "{0}"', plan.oldName);
  const connection = await chooseCloudFoundryTenant(environment, { tenantId: plan.tenantId }, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const facts = await readInboundFacts(
    environment,
    workplace,
    { list: await listEverySpace(workplace, context), known: ports.memory.of(plan.tenantId), title },
    context,
  );
  ports.memory.tell(plan.tenantId, ports);
  const own = placedKeys(facts.instances).find(({ key }) => key.guid === plan.oldId);
  if (own === undefined) {
    return;
  }
  const without = (instance: InboundInstance): InboundInstance => ({
    ...instance,
    keys: instance.keys.filter(({ guid }) => guid !== plan.oldId),
  });
  const review = await reviewOf(environment, renewal, {
    workplace,
    instance: without(own.instance),
    facts: { ...facts, instances: facts.instances.map(without) },
    ports,
    context,
  });
  const agreed = await environment.prompts.confirm({
    message: l10n.t('Renew "{0}" with this certificate?', plan.oldName),
    detail: [
      ...review.lines,
      standing.way.kind === 'sameKey'
        ? l10n.t(
            'No new key is needed: "{0}" is not pinned, the names are equal, and the certificate is newer.',
            plan.oldName,
          )
        : l10n.t('A second key with it is created as the next step, beside "{0}".', plan.oldName),
      ...standing.warnings,
    ].join('\n'),
    action: review.isDoubtful ? l10n.t('Take It All the Same') : l10n.t('Take This Certificate'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

async function reviewOf(
  environment: Environment,
  {
    plan,
    sender,
    standing,
  }: {
    readonly plan: RenewalPlan;
    readonly sender: SenderCertificate;
    readonly standing: RenewalStanding;
  },
  known: {
    readonly workplace: Workplace;
    readonly instance: InboundInstance;
    readonly facts: Parameters<typeof judgeKey>[0]['facts'];
    readonly ports: KeyPorts;
    readonly context: ActionContext;
  },
): Promise<KeyReview> {
  const { workplace, instance, facts, ports, context } = known;
  const { lists, notJudged } = await listsOrReason(() => environment.trust(workplace.connection), true);
  const isThere = standing.way.kind === 'sameKey';
  return judgeKey({
    planned: {
      name: isThere ? plan.oldName : proposeKeyName(certificateLabel(sender.leaf), instance),
      type: 'externalCertificate',
      leaf: sender.leaf,
      pin: !isThere,
      isThere,
      role: neededRole(ports.setUps(), plan.tenantId, sender.leaf),
    },
    sender,
    issuers: await issuersOf(environment, sender, context),
    instance,
    facts,
    lists,
    notJudged,
    leftOut: [],
    validityDays: undefined,
    demandsValidity: undefined,
    now: environment.now(),
    warningDays: ports.warningDays(),
  });
}
