import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { encodePem } from '../pki/pem.js';
import { placedKeys, type InboundInstance } from './inboundClients.js';
import { proposeKeyName, proposeName } from './keyNames.js';
import type { MappingFact } from './mappingStage.js';
import type { MappingPlace, MappingStep } from './mappingTexts.js';
import { listedKeys, neighbourConflicts } from './neighbourConflicts.js';
import {
  clientCredentials,
  deprecatedGrantType,
  newInstanceParameters,
  processIntegrationRuntime,
  proposedGrants,
} from './serviceInstanceParameters.js';
import { readKeyProperties, serviceKeyParameters } from './serviceKeyParameters.js';

/** Where the person works, as far as it is chosen. */
export interface ChosenPlace {
  readonly apiUrl: string | undefined;
  readonly organization: { readonly guid: string; readonly name: string } | undefined;
  readonly space: { readonly guid: string; readonly name: string } | undefined;
}

/** The sender that is to be let in. */
export interface PlannedSender {
  readonly leaf: Certificate;
  /** Of its set-up; the names of what is new are made from it. */
  readonly name: string;
  /** The role that its endpoint asks for. */
  readonly role: string;
}

/** What lets a sender in, for those who make it elsewhere. */
export interface PlannedMapping {
  readonly steps: readonly MappingStep[];
  /** Where the steps work: the place of the instance that they use. */
  readonly place: MappingPlace;
  /** What must be known of them, a sentence or two each. */
  readonly notes: readonly string[];
}

/** A key with the sender's certificate in an instance that takes it, and a new instance in the chosen space where none does. */
export function plannedMapping(
  { leaf, name, role }: PlannedSender,
  mapping: MappingFact,
  chosen: ChosenPlace,
): PlannedMapping {
  const instances = mapping.kind === 'serviceKeys' ? mapping.instances : [];
  const instance = fitting(instances, role, chosen);
  const instanceName = instance?.name ?? newInstanceName(name, instances, chosen);
  const { parameters } = serviceKeyParameters(
    { type: 'externalCertificate', leafPem: encodePem('CERTIFICATE', leaf.der), pin: undefined },
    readKeyProperties(undefined),
  );
  const plan = processIntegrationRuntime.integrationFlowPlan;
  const keyName = proposeKeyName(name, instance ?? { keys: [] });
  return {
    steps: [
      ...(instance === undefined
        ? [
            {
              kind: 'createInstance' as const,
              name: instanceName,
              plan,
              parameters: newInstanceParameters(plan, {
                roles: [role],
                grantTypes: proposedGrants.grantTypes,
              }),
            },
          ]
        : []),
      { kind: 'createKey', instance: instanceName, name: keyName, parameters },
    ],
    place: {
      apiUrl: chosen.apiUrl,
      organization: chosen.organization?.name,
      space: instance?.spaceName ?? chosen.space?.name,
    },
    notes: [
      ...placeNotes(instance, chosen),
      l10n.t(
        'Whether the certificate is pinned is not set here. SAP pins it by default ("Pin Certificate"), so the key takes exactly this certificate; a renewed one needs a key of its own.',
      ),
      ...conflictNotes({ leaf, keyName }, mapping),
    ],
  };
}

/** An instance for senders that grants the role and takes a key with a certificate: in the chosen space first, then the one with most keys. */
function fitting(
  instances: readonly InboundInstance[],
  role: string,
  { organization, space }: ChosenPlace,
): InboundInstance | undefined {
  const isHere = ({ spaceGuid }: InboundInstance): boolean => spaceGuid === space?.guid;
  return instances
    .filter(
      ({ plan, grants, spaceName, organizationGuid = organization?.guid }) =>
        plan === processIntegrationRuntime.integrationFlowPlan &&
        grants.kind === 'known' &&
        grants.roles.includes(role) &&
        grants.grantTypes.includes(clientCredentials) &&
        // An instance that still has it takes no new keys.
        !grants.grantTypes.includes(deprecatedGrantType) &&
        // The text has to name where it is.
        spaceName !== undefined &&
        organizationGuid === organization?.guid,
    )
    .toSorted(
      (a, b) => Number(isHere(b)) - Number(isHere(a)) || placedKeys([b]).length - placedKeys([a]).length,
    )[0];
}

/** Free among the instances of the chosen space, as far as they are known. */
function newInstanceName(
  name: string,
  instances: readonly InboundInstance[],
  { space }: ChosenPlace,
): string {
  return proposeName(
    `${name}-inbound`,
    instances.filter(({ spaceGuid }) => spaceGuid === space?.guid).map((instance) => instance.name),
  );
}

function placeNotes(instance: InboundInstance | undefined, { space }: ChosenPlace): readonly string[] {
  return instance === undefined || space === undefined || instance.spaceGuid === space.guid
    ? []
    : [
        l10n.t(
          'The instance "{0}" is in the space "{1}", not in "{2}", where none fits.',
          instance.name,
          instance.spaceName ?? '',
          space.name,
        ),
      ];
}

/** What the new key and others would do to each other, and where that cannot be told. */
function conflictNotes(
  { leaf, keyName }: { readonly leaf: Certificate; readonly keyName: string },
  mapping: MappingFact,
): readonly string[] {
  const notExcluded = l10n.t(
    'So a conflict with another service key, by the same certificate or by equal subject and issuer, is not excluded.',
  );
  if (mapping.kind !== 'serviceKeys') {
    const reason = mapping.kind === 'notKnown' ? mapping.reason : '';
    return [`${reason} ${notExcluded}`.trim()];
  }
  const { instances, isEverySpace } = mapping;
  const found = neighbourConflicts({ name: keyName, type: 'externalCertificate', leaf }, mapping)
    // Whether the same certificate is in a key that was not read is told below, with what else is not known of it.
    .filter(({ id, level }) => level !== 'cannotTell' || id !== 'sameCertificate')
    .map(({ consequence, advice }) => `${consequence} ${advice}`.trim());
  const unread = placedKeys(instances).filter(({ key }) => key.reading.kind !== 'read');
  return [
    ...found,
    ...(unread.length === 0 ? [] : [`${l10n.t('Not read: {0}.', listedKeys(unread))} ${notExcluded}`]),
    ...(isEverySpace ? [] : [`${l10n.t('Not every service key could be listed.')} ${notExcluded}`]),
  ];
}
