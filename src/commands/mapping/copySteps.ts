import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { neededRole } from '../../inbound/adapterStage.js';
import { matchingKeys } from '../../inbound/mappingStage.js';
import { curlCommands, neoCockpitSteps } from '../../inbound/neoTexts.js';
import { userProblem } from '../../tenant/certificateUserMappings.js';
import { cfCommands, cockpitSteps } from '../../inbound/mappingTexts.js';
import { plannedMapping, type ChosenPlace, type PlannedMapping } from '../../inbound/plannedMapping.js';
import { adapterSettings } from '../../inbound/senderAdapterValues.js';
import { terraformText } from '../../inbound/terraformText.js';
import type { KnownOfSetUp } from '../../services/setUpFacts.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import type { ActionContext, Environment } from '../environment.js';
import type { MappingPorts } from './ports.js';
import { chooseSetUp, wordOf } from './setUpCommands.js';

const forms = ['values', 'cf', 'terraform', 'cockpit', 'curl'] as const;
type Form = (typeof forms)[number];

/** "Copy Mapping Steps…": what is missing as text for those who may not do it from here, or the values for the adapter. */
export async function copySteps(
  { cloudFoundry, ...environment }: Environment,
  argument: unknown,
  ports: MappingPorts,
  { withProgress }: ActionContext,
): Promise<void> {
  const title = l10n.t('Copy Mapping Steps');
  const { prompts, connections } = environment;
  const setUp = await chooseSetUp({ prompts, connections }, argument, ports, title);
  const receiver = connections.get(setUp.tenantId);
  const isNeo = receiver !== undefined && isNeoTenant(receiver.address);
  const form = wordOf(argument, 'form', forms) ?? (await askForm(environment, title, isNeo));
  const known = await withProgress(l10n.t('Reading "{0}"', setUp.name), () => ports.facts.settled(setUp.id));
  if (known === undefined) {
    throw new Cancelled();
  }
  const text =
    isNeo && form !== 'values'
      ? neoTextOf(form, known, await neoUser(prompts, known, title))
      : textOf(form, known, placeOf(cloudFoundry.state(setUp.tenantId)));
  await prompts.writeClipboard(text);
  prompts.note(
    form === 'values'
      ? l10n.t('The values for the sender adapter are in the clipboard.')
      : l10n.t('The steps are in the clipboard. Nothing in them is secret.'),
  );
}

async function askForm(
  { prompts }: Pick<Environment, 'prompts'>,
  title: string,
  isNeo: boolean,
): Promise<Form> {
  const answer = await prompts.pick<Form>({
    title,
    placeholder: l10n.t('Into which form?'),
    items: [
      { label: l10n.t('Values for the sender adapter'), value: 'values' },
      ...(isNeo
        ? [{ label: l10n.t('curl commands, for bash'), value: 'curl' as const }]
        : [
            { label: l10n.t('cf commands'), value: 'cf' as const },
            { label: l10n.t('Terraform'), value: 'terraform' as const },
          ]),
      { label: l10n.t('Cockpit steps'), value: 'cockpit' },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** The text in the form that was asked for; throws `refused` where a fact for it is missing. */
export function textOf(form: Form, known: KnownOfSetUp, chosen: ChosenPlace): string {
  if (form === 'values') {
    const certificate = known.certificate.kind === 'known' ? known.certificate.certificate : undefined;
    return adapterSettings(known.setUp.way, certificate, neededRole(known.setUp, known.endpoint))
      .flatMap(({ name, value }) => (value === undefined ? [] : [`${name}: ${value}`]))
      .join('\n');
  }
  const { steps, place, notes } = planned(known, chosen);
  switch (form) {
    case 'curl':
      throw refused(
        l10n.t(
          '"{0}" is a tenant of Cloud Foundry, whose service keys are made with cf commands. curl commands are for tenants of Neo.',
          known.receiver.name,
        ),
      );
    case 'cf':
      return cfCommands(steps, place, process.platform === 'win32' ? 'powershell' : 'bash', notes);
    case 'terraform':
      return terraformText(steps, place, 'cloudfoundry', notes);
    case 'cockpit':
      return cockpitSteps(steps, place, notes);
  }
}

/** The user as whom the sender is to call: the one that it is mapped to, else asked for. */
async function neoUser(
  prompts: Environment['prompts'],
  { mapping }: KnownOfSetUp,
  title: string,
): Promise<string> {
  if (mapping.kind === 'neo' && mapping.user !== undefined) {
    return mapping.user;
  }
  const answer = await prompts.input({
    title,
    prompt: l10n.t('User as whom the sender calls, spelled as in the subaccount'),
    placeholder: 'S0012345678',
    validate: userProblem,
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value.trim();
}

function neoTextOf(
  form: Exclude<Form, 'values'>,
  { leaf, receiver, setUp, mapping, endpoint }: KnownOfSetUp,
  user: string,
): string {
  if (leaf === undefined) {
    throw noCertificate();
  }
  const wish = { tenantUrl: receiver.address.url, leaf, user, role: neededRole(setUp, endpoint) };
  switch (form) {
    case 'cockpit':
      return neoCockpitSteps(wish);
    case 'curl':
      if (mapping.kind === 'neo' && mapping.user !== undefined) {
        throw refused(
          l10n.t('The certificate is mapped to the user "{0}" already: nothing is left to do.', mapping.user),
        );
      }
      return curlCommands(wish);
    default:
      throw refused(
        l10n.t(
          '"{0}" is a Neo tenant: it has certificate-to-user mappings, no service keys. Choose cockpit steps or curl commands.',
          receiver.name,
        ),
      );
  }
}

/** What lets the sender in: a key with its certificate, and an instance for it where none fits. */
function planned({ leaf, mapping, setUp, ...known }: KnownOfSetUp, chosen: ChosenPlace): PlannedMapping {
  if (leaf === undefined) {
    throw noCertificate();
  }
  const certificate = known.certificate.kind === 'known' ? known.certificate.certificate : undefined;
  const [match] = matchingKeys(mapping.kind === 'serviceKeys' ? mapping.instances : [], {
    fingerprintSha256: leaf.sha256,
    namePair: known.namePair,
    validNotBefore: certificate?.validNotBefore,
  });
  if (match !== undefined) {
    throw refused(
      l10n.t(
        'The service key "{0}" of "{1}" holds the certificate already: nothing is left to do.',
        match.placed.key.name,
        match.placed.instance.name,
      ),
    );
  }
  const role = neededRole(setUp, known.endpoint);
  return plannedMapping({ leaf, name: setUp.name, role }, mapping, chosen);
}

function placeOf(state: ReturnType<Environment['cloudFoundry']['state']>): ChosenPlace {
  return state.kind === 'signedOut'
    ? { apiUrl: undefined, organization: undefined, space: undefined }
    : {
        apiUrl: state.endpoint.apiUrl,
        organization: state.place?.organization,
        space: state.place?.space,
      };
}

function noCertificate(): KeystoreError {
  return refused(l10n.t('The certificate of the sender is not at hand. Choose it, or refresh the page.'));
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'no steps for this set-up', { details: { explanation } });
}
