import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { proposeKeyName, resourceNameProblem } from '../../inbound/keyNames.js';
import {
  readKeyProperties,
  serviceKeyParameters,
  type KeyProperties,
  type KeyWish,
} from '../../inbound/serviceKeyParameters.js';
import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { InboundInstance } from '../../inbound/inboundClients.js';
import { encodePem } from '../../pki/pem.js';
import { certificateLabel } from '../chainText.js';
import { runFlow, take, type Step } from '../../ui/flow.js';
import type { ActionContext, Environment } from '../environment.js';
import { inboundTargetOf } from '../inboundTargets.js';
import type { KeyMemory } from '../../services/keyMemory.js';
import type { SecretPlace } from '../secretPlace.js';
import { refuseTrial } from '../mapping/refusals.js';
import { entryIdOf, setUpIdOf } from '../targetIds.js';
import { makeChange } from './change.js';
import { chooseSenderInstance } from './chooseSenderInstance.js';
import { knownInboundFacts, readInboundFacts, type InboundFacts } from './inboundFacts.js';
import { reviewKey } from './keyReview.js';
import { issuersOf, listsOrReason } from './keyVerdict.js';
import { askKeyFile, writeCertificateKey } from './keySecrets.js';
import { neededRole } from './neededRole.js';
import type { CloudFoundryPorts } from './ports.js';
import {
  certificateOfEntry,
  certificateOfFile,
  certificateOfSetUp,
  type SenderCertificate,
} from './senderCertificate.js';
import { requireWorkplace, type Workplace } from './session.js';
import { chooseCloudFoundryTenant } from './tenant.js';

/** What creating a key needs beside the rest: what keys hold, as far as this window has read it. */
export interface KeyPorts extends CloudFoundryPorts {
  readonly memory: KeyMemory;
  /** Set-ups of senders, which may name the role that is needed. */
  readonly setUps: () => readonly SenderSetUp[];
}

type KeyType = KeyWish['type'];

interface Draft {
  name: string;
  pin: boolean;
  validityDays: number;
  keyLength: number;
}

/**
 * "Create Service Key…": with a sender's own certificate from an entry, a file, a set-up or wherever the person says, with a
 * certificate made by SAP, or with a client secret. Nothing is sent before the person has seen what it would do. A certificate
 * that is given is not asked for; its key is pinned, since it is to stand beside another one. A set-up names certificate and
 * receiver.
 */
export async function createServiceKey(
  environment: Environment,
  argument: unknown,
  ports: KeyPorts,
  context: ActionContext,
  given?: SenderCertificate,
): Promise<void> {
  const title = l10n.t('Create Service Key');
  const { type, sender } =
    given === undefined
      ? await chooseProof(environment, argument, ports, { title, context })
      : ({ type: 'externalCertificate', sender: given } as const);
  const workplace = await chooseWorkplace(environment, { argument, sender, title }, ports, context);
  const tenantId = workplace.connection.id;
  if (type !== 'clientSecret') {
    await refuseTrial(environment, workplace.connection, { title, signal: context.signal });
  }
  const target = await chooseSenderInstance(environment, workplace, argument, ports, {
    title,
    context,
    role: givenSetUp(argument, ports)?.userRole,
  });
  const compared = { list: target.list, known: ports.memory.of(tenantId), title };
  // What a key holds comes with its secrets, so it is read only where it can clash.
  const facts =
    type === 'externalCertificate'
      ? await readInboundFacts(environment, workplace, compared, context)
      : knownInboundFacts(compared);
  ports.memory.tell(tenantId, ports);
  const instance = facts.instances.find(({ guid }) => guid === target.instance.guid);
  if (instance === undefined) {
    throw new KeystoreError('not-found', 'the instance was not listed', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'The service instance "{0}" is not there any more. Refresh the view.',
          target.instance.name,
        ),
      },
    });
  }
  const properties = readKeyProperties(target.plan.schemas.createKey);
  const draft = await askDraft(environment, {
    title,
    type,
    sender,
    instance,
    properties,
    isPinned: given !== undefined,
  });
  const place = type === 'certificateBySap' ? await askKeyFile(environment, draft.name, ports) : undefined;
  const wish = wishOf(type, sender, draft);
  const { parameters, leftOut } = serviceKeyParameters(wish, properties);
  await askAgreement(environment, {
    workplace,
    type,
    sender,
    instance,
    facts,
    draft,
    properties,
    leftOut,
    ports,
    context,
  });
  const made = await makeChange(
    environment,
    workplace.connection,
    { kind: 'createKey', key: { name: draft.name, instanceGuid: target.instance.guid, parameters } },
    { title: l10n.t('Creating the service key "{0}"', draft.name), context },
  );
  if (made?.guid === undefined) {
    tellUnfinished(environment, type, draft.name);
    return;
  }
  await tellCreated(environment, {
    workplace,
    type,
    target,
    guid: made.guid,
    name: draft.name,
    place,
    context,
  });
}

