import * as l10n from '@vscode/l10n';
import { proposeKeyName, resourceNameProblem } from '../../inbound/keyNames.js';
import { cfCommands, cockpitSteps, type MappingPlace, type MappingStep } from '../../inbound/mappingTexts.js';
import {
  newInstanceParameters,
  processIntegrationRuntime,
  proposedGrants,
} from '../../inbound/serviceInstanceParameters.js';
import { readKeyProperties, serviceKeyParameters, type KeyWish } from '../../inbound/serviceKeyParameters.js';
import { terraformText } from '../../inbound/terraformText.js';
import { encodePem } from '../../pki/pem.js';
import { runFlow, take, type Step } from '../../ui/flow.js';
import { certificateLabel } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { entryIdOf, tenantIdOf } from '../targetIds.js';
import type { CloudFoundryPorts } from './ports.js';
import { askRoles } from './grants.js';
import { certificateOfEntry, certificateOfFile, type SenderCertificate } from './senderCertificate.js';

type Form = 'bash' | 'powershell' | 'cloudfoundry' | 'btp' | 'cockpit';

interface Draft {
  type: KeyWish['type'];
  instance: string;
  isNew: boolean;
  roles: readonly string[];
  key: string;
  form: Form;
}

/**
 * "Copy Mapping as Text…": the same changes as text for those who make them elsewhere: commands of the `cf` tool, Terraform, or
 * clicks in the cockpit. Needs no sign-in; nothing secret is in the text.
 */
export async function copyMappingAsText(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Copy Mapping as Text');
  const { prompts } = environment;
  const sender = await givenSender(environment, argument, ports, { title, context });
  const draft = await runFlow<Draft>(
    title,
    {
      type: 'externalCertificate',
      instance: 'pi-integration-flow',
      isNew: true,
      roles: proposedGrants.roles,
      key: sender === undefined ? 'sender' : proposeKeyName(certificateLabel(sender.leaf), { keys: [] }),
      form: 'bash',
    },
    steps(environment, sender !== undefined),
  );
  const chosen =
    sender ??
    (draft.type === 'externalCertificate'
      ? await certificateOfFile(environment, undefined, ports, { title, context })
      : undefined);
  const { text, notes } = mappingText(draft, chosen, placeOf(environment, argument));
  await prompts.writeClipboard(text);
  void prompts.inform(
    [
      l10n.t('Copied. It holds no secret; what it makes does.'),
      ...notes,
      ...(draft.form === 'cloudfoundry' || draft.form === 'btp'
        ? [l10n.t('The state of Terraform will hold what the key holds.')]
        : []),
    ].join(' '),
  );
}

/** The text of a form, and what a person must know of it. */
export function mappingText(
  draft: Draft,
  sender: SenderCertificate | undefined,
  place: MappingPlace,
): { readonly text: string; readonly notes: readonly string[] } {
  const { parameters, leftOut } = serviceKeyParameters(wishOf(draft, sender), readKeyProperties(undefined));
  const steps: readonly MappingStep[] = [
    ...(draft.isNew
      ? [
          {
            kind: 'createInstance',
            name: draft.instance,
            plan: processIntegrationRuntime.integrationFlowPlan,
            parameters: newInstanceParameters(processIntegrationRuntime.integrationFlowPlan, {
              roles: draft.roles,
              grantTypes: proposedGrants.grantTypes,
            }),
          } as const,
        ]
      : []),
    { kind: 'createKey', instance: draft.instance, name: draft.key, parameters },
  ];
  const notes = leftOut.map(({ text }) => text);
  switch (draft.form) {
    case 'bash':
    case 'powershell':
      return { text: cfCommands(steps, place, draft.form), notes };
    case 'cloudfoundry':
    case 'btp':
      return { text: terraformText(steps, place, draft.form), notes };
    case 'cockpit':
      return { text: cockpitSteps(steps, place), notes };
  }
}

function wishOf({ type }: Draft, sender: SenderCertificate | undefined): KeyWish {
  switch (type) {
    case 'externalCertificate':
      return {
        type,
        leafPem: sender === undefined ? '' : encodePem('CERTIFICATE', sender.leaf.der),
        pin: undefined,
      };
    case 'certificateBySap':
      return { type, validityDays: 365, keyLength: 2048 };
    case 'clientSecret':
      return { type };
  }
}

async function givenSender(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<SenderCertificate | undefined> {
  if (ports.isUri(argument)) {
    return await certificateOfFile(environment, argument, ports, options);
  }
  return entryIdOf(argument) === undefined
    ? undefined
    : await certificateOfEntry(environment, argument, options);
}

function steps({ prompts }: Environment, hasSender: boolean): readonly Step<Draft>[] {
  return [
    {
      isNeeded: () => !hasSender,
      ask: async (draft, position) =>
        take(
          await prompts.pick<KeyWish['type']>({
            ...position,
            placeholder: l10n.t('How does the sender prove who it is?'),
            items: [
              { label: l10n.t("The sender's own certificate…"), value: 'externalCertificate' },
              { label: l10n.t('Certificate made by SAP'), value: 'certificateBySap' },
              { label: l10n.t('Client secret'), value: 'clientSecret' },
            ],
          }),
          (type) => {
            draft.type = type;
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await prompts.pick<boolean>({
            ...position,
            placeholder: l10n.t('Service instance of plan "integration-flow"'),
            items: [
              { label: l10n.t('It is to be created as well'), value: true },
              { label: l10n.t('It is there already'), value: false },
            ],
          }),
          (isNew) => {
            draft.isNew = isNew;
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Name of the service instance'),
            value: draft.instance,
            validate: (value) => resourceNameProblem(value.trim()),
          }),
          (name) => {
            draft.instance = name.trim();
          },
        ),
    },
    {
      isNeeded: ({ isNew }) => isNew,
      ask: async (draft, position) =>
        take(
          await askRoles(prompts, position, {
            prompt: l10n.t('Roles that callers get, separated by commas'),
            roles: draft.roles,
          }),
          (roles) => {
            draft.roles = roles;
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Name of the service key'),
            value: draft.key,
            validate: (value) => resourceNameProblem(value.trim()),
          }),
          (name) => {
            draft.key = name.trim();
          },
        ),
    },
    {
      ask: async (draft, position) =>
        take(
          await prompts.pick<Form>({
            ...position,
            placeholder: l10n.t('As which text?'),
            items: [
              { label: l10n.t('Commands of the cf tool, for bash'), value: 'bash' },
              { label: l10n.t('Commands of the cf tool, for PowerShell'), value: 'powershell' },
              { label: l10n.t('Terraform, provider cloudfoundry'), value: 'cloudfoundry' },
              { label: l10n.t('Terraform, provider btp'), value: 'btp' },
              { label: l10n.t('Steps in the cockpit'), value: 'cockpit' },
            ],
          }),
          (form) => {
            draft.form = form;
          },
        ),
    },
  ];
}

/** What is remembered of where the tenant's instances are; nobody is asked. */
function placeOf({ cloudFoundry, connections }: Environment, argument: unknown): MappingPlace {
  const [only, ...more] = connections.list();
  const tenantId = tenantIdOf(argument) ?? (more.length === 0 ? only?.id : undefined);
  const state = tenantId === undefined ? undefined : cloudFoundry.state(tenantId);
  const place = state === undefined || state.kind === 'signedOut' ? undefined : state.place;
  const endpoint = tenantId === undefined ? undefined : cloudFoundry.lastEndpoint(tenantId);
  return {
    apiUrl: endpoint?.apiUrl,
    organization: place?.organization.name,
    space: place?.space.name,
  };
}
