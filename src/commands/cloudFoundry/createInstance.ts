import * as l10n from '@vscode/l10n';
import { resourceNameProblem } from '../../inbound/keyNames.js';
import {
  apiRoles,
  newInstanceParameters,
  processIntegrationRuntime,
  proposedGrants,
} from '../../inbound/serviceInstanceParameters.js';
import {
  readTokenValidity,
  tokenValidityProblem,
  tokenValidityQuestion,
  tokenValidityText,
  type TokenValidity,
} from '../../inbound/tokenValidity.js';
import { listServiceInstances } from '../../platform/cfServiceInstances.js';
import type { CfServicePlan } from '../../platform/cfServices.js';
import type { Connection } from '../../services/connection.js';
import { runFlow, take, type Step } from '../../ui/flow.js';
import type { Answer, InputOptions } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { plainLabel } from '../targets.js';
import { makeChange } from './change.js';
import { connectByApiInstance } from './connectByInstance.js';
import { askGrantTypes, askRoles, grantTypesNote } from './grants.js';
import { runtimePlans } from './instances.js';
import type { CloudFoundryPorts } from './ports.js';
import { requireWorkplace, type Workplace } from './session.js';
import { chooseTenantOrNew, isNewTenant } from './newTenant.js';

interface Draft {
  plan?: CfServicePlan;
  name?: string;
  roles?: readonly string[];
  grantTypes?: readonly string[];
  /** Undefined leaves it to SAP. */
  tokenSeconds?: number | undefined;
}

/**
 * "Create Service Instance…": of plan `integration-flow` for senders, or of plan `api` for this extension, which then is
 * connected by a key of it.
 */