async function chooseProof(
  environment: Environment,
  argument: unknown,
  ports: KeyPorts,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<{ readonly type: KeyType; readonly sender: SenderCertificate | undefined }> {
  const setUp = givenSetUp(argument, ports);
  if (setUp !== undefined) {
    return { type: 'externalCertificate', sender: await certificateOfSetUp(environment, setUp, options) };
  }
  if (ports.isUri(argument)) {
    return {
      type: 'externalCertificate',
      sender: await certificateOfFile(environment, argument, ports, options),
    };
  }
  if (entryIdOf(argument) !== undefined) {
    return { type: 'externalCertificate', sender: await certificateOfEntry(environment, argument, options) };
  }
  const answer = await environment.prompts.pick<'file' | 'entry' | KeyType>({
    title: options.title,
    placeholder: l10n.t('How does the sender prove who it is?'),
    items: [
      {
        label: l10n.t('Certificate from a file, the clipboard or the editor…'),
        separatorBefore: l10n.t("The sender's own certificate"),
        detail: l10n.t('The sender keeps its private key; only the certificate itself is sent'),
        value: 'file',
      },
      { label: l10n.t('Certificate of a keystore entry…'), value: 'entry' },
      {
        label: l10n.t('Certificate made by SAP'),
        separatorBefore: l10n.t('Made by SAP'),
        detail: l10n.t('SAP makes certificate and private key; the key is written to a file of yours, once'),
        value: 'certificateBySap',
      },
      {
        label: l10n.t('Client secret'),
        detail: l10n.t('The sender gets a token by client id and secret; no certificate is mapped'),
        value: 'clientSecret',
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  switch (answer.value) {
    case 'file':
      return {
        type: 'externalCertificate',
        sender: await certificateOfFile(environment, undefined, ports, options),
      };
    case 'entry':
      return {
        type: 'externalCertificate',
        sender: await certificateOfEntry(environment, undefined, options),
      };
    default:
      return { type: answer.value, sender: undefined };
  }
}

/** The set-up whose page asks. */
function givenSetUp(argument: unknown, ports: KeyPorts): SenderSetUp | undefined {
  const id = setUpIdOf(argument);
  return id === undefined ? undefined : ports.setUps().find((setUp) => setUp.id === id);
}

/** An entry may be of one tenant and be mapped in another: with several tenants the one to be called is asked for. */
async function chooseWorkplace(
  environment: Environment,
  {
    argument,
    sender,
    title,
  }: { readonly argument: unknown; readonly sender: SenderCertificate | undefined; readonly title: string },
  ports: KeyPorts,
  context: ActionContext,
): Promise<Workplace> {
  const setUp = givenSetUp(argument, ports);
  const given = inboundTargetOf(argument) ?? setUp ?? (sender?.from === undefined ? argument : undefined);
  const connection = await chooseCloudFoundryTenant(
    environment,
    ports.isUri(given) ? undefined : given,
    sender === undefined ? title : l10n.t('Tenant That Is to Be Called'),
  );
  return await requireWorkplace(environment, connection, ports, context);
}

async function askDraft(
  { prompts }: Environment,
  facts: {
    readonly title: string;
    readonly type: KeyType;
    readonly sender: SenderCertificate | undefined;
    readonly instance: InboundInstance;
    readonly properties: KeyProperties;
    /** True where pinning is not asked for. */
    readonly isPinned: boolean;
  },
): Promise<Draft> {
  const { title, type, sender, instance, properties, isPinned } = facts;
  const { validityDays, keyLengths, pin } = properties;
  const proposed =
    sender === undefined ? (type === 'clientSecret' ? 'secret' : 'sender') : certificateLabel(sender.leaf);
  const draft: Draft = {
    name: proposeKeyName(proposed, instance),
    pin: true,
    validityDays: validityDays.proposed,
    keyLength: keyLengths[0] ?? 2048,
  };
  const steps: readonly Step<Draft>[] = [
    {
      ask: async (state, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Name of the service key at "{0}"', instance.name),
            value: state.name,
            validate: (value) =>
              resourceNameProblem(value.trim()) ??
              (instance.keys.some(({ name }) => name === value.trim())
                ? l10n.t('The instance has a key of this name. Choose another name.')
                : undefined),
          }),
          (name) => {
            state.name = name.trim();
          },
        ),
    },
    {
      // Where the plan does not tell how pinning is switched, SAP's default holds, and the review says so.
      isNeeded: () => type === 'externalCertificate' && pin !== undefined && !isPinned,
      ask: async (state, position) =>
        take(
          await prompts.pick<boolean>({
            ...position,
            placeholder: l10n.t('Is the certificate pinned?'),
            items: [
              {
                label: l10n.t('Pinned: exactly this certificate'),
                detail: l10n.t("SAP's default; a renewed certificate needs a key of its own"),
                value: true,
              },
              {
                label: l10n.t('Not pinned: subject and issuer decide'),
                detail: l10n.t(
                  'A newer certificate of equal names is taken without a new key; once it was used, older ones are refused',
                ),
                value: false,
              },
            ],
          }),
          (value) => {
            state.pin = value;
          },
        ),
    },
    {
      isNeeded: () => type === 'certificateBySap',
      ask: async (state, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t(
              'Days for which the certificate is valid, from {0} to {1}',
              validityDays.minimum,
              validityDays.maximum,
            ),
            value: String(state.validityDays),
            validate: (value) =>
              /^\d+$/.test(value.trim()) &&
              Number(value) >= validityDays.minimum &&
              Number(value) <= validityDays.maximum
                ? undefined
                : l10n.t('A whole number from {0} to {1}.', validityDays.minimum, validityDays.maximum),
          }),
          (value) => {
            state.validityDays = Number(value);
          },
        ),
    },
    {
      isNeeded: () => type === 'certificateBySap' && keyLengths.length > 1,
      ask: async (state, position) =>
        take(
          await prompts.pick<number>({
            ...position,
            placeholder: l10n.t('Length of the RSA key'),
            items: keyLengths.map((length) => ({ label: l10n.t('{0} bits', length), value: length })),
          }),
          (length) => {
            state.keyLength = length;
          },
        ),
    },
  ];
  return await runFlow(title, draft, steps);
}

function wishOf(type: KeyType, sender: SenderCertificate | undefined, draft: Draft): KeyWish {
  switch (type) {
    case 'externalCertificate':
      return {
        type,
        leafPem: sender === undefined ? '' : encodePem('CERTIFICATE', sender.leaf.der),
        pin: draft.pin,
      };
    case 'certificateBySap':
      return { type, validityDays: draft.validityDays, keyLength: draft.keyLength };
    case 'clientSecret':
      return { type };
  }
}

async function askAgreement(
  environment: Environment,
  plan: {
    readonly workplace: Workplace;
    readonly type: KeyType;
    readonly sender: SenderCertificate | undefined;
    readonly instance: InboundInstance;
    readonly facts: InboundFacts;
    readonly draft: Draft;
    readonly properties: KeyProperties;
    readonly leftOut: Parameters<typeof reviewKey>[0]['leftOut'];
    readonly ports: KeyPorts;
    readonly context: ActionContext;
  },
): Promise<void> {
  const { prompts, trust, now } = environment;
  const { workplace, type, sender, instance, facts, draft, properties, leftOut, ports } = plan;
  const { lists, notJudged } = await listsOrReason(() => trust(workplace.connection), sender !== undefined);
  const review = reviewKey({
    planned: {
      name: draft.name,
      type,
      leaf: sender?.leaf,
      pin: type === 'externalCertificate' ? draft.pin : undefined,
      role:
        sender === undefined ? undefined : neededRole(ports.setUps(), workplace.connection.id, sender.leaf),
    },
    sender,
    issuers: sender === undefined ? [] : await issuersOf(environment, sender, plan.context),
    instance,
    facts,
    lists,
    notJudged,
    leftOut,
    validityDays: type === 'certificateBySap' ? draft.validityDays : undefined,
    demandsValidity: properties.demandsValidity,
    now: now(),
    warningDays: ports.warningDays(),
  });
  const grants = instance.grants.kind === 'known' ? instance.grants.roles.join(', ') : instance.grants.reason;
  const agreed = await prompts.confirm({
    message: l10n.t('Create the service key "{0}" at "{1}"?', draft.name, instance.name),
    detail: [...review.lines, l10n.t('Roles of the instance: {0}', grants)].join('\n'),
    action: review.isDoubtful ? l10n.t('Create All the Same') : l10n.t('Create'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

async function tellCreated(
  environment: Environment,
  made: {
    readonly workplace: Workplace;
    readonly type: KeyType;
    readonly target: { readonly instance: { readonly name: string } };
    readonly guid: string;
    readonly name: string;
    readonly place: SecretPlace | undefined;
    readonly context: ActionContext;
  },
): Promise<void> {
  const { workplace, type, target, guid, name, place, context } = made;
  const { prompts } = environment;
  switch (type) {
    case 'externalCertificate':
      void prompts.inform(
        l10n.t(
          'The service key "{0}" at "{1}" holds the certificate: its sender may call with the roles of the instance.',
          name,
          target.instance.name,
        ),
      );
      return;
    case 'certificateBySap':
      if (place !== undefined) {
        await writeCertificateKey(environment, {
          access: workplace.access,
          key: { guid, name },
          place,
          context,
        });
        void prompts.inform(
          l10n.t(
            'The service key "{0}" was created. Private key and certificate are in "{1}".',
            name,
            place.uri.fsPath,
          ),
        );
      }
      return;
    case 'clientSecret':
      void prompts.inform(
        l10n.t(
          'The service key "{0}" was created. "Save Credentials…" writes its client secret to a file of yours.',
          name,
        ),
      );
  }
}

function tellUnfinished({ prompts }: Environment, type: KeyType, name: string): void {
  if (type === 'certificateBySap') {
    void prompts.inform(
      l10n.t(
        'Once the service key "{0}" is there, "Save Credentials…" writes its private key to a file of yours.',
        name,
      ),
    );
  }
}
