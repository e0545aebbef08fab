import * as l10n from '@vscode/l10n';
import type { AdapterFacts } from './adapterStage.js';
import { pathOf, type DeployedEndpoint } from './deployedEndpoints.js';
import { readTable, type DesignedChannel } from './flowDesign.js';

/** What is known of a flow's design. */
export type DesignFact =
  | {
      readonly kind: 'known';
      readonly channels: readonly DesignedChannel[];
      /** The version that was read; `active` is the design as it is now. */
      readonly version: string;
    }
  | { readonly kind: 'notKnown'; readonly reason: string };

/** What is known of a flow's parameters, by their keys. */
export type ParametersFact =
  | { readonly kind: 'known'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'notKnown'; readonly reason: string };

/** Names of properties in the models of flows, as exported ones have them; nothing else reads them. */
const property = {
  /** HTTPS, then SOAP and its kin, then XI. */
  addresses: ['urlPath', 'address', 'Address_inbound'],
  authorization: 'senderAuthType',
  userRole: 'userRole',
  certificates: 'clientCertificates',
  subjectDn: 'clientCertificate.subjectDN',
  issuerDn: 'clientCertificate.issuerDN',
} as const;

const authorizations: ReadonlyMap<string, 'userRole' | 'clientCertificate'> = new Map([
  ['rolebased', 'userRole'],
  ['clientcertificate', 'clientCertificate'],
]);

/** How the sender adapter behind an endpoint authorizes, as far as the design of its flow tells. */
export function adapterFacts(
  endpoint: DeployedEndpoint,
  design: DesignFact,
  parameters: ParametersFact,
): AdapterFacts {
  const nothing: AdapterFacts = {
    flow: endpoint.flowName,
    authorization: undefined,
    userRole: undefined,
    certificates: undefined,
    notes: [],
  };
  if (design.kind === 'notKnown') {
    return { ...nothing, notes: [design.reason, ...guesses(parameters)] };
  }
  const values = new Values(parameters);
  const channel = channelOf(design.channels, endpoint, parameters);
  if (channel === undefined) {
    return {
      ...nothing,
      notes: [l10n.t('The design of the integration flow has no sender channel with this address.')],
    };
  }
  const text = values.of(channel.properties.get(property.authorization));
  const authorization = authorizations.get((text ?? '').replaceAll(/[^A-Za-z]/g, '').toLowerCase());
  const userRole = values.of(channel.properties.get(property.userRole));
  const certificates = authorization === 'clientCertificate' ? certificatesOf(channel, values) : undefined;
  const told: AdapterFacts = {
    ...nothing,
    authorization,
    userRole: authorization === 'userRole' ? userRole : undefined,
    certificates,
    notes: [
      ...(authorization === undefined && text !== undefined
        ? [l10n.t('Its authorization is written "{0}", which is not known here.', text)]
        : []),
      ...(channel.properties.has(property.authorization)
        ? []
        : [l10n.t('Its channel names no authorization.')]),
      ...values.missing(),
    ],
  };
  return endpoint.version !== undefined && design.version === endpoint.version
    ? {
        ...told,
        notes: [
          l10n.t(
            'Read from the design of version {0}, which is deployed. What was configured after the deployment works from the next one on.',
            design.version,
          ),
          ...told.notes,
        ],
      }
    : { ...nothing, notes: notOfDeployed(told, endpoint, design.version) };
}

/** What the design says that is not the deployed one: told, never taken for what runs. */
function notOfDeployed(
  { authorization, userRole, notes }: AdapterFacts,
  { version }: DeployedEndpoint,
  read: string,
): readonly string[] {
  const said =
    authorization === 'clientCertificate'
      ? l10n.t('Client Certificate')
      : authorization === undefined
        ? undefined
        : l10n.t('User Role {0}', userRole ?? '').trim();
  return [
    version === undefined
      ? l10n.t('The tenant does not tell which version is deployed.')
      : read === 'active'
        ? l10n.t('The design time does not have version {0}, which is deployed.', version)
        : l10n.t('The design is version {0}; deployed is version {1}.', read, version),
    ...(said === undefined ? [] : [l10n.t('The design as it is now says: {0}.', said)]),
    ...notes,
  ];
}

