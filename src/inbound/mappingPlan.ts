import * as l10n from '@vscode/l10n';
import { isUnderWay } from '../platform/cfResources.js';
import { isSelfIssued } from '../pki/chain.js';
import { conflict, type Conflict, type PlanFacts, type PlannedKey } from './conflict.js';
import { proposeKeyName, resourceNameProblem } from './keyNames.js';
import { neighbourConflicts } from './neighbourConflicts.js';
import {
  clientCredentials,
  deprecatedGrantType,
  processIntegrationRuntime,
} from './serviceInstanceParameters.js';

const day = 86_400_000;

/** What speaks against a new key, the gravest first; empty where all is known and nothing does. */
export function plannedKeyConflicts(planned: PlannedKey, facts: PlanFacts): readonly Conflict[] {
  const order = ['refused', 'problem', 'warning', 'cannotTell'];
  return [
    ...nameConflicts(planned, facts),
    ...instanceConflicts(planned, facts),
    ...certificateConflicts(planned, facts),
    ...neighbourConflicts(planned, facts),
  ].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function nameConflicts({ name, isThere }: PlannedKey, { instance }: PlanFacts): readonly Conflict[] {
  if (isThere === true) {
    return [];
  }
  const problem = resourceNameProblem(name);
  const holder = instance.keys.find((key) => key.name === name);
  return [
    ...(problem === undefined ? [] : [conflict('name', 'refused', problem, l10n.t('Choose another name.'))]),
    ...(holder === undefined
      ? []
      : [
          conflict(
            'nameTaken',
            'refused',
            l10n.t('The service instance has a key with the name "{0}" already.', name),
            l10n.t('Choose another name, such as "{0}".', proposeKeyName(name, instance)),
            [holder.guid],
          ),
        ]),
  ];
}

function instanceConflicts(
  { type, role, isThere = false }: PlannedKey,
  { instance }: PlanFacts,
): readonly Conflict[] {
  const found: Conflict[] = [];
  if (instance.plan !== processIntegrationRuntime.integrationFlowPlan) {
    found.push(
      conflict(
        'plan',
        'problem',
        l10n.t('The instance is of plan "{0}": its keys open the API, not integration flows.', instance.plan),
        l10n.t('Choose or create an instance of plan "integration-flow".'),
      ),
    );
  }
  if (!isThere && isUnderWay(instance.lastOperation)) {
    found.push(
      conflict(
        'operationInProgress',
        'refused',
        l10n.t('Another operation of the instance is in progress.'),
        l10n.t('Wait for its end, then try again.'),
      ),
    );
  }
  const { grants } = instance;
  if (grants.kind === 'notKnown') {
    const id = type === 'clientSecret' ? 'missingRole' : 'noClientCredentials';
    return [...found, conflict(id, 'cannotTell', grants.reason, '')];
  }
  if (grants.grantTypes.includes(deprecatedGrantType)) {
    // Keys that are there go on working.
    if (!isThere) {
      found.push(
        conflict(
          'deprecatedGrantType',
          'refused',
          l10n.t('The instance has the deprecated grant type "client_x509" and takes no new keys.'),
          l10n.t('Run "Mend Grant Types…" first.'),
        ),
      );
    }
  } else if (type !== 'clientSecret' && !grants.grantTypes.includes(clientCredentials)) {
    found.push(
      conflict(
        'noClientCredentials',
        isThere ? 'problem' : 'refused',
        l10n.t('The instance lacks the grant type "client_credentials", which keys with a certificate need.'),
        l10n.t('Run "Mend Grant Types…" first.'),
      ),
    );
  }
  if (role !== undefined && !grants.roles.includes(role)) {
    found.push(
      conflict(
        'missingRole',
        'problem',
        l10n.t('The instance does not grant the role {0}: calls would get 403.', role),
        l10n.t('Add it by "Change Roles…" (it may take an hour to work), or choose another instance.'),
      ),
    );
  }
  return found;
}

function certificateConflicts({ leaf }: PlannedKey, facts: PlanFacts): readonly Conflict[] {
  if (leaf === undefined) {
    return [];
  }
  const { now, warningDays, acceptance } = facts;
  const found: Conflict[] = [];
  const days = Math.floor((leaf.notAfter.getTime() - now) / day);
  if (leaf.notAfter.getTime() <= now) {
    found.push(
      conflict(
        'expired',
        'problem',
        l10n.t('The certificate expired on {0}: calls would be refused.', isoDay(leaf.notAfter)),
        l10n.t('Use a renewed certificate.'),
      ),
    );
  } else if (days <= warningDays) {
    found.push(
      conflict(
        'expiring',
        'warning',
        l10n.t('The certificate expires on {0} already.', isoDay(leaf.notAfter)),
        l10n.t('Use a renewed one, if there is one.'),
      ),
    );
  }
  if (leaf.notBefore.getTime() > now) {
    found.push(
      conflict(
        'notYetValid',
        'warning',
        l10n.t(
          'The certificate is not valid before {0}: until then calls are refused.',
          isoDay(leaf.notBefore),
        ),
        l10n.t('The key can be created now all the same.'),
      ),
    );
  }
  if (leaf.isCa || isSelfIssued(leaf)) {
    found.push(
      conflict(
        'authority',
        'problem',
        leaf.isCa
          ? l10n.t('This is the certificate of an authority, not of a sender: no sender can call with it.')
          : l10n.t(
              "The certificate is self-signed: SAP's domain accepts only certificates that an authority signed.",
            ),
        leaf.isCa
          ? l10n.t("Choose the sender's own certificate of the chain.")
          : l10n.t(
              'Have it signed by an authority that SAP accepts, or use a custom domain with a trust list of your own.',
            ),
      ),
    );
  } else if (acceptance !== undefined && acceptance.answer !== 'yes') {
    found.push(
      conflict('notAccepted', acceptance.answer === 'no' ? 'problem' : 'cannotTell', acceptance.text, ''),
    );
  }
  return found;
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
