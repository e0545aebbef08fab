import * as l10n from '@vscode/l10n';
import type { AdapterFacts } from './adapterStage.js';
import { findEndpoint, type DeployedEndpoint } from './deployedEndpoints.js';
import { sameNames } from './sameName.js';
import type { SenderCertificate } from './senderCertificate.js';
import type { SenderSetUp, Way } from './senderSetUp.js';

/** One field of the sender adapter with the exact value to enter. */
export interface AdapterSetting {
  readonly id: string;
  readonly name: string;
  /** Undefined where it is not known without a certificate. */
  readonly value: string | undefined;
}

/** What to enter in the sender adapter; names of fields and values as SAP's page shows them. */
export function adapterSettings(
  way: Way,
  certificate: Pick<SenderCertificate, 'subjectDn' | 'issuerDn'> | undefined,
  userRole: string,
): readonly AdapterSetting[] {
  return way === 'mapping'
    ? [
        { id: 'mapping.authorization', name: 'Authorization', value: 'User Role' },
        { id: 'mapping.userRole', name: 'User Role', value: userRole },
      ]
    : [
        { id: 'adapter.authorization', name: 'Authorization', value: 'Client Certificate' },
        { id: 'adapter.subjectDn', name: 'Subject DN', value: certificate?.subjectDn },
        { id: 'adapter.issuerDn', name: 'Issuer DN', value: certificate?.issuerDn },
      ];
}

/** A way of the mission in words: what it is and what it costs. */
export interface WayDescription {
  readonly way: Way;
  readonly title: string;
  readonly consequence: string;
  readonly detail: string;
}

/** Both ways, the recommended one first. */
export function describeWays(): readonly WayDescription[] {
  return [
    {
      way: 'mapping',
      title: l10n.t('Recommended: certificate-to-user mapping with User Role'),
      consequence: l10n.t('A new certificate needs no redeployment.'),
      detail: l10n.t(
        'On Cloud Foundry a service key of plan integration-flow holds the certificate, on Neo a certificate-to-user mapping. The role decides who may call.',
      ),
    },
    {
      way: 'adapter',
      title: l10n.t('Instead: certificate in the sender adapter'),
      consequence: l10n.t('Each change needs a redeployment and a short downtime. SAP advises against it.'),
      detail: l10n.t(
        'The integration flow itself lists subject and issuer, and only these are compared. A further sender or a renewed certificate means a redeployment.',
      ),
    },
  ];
}

/** A deployed sender adapter whose design has been read. */
export interface AdapterRead {
  readonly endpoint: DeployedEndpoint;
  /** What it lists; undefined where it is not told, or where it authorizes by role. */
  readonly certificates: AdapterFacts['certificates'];
}

/**
 * What must be redeployed, on the way of the adapter, whenever the certificate changes: the flows of set-ups and those whose design
 * was read, as far as they list its names. Others may list it as well: designs are read for set-ups only.
 */
export function redeployedFlows(
  setUp: SenderSetUp,
  all: readonly { readonly setUp: SenderSetUp; readonly certificate: SenderCertificate | undefined }[],
  read: readonly AdapterRead[],
): readonly string[] {
  const own = all.find((one) => one.setUp.id === setUp.id)?.certificate;
  const chosen = all.flatMap((one) =>
    one.setUp.way === 'adapter' &&
    one.setUp.tenantId === setUp.tenantId &&
    one.setUp.endpoint !== undefined &&
    (one.setUp.id === setUp.id || (own !== undefined && sameNames(own, one.certificate)))
      ? [one.setUp.endpoint]
      : [],
  );
  const further = read.filter(
    ({ endpoint, certificates = [] }) =>
      certificates.some((names) => sameNames(names, own)) &&
      !chosen.some((one) => findEndpoint([endpoint], one).kind === 'found'),
  );
  const flows = [
    ...chosen.map(({ flow, address }) => (flow === undefined ? address : flowAt(flow, address))),
    ...further.map(({ endpoint: { flowName, url } }) => flowAt(flowName, url)),
  ];
  return [...new Set(flows)];
}

function flowAt(flow: string, address: string): string {
  return `${flow} (${address})`;
}
