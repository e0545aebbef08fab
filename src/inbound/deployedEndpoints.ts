import type { RuntimeArtifact, ServiceEndpoint } from '../tenant/integrationContent.js';
import type { ChosenEndpoint } from './senderSetUp.js';

/** An address of a deployed integration flow, with what the tenant tells of the flow. */
export interface DeployedEndpoint {
  /** As the tenant tells it. */
  readonly url: string;
  /** Such as `REST` or `SOAP`. */
  readonly protocol: string | undefined;
  readonly flowId: string;
  readonly flowName: string;
  /** Of the flow that is deployed. */
  readonly version: string | undefined;
  /** Such as `STARTED` or `ERROR`. */
  readonly status: string | undefined;
}

/** What a set-up's endpoint is among those that are deployed. */
export type EndpointMatch =
  | { readonly kind: 'found'; readonly endpoint: DeployedEndpoint; readonly differsInCase: boolean }
  | { readonly kind: 'none' };

/** Puts endpoints and deployed flows together, in the order of flows and addresses. */
export function deployedEndpoints(
  endpoints: readonly ServiceEndpoint[],
  artifacts: readonly RuntimeArtifact[],
): readonly DeployedEndpoint[] {
  return endpoints
    .flatMap((endpoint) => {
      const flow = flowOf(endpoint, artifacts);
      return endpoint.urls.map((url) => ({
        url,
        protocol: endpoint.protocol,
        flowId: flow?.id ?? idOf(endpoint),
        flowName: flow?.name ?? endpoint.name,
        version: flow?.version,
        status: flow?.status,
      }));
    })
    .toSorted((a, b) => compare(a.flowName, b.flowName) || compare(a.url, b.url));
}

/** The endpoint that a person chose, by its whole address, or by its path where only that was entered. */
export function findEndpoint(
  endpoints: readonly DeployedEndpoint[],
  { address }: Pick<ChosenEndpoint, 'address'>,
): EndpointMatch {
  const chosen = keyOf(address);
  const keysOf = (url: string): readonly string[] => {
    const path = pathOf(url);
    // The path as a sender calls it, or as the field Address of the adapter has it.
    return address.startsWith('/') ? [path, path.replace(/^\/(?:http|cxf)(?=\/)/, '')] : [keyOf(url)];
  };
  const same = (fold: (key: string) => string): DeployedEndpoint | undefined =>
    endpoints.find(({ url }) => keysOf(url).some((key) => fold(key) === fold(chosen)));
  const exact = same((key) => key);
  // SAP's pages disagree on whether the case of an address matters, so another case is found and told.
  const endpoint = exact ?? same((key) => key.toLowerCase());
  return endpoint === undefined
    ? { kind: 'none' }
    : { kind: 'found', endpoint, differsInCase: exact === undefined };
}

/** The path of an address without what stands for everything below it. */
export function pathOf(address: string): string {
  let path = address;
  if (!address.startsWith('/')) {
    try {
      path = decodeURI(new URL(address).pathname);
    } catch {
      return address;
    }
  }
  return path.replace(/(?<!\/\*?)(?:\/\*?)+$/, '') || '/';
}

function keyOf(address: string): string {
  try {
    return address.startsWith('/') ? pathOf(address) : new URL(address).origin + pathOf(address);
  } catch {
    return address;
  }
}

/** The id of an endpoint begins with the id of its flow; its name may be the flow's id or name. */
function flowOf(
  endpoint: ServiceEndpoint,
  artifacts: readonly RuntimeArtifact[],
): RuntimeArtifact | undefined {
  return (
    artifacts.find(({ id }) => id === idOf(endpoint)) ??
    artifacts.find(({ id }) => id === endpoint.name) ??
    artifacts.find(({ name }) => name === endpoint.name)
  );
}

function idOf({ id }: ServiceEndpoint): string {
  const end = id.indexOf('$');
  return end === -1 ? id : id.slice(0, end);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en');
}