export async function createServiceInstance(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Create Service Instance');
  const connection = await chooseTenantOrNew(environment, argument, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const { plans, taken } = await context.withProgress(
    l10n.t('Reading the marketplace'),
    async ({ signal }) => {
      const [all, instances] = await Promise.all([
        runtimePlans(workplace, signal),
        listServiceInstances(workplace.access.api, { spaceGuids: [workplace.place.space.guid] }, { signal }),
      ]);
      return { plans: all, taken: new Set(instances.resources.map(({ name }) => name)) };
    },
  );
  const draft = await runFlow<Draft>(title, {}, steps(environment, { connection, workplace, plans, taken }));
  const { plan, name, roles = [], grantTypes = [] } = draft;
  if (plan === undefined || name === undefined || !(await isAgreed(environment, workplace, draft))) {
    return;
  }
  const instance = {
    name,
    spaceGuid: workplace.place.space.guid,
    planGuid: plan.guid,
    parameters: newInstanceParameters(
      plan.name,
      { roles, grantTypes },
      { validity: tokenValidityOf(draft), seconds: draft.tokenSeconds },
    ),
  };
  const made = await makeChange(
    environment,
    connection,
    { kind: 'createInstance', instance },
    { title: l10n.t('Creating the service instance "{0}"', name), context },
  );
  const isApi = plan.name === processIntegrationRuntime.apiPlan;
  if (made?.guid === undefined) {
    if (isApi) {
      void environment.prompts.inform(
        l10n.t(
          'Once the service instance "{0}" is there, "Follow Unfinished Changes" goes on from it and connects the tenant.',
          name,
        ),
      );
    }
    return;
  }
  if (isApi) {
    await connectByApiInstance(environment, workplace, { guid: made.guid, name, plan }, context);
    return;
  }
  environment.prompts.note(l10n.t('The service instance "{0}" has been created.', name));
}

function steps(
  { prompts }: Environment,
  {
    connection,
    workplace,
    plans,
    taken,
  }: {
    readonly connection: Connection;
    readonly workplace: Workplace;
    readonly plans: readonly CfServicePlan[];
    readonly taken: ReadonlySet<string>;
  },
): readonly Step<Draft>[] {
  const isApi = ({ plan }: Draft): boolean => plan?.name === processIntegrationRuntime.apiPlan;
  const offered = plans.filter(
    ({ name }) => !isNewTenant(connection) || name === processIntegrationRuntime.apiPlan,
  );
  return [
    {
      ask: async (draft, position) =>
        take(
          await prompts.pick({
            ...position,
            placeholder: l10n.t('Service plan in the space "{0}"', workplace.place.space.name),
            items: offered.map((plan) => ({
              label: plainLabel(plan.name),
              ...(planDetail(plan.name) === undefined ? {} : { detail: planDetail(plan.name) ?? '' }),
              value: plan,
            })),
          }),
          (plan) => {
            if (draft.plan?.guid !== plan.guid) {
              draft.plan = plan;
              draft.name = freeName(isApi(draft) ? 'pi-api' : 'pi-integration-flow', taken);
              draft.roles = isApi(draft) ? apiRoles : proposedGrants.roles;
              draft.grantTypes = proposedGrants.grantTypes;
              draft.tokenSeconds = undefined;
            }
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Name of the service instance'),
            value: draft.name ?? '',
            validate: (value) =>
              resourceNameProblem(value.trim()) ??
              (taken.has(value.trim())
                ? l10n.t('The space has an instance of this name. Choose another name.')
                : undefined),
          }),
          (name) => {
            draft.name = name.trim();
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await askRoles(prompts, position, {
            prompt: isApi(draft)
              ? l10n.t('Roles that this extension gets, separated by commas')
              : l10n.t(
                  'Roles that callers with its keys get, separated by commas; a role of your own as the sender channel names it',
                ),
            roles: draft.roles ?? [],
          }),
          (roles) => {
            draft.roles = roles;
          },
        ),
    },
    {
      isNeeded: (draft) => !isApi(draft),
      ask: async (draft, position) =>
        take(await askGrantTypes(prompts, position, draft.grantTypes ?? []), (types) => {
          draft.grantTypes = types;
        }),
    },
    {
      isNeeded: (draft) => tokenValidityOf(draft) !== undefined,
      ask: async (draft, position) =>
        take(await askTokenValidity(prompts, position, draft), (seconds) => {
          draft.tokenSeconds = seconds;
        }),
    },
  ];
}

/** For senders only: the tokens of this extension are renewed by itself. */
function tokenValidityOf({ plan }: Draft): TokenValidity | undefined {
  return plan?.name === processIntegrationRuntime.integrationFlowPlan
    ? readTokenValidity(plan.schemas.createInstance)
    : undefined;
}

async function askTokenValidity(
  prompts: Environment['prompts'],
  position: Pick<InputOptions, 'title'>,
  draft: Draft,
): Promise<Answer<number | undefined>> {
  const validity = tokenValidityOf(draft);
  if (validity === undefined) {
    return { kind: 'value', value: undefined };
  }
  const answer = await prompts.input({
    ...position,
    prompt: tokenValidityQuestion(validity),
    value: draft.tokenSeconds === undefined ? '' : String(draft.tokenSeconds),
    validate: (value) => (value.trim() === '' ? undefined : tokenValidityProblem(value.trim(), validity)),
  });
  return answer.kind === 'back'
    ? answer
    : { kind: 'value', value: answer.value.trim() === '' ? undefined : Number(answer.value.trim()) };
}

async function isAgreed({ prompts }: Environment, { place }: Workplace, draft: Draft): Promise<boolean> {
  const { plan, name = '', roles = [], grantTypes = [] } = draft;
  return await prompts.confirm({
    message: l10n.t('Create the service instance "{0}"?', name),
    detail: [
      l10n.t(
        'Plan {0} in the space "{1}" of "{2}".',
        plan?.name ?? '',
        place.space.name,
        place.organization.name,
      ),
      l10n.t('Roles: {0}', roles.join(', ')),
      l10n.t('Grant types: {0}', grantTypes.join(', ')),
      ...[grantTypesNote(grantTypes)].filter((note) => note !== undefined),
      ...(plan?.name === processIntegrationRuntime.integrationFlowPlan
        ? [tokenValidityText(draft.tokenSeconds, tokenValidityOf(draft))]
        : []),
      ...(plan?.name === processIntegrationRuntime.apiPlan
        ? [
            l10n.t(
              'A service key with a client secret is created with it, and the tenant is connected by it.',
            ),
          ]
        : []),
    ].join('\n'),
    action: l10n.t('Create'),
  });
}

function planDetail(plan: string): string | undefined {
  switch (plan) {
    case processIntegrationRuntime.integrationFlowPlan:
      return l10n.t('For senders: its keys may call integration flows');
    case processIntegrationRuntime.apiPlan:
      return l10n.t('For this extension: its keys open the API of the tenant');
    default:
      return undefined;
  }
}

function freeName(wish: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}
