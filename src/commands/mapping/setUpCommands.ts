import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { placedKeys } from '../../inbound/inboundClients.js';
import type { SenderSetUp, Way } from '../../inbound/senderSetUp.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { entryIdOf, setUpIdOf, tenantIdOf } from '../targetIds.js';
import { chooseTenant, plainLabel } from '../targets.js';
import { changeEndpoint } from './endpoint.js';
import type { MappingPorts } from './ports.js';
import { refuseTrial } from './refusals.js';
import { chooseSender } from './sender.js';

/** "Show Mapping Set-Up": of the row's entry or tenant; from the palette one that exists, or a new one. */
export async function showSetUp(
  environment: Environment,
  argument: unknown,
  ports: MappingPorts,
  context: ActionContext,
): Promise<void> {
  const tenantId = tenantIdOf(argument);
  if (tenantId !== undefined) {
    await environment.navigator.showMapping(tenantId, entryIdOf(argument)?.hexalias);
    return;
  }
  const given = setUpIdOf(argument);
  if (given !== undefined) {
    ports.pages.showSetUp(given);
    return;
  }
  const known = ports.setUps.list();
  const title = l10n.t('Show Mapping Set-Up');
  const answer =
    known.length === 0
      ? undefined
      : await environment.prompts.pick<SenderSetUp | undefined>({
          title,
          placeholder: l10n.t('Sender set-up'),
          items: [
            ...known.map((setUp) => setUpItem(environment, setUp)),
            {
              separatorBefore: '',
              label: l10n.t('New set-up…'),
              detail: l10n.t('For another sender, certificate or tenant.'),
              value: undefined,
            },
          ],
        });
  if (answer?.kind === 'back') {
    throw new Cancelled();
  }
  ports.pages.showSetUp((answer?.value ?? (await createSetUp(environment, ports, context))).id);
}

/** Asks for receiver, sender and name, and keeps the set-up. */
async function createSetUp(
  environment: Environment,
  ports: MappingPorts,
  context: ActionContext,
): Promise<SenderSetUp> {
  const title = l10n.t('Receiving Tenant');
  const receiver = await chooseTenant(environment, undefined, title);
  await refuseTrial(environment, receiver, { title, signal: context.signal });
  const sender = await chooseSender(environment, ports, receiver, context);
  const name = await askName(environment.prompts, sender.name);
  return await ports.setUps.add({ name, tenantId: receiver.id, certificate: sender.certificate });
}

/** What of a set-up is changed. */
const changes = ['name', 'certificate', 'receiver', 'way', 'endpoint', 'role'] as const;
type Change = (typeof changes)[number];

/** "Change Mapping Set-Up…": name, certificate, receiver, way, endpoint or role, by native quick inputs. */
export async function changeSetUp(
  environment: Environment,
  argument: unknown,
  ports: MappingPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Change Mapping Set-Up');
  const setUp = await chooseSetUp(environment, argument, ports, title);
  const what = wordOf(argument, 'what', changes) ?? (await askWhat(environment.prompts, title, setUp));
  const { prompts } = environment;
  switch (what) {
    case 'name':
      await ports.setUps.change(setUp.id, { name: await askName(prompts, setUp.name) });
      return;
    case 'certificate': {
      const receiver = await chooseTenant(environment, { tenantId: setUp.tenantId }, title);
      const { certificate } = await chooseSender(environment, ports, receiver, context);
      await ports.setUps.change(setUp.id, { certificate });
      return;
    }
    case 'receiver': {
      const receiver = await chooseTenant(environment, undefined, l10n.t('Receiving Tenant'));
      await refuseTrial(environment, receiver, { title, signal: context.signal });
      await ports.setUps.change(setUp.id, { tenantId: receiver.id, endpoint: undefined });
      return;
    }
    case 'way':
      await changeWay(prompts, ports, setUp, wordOf(argument, 'way', ['mapping', 'adapter']));
      return;
    case 'endpoint':
      await changeEndpoint(prompts, ports, setUp, context);
      return;
    case 'role':
      await ports.setUps.change(setUp.id, { userRole: await askRole(prompts, setUp.userRole) });
  }
}

/** "Delete Mapping Set-Up…": the page goes; nothing of a tenant is changed. */
export async function deleteSetUp(
  environment: Environment,
  argument: unknown,
  ports: MappingPorts,
): Promise<void> {
  const setUp = await chooseSetUp(environment, argument, ports, l10n.t('Delete Mapping Set-Up'));
  const confirmed = await environment.prompts.confirm({
    message: l10n.t('Delete the set-up "{0}"?', setUp.name),
    detail: l10n.t(
      'Its page closes and what you chose for it is forgotten. Certificates, service keys and integration flows stay as they are.',
    ),
    action: l10n.t('Delete Set-Up'),
  });
  if (confirmed) {
    await ports.setUps.remove(setUp.id);
  }
}

/** From so many unread keys on the person is asked before. */
const askFrom = 100;