/** The channel with the endpoint's address, the most exact one; one that is alone is it, whatever its address. */
function channelOf(
  channels: readonly DesignedChannel[],
  { url }: DeployedEndpoint,
  parameters: ParametersFact,
): DesignedChannel | undefined {
  const path = pathOf(url).toLowerCase();
  const called = channels.filter(
    ({ adapter, properties }) =>
      adapter !== 'ProcessDirect' &&
      [...property.addresses, property.authorization].some((name) => properties.has(name)),
  );
  const fits = called
    .flatMap((channel) => {
      const address = property.addresses
        .map((name) => new Values(parameters).of(channel.properties.get(name)))
        .find((value) => value !== undefined && value !== '');
      const own = address === undefined ? '' : pathOf(`/${address.replace(/^\//, '')}`).toLowerCase();
      return own !== '' && path.endsWith(own) ? [{ channel, own }] : [];
    })
    .toSorted((a, b) => b.own.length - a.own.length);
  const [best, second] = fits;
  if (best !== undefined) {
    return best.own === second?.own ? undefined : best.channel;
  }
  return called.length === 1 ? called[0] : undefined;
}

function certificatesOf(channel: DesignedChannel, values: Values): AdapterFacts['certificates'] {
  const rows = readTable(channel.properties.get(property.certificates) ?? '').map((row) => ({
    subjectDn: values.of(row.get(property.subjectDn)),
    issuerDn: values.of(row.get(property.issuerDn)),
  }));
  const whole = rows.flatMap(({ subjectDn, issuerDn }) =>
    subjectDn === undefined || issuerDn === undefined ? [] : [{ subjectDn, issuerDn }],
  );
  // One that is not known could be the one that is looked for.
  return whole.length === rows.length ? whole : undefined;
}

/** Values of properties with their parameters put in; remembers what could not be. */
class Values {
  private readonly unknown = new Set<string>();

  constructor(private readonly parameters: ParametersFact) {}

  /** Undefined where the property is absent or a parameter of it is not known. */
  of(written: string | undefined): string | undefined {
    if (written === undefined) {
      return undefined;
    }
    const missing: string[] = [];
    const value = written.replaceAll(/\{\{([^{}]+)\}\}/g, (_, key: string) => {
      const found = this.parameters.kind === 'known' ? this.parameters.values.get(key.trim()) : undefined;
      if (found === undefined) {
        missing.push(key.trim());
      }
      return found ?? '';
    });
    missing.forEach((key) => this.unknown.add(key));
    return missing.length === 0 ? value.trim() : undefined;
  }

  missing(): readonly string[] {
    if (this.unknown.size === 0) {
      return [];
    }
    return [
      l10n.t(
        'Not known: the value of the parameter {0}.',
        [...this.unknown].map((key) => `"${key}"`).join(', '),
      ),
      ...(this.parameters.kind === 'notKnown' ? [this.parameters.reason] : []),
    ];
  }
}

/** True where a channel cannot be read without the parameters of its flow. */
export function needsParameters(channels: readonly DesignedChannel[]): boolean {
  const names = [...property.addresses, property.authorization, property.userRole, property.certificates];
  return channels.some(({ properties }) => names.some((name) => properties.get(name)?.includes('{{')));
}

/**
 * What parameters may say where the model cannot be read. Their names are the author's choice, so this is never more than
 * "perhaps"; the names asked for are those that SAP's editor proposes.
 */
function guesses(parameters: ParametersFact): readonly string[] {
  if (parameters.kind === 'notKnown') {
    return [];
  }
  return [...parameters.values].flatMap(([key, value]) => {
    const name = key.replaceAll(/[^A-Za-z]/g, '').toLowerCase();
    if (name.endsWith('userrole') && /^[A-Za-z0-9_.]+$/.test(value)) {
      return [l10n.t('Perhaps it asks for the role {0}: the parameter "{1}" says so.', value, key)];
    }
    const authorization = authorizations.get(value.replaceAll(/[^A-Za-z]/g, '').toLowerCase());
    return authorization !== undefined && /(?:senderauthtype|authorization)$/.test(name)
      ? [
          authorization === 'userRole'
            ? l10n.t('Perhaps it authorizes by User Role: the parameter "{0}" says so.', key)
            : l10n.t('Perhaps it authorizes by Client Certificate: the parameter "{0}" says so.', key),
        ]
      : [];
  });
}
