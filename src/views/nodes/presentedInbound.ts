import type { PresentedNode } from './presentation.js';

/** Commands that a state of Inbound Clients offers as the next step. */
export const inboundSteps = [
  'ciKeystore.cloudFoundry.signIn',
  'ciKeystore.cloudFoundry.chooseSpace',
  'ciKeystore.inboundClients.refresh',
  'ciKeystore.inboundClients.allSpaces',
  'ciKeystore.serviceInstance.create',
  'ciKeystore.serviceKey.create',
  'ciKeystore.log.show',
  'ciKeystore.tenant.signIn',
  'ciKeystore.tenant.edit',
  'ciKeystore.userMapping.create',
] as const;

/** One of the commands of `inboundSteps`. */
export type InboundStep = (typeof inboundSteps)[number];

/** A row of Inbound Clients as plain data. */
export interface PresentedInbound extends Omit<PresentedNode, 'command'> {
  /** What selecting the row does; only rows of a state have it. */
  readonly command?: { readonly id: InboundStep; readonly title: string };
}