/** "Read Service Keys of Set-Up": a key's certificate comes with its secrets only, so this is done when a person asks. */
export async function readServiceKeys(
  environment: Environment,
  argument: unknown,
  ports: MappingPorts,
  { withProgress }: ActionContext,
): Promise<void> {
  const setUp = await chooseSetUp(environment, argument, ports, l10n.t('Read Service Keys'));
  const mapping = ports.facts.of(setUp.id)?.mapping;
  const unread =
    mapping?.kind === 'serviceKeys'
      ? placedKeys(mapping.instances).filter(({ key }) => key.reading.kind !== 'read').length
      : 0;
  // Cloud Foundry counts requests by the hour, so thousands of them are not sent unasked.
  const isWished =
    unread < askFrom ||
    (await environment.prompts.confirm({
      message: l10n.t('Read what {0} service keys hold?', unread),
      detail: l10n.t(
        'It takes up to {0} requests to Cloud Foundry, at most six at a time. You can cancel at any time; what was read stays.',
        2 * unread,
      ),
      action: l10n.t('Read'),
    }));
  if (isWished) {
    await withProgress(l10n.t('Reading service keys'), ({ signal, report }) =>
      ports.facts.readServiceKeys(setUp.id, {
        signal,
        onProgress: (done, total) => report(l10n.t('{0} of {1} keys', done, total)),
      }),
    );
  }
}

/** The set-up that a page hands over, else that of the page in front, the only one, or the one that the person picks. */
export async function chooseSetUp(
  environment: Pick<Environment, 'prompts' | 'connections'>,
  argument: unknown,
  { setUps, pages }: Pick<MappingPorts, 'setUps' | 'pages'>,
  title: string,
): Promise<SenderSetUp> {
  const id = setUpIdOf(argument) ?? pages.active();
  const given = id === undefined ? undefined : setUps.get(id);
  if (given !== undefined) {
    return given;
  }
  const all = setUps.list();
  const [only] = all;
  if (only === undefined || id !== undefined) {
    throw new KeystoreError('refused', 'there is no such set-up', {
      details: {
        explanation:
          id === undefined
            ? l10n.t('There is no mapping set-up yet. Run "Show Mapping Set-Up" first.')
            : l10n.t('The set-up was deleted, perhaps in another window.'),
      },
    });
  }
  if (all.length === 1) {
    return only;
  }
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Sender set-up'),
    items: all.map((setUp) => setUpItem(environment, setUp)),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

function setUpItem({ connections }: Pick<Environment, 'connections'>, setUp: SenderSetUp) {
  return {
    label: plainLabel(setUp.name),
    description: plainLabel(connections.get(setUp.tenantId)?.name ?? l10n.t('tenant not connected')),
    ...(setUp.endpoint === undefined ? {} : { detail: plainLabel(setUp.endpoint.address) }),
    value: setUp,
  };
}

async function askName(prompts: Prompts, value: string): Promise<string> {
  const answer = await prompts.input({
    title: l10n.t('Sender Set-Up'),
    prompt: l10n.t('Name of the sender, for people'),
    placeholder: l10n.t('Orders from ACME S/4'),
    value,
    validate: (text) => (text.trim() === '' ? l10n.t('The name is missing.') : undefined),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value.trim();
}

async function askWhat(prompts: Prompts, title: string, setUp: SenderSetUp): Promise<Change> {
  const answer = await prompts.pick<Change>({
    title,
    placeholder: l10n.t('What of "{0}"?', setUp.name),
    items: [
      { label: l10n.t('Name'), description: plainLabel(setUp.name), value: 'name' },
      { label: l10n.t('Sender certificate'), value: 'certificate' },
      { label: l10n.t('Receiving tenant'), value: 'receiver' },
      {
        label: l10n.t('Way'),
        description: setUp.way === 'mapping' ? l10n.t('mapping') : l10n.t('sender adapter'),
        value: 'way',
      },
      {
        label: l10n.t('Endpoint'),
        description: plainLabel(setUp.endpoint?.address ?? ''),
        value: 'endpoint',
      },
      { label: l10n.t('Role'), description: plainLabel(setUp.userRole), value: 'role' },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** The way of the adapter is chosen knowing what each change costs. */
async function changeWay(
  prompts: Prompts,
  { setUps }: MappingPorts,
  setUp: SenderSetUp,
  given: Way | undefined,
): Promise<void> {
  const way = given ?? (setUp.way === 'mapping' ? 'adapter' : 'mapping');
  if (way === 'adapter' && setUp.way !== 'adapter') {
    const confirmed = await prompts.confirm({
      message: l10n.t('Put the certificate into the sender adapter?'),
      detail: l10n.t(
        'Each change of the certificate then needs a redeployment of the integration flow, with a short downtime for all of its senders. Only subject and issuer are compared. SAP advises the certificate-to-user mapping instead, where a new certificate needs no redeployment.',
      ),
      action: l10n.t('Use the Sender Adapter'),
    });
    if (!confirmed) {
      throw new Cancelled();
    }
  }
  await setUps.change(setUp.id, { way });
}

async function askRole(prompts: Prompts, value: string): Promise<string> {
  const { roleProblem } = await import('../../inbound/serviceInstanceParameters.js');
  const answer = await prompts.input({
    title: l10n.t('Role'),
    prompt: l10n.t('Role that the sender adapter asks for'),
    placeholder: 'ESBMessaging.send',
    value,
    validate: (text) => roleProblem(text),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

/** A word of an argument that is one of these. */
export function wordOf<T extends string>(
  argument: unknown,
  name: string,
  words: readonly T[],
): T | undefined {
  const word: unknown =
    typeof argument === 'object' && argument !== null ? Reflect.get(argument, name) : undefined;
  return words.find((known) => known === word);
}
