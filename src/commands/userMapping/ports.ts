import type { SenderSetUp } from '../../inbound/senderSetUp.js';
import type { InboundPlace } from '../../services/inboundState.js';
import type { IssuerSource } from '../../services/issuers.js';
import type { UserMappings } from '../../services/userMappings.js';
import type { PartsPorts } from '../file/parts.js';
import type { Files } from '../files.js';

/** What the commands of certificate-to-user mappings need besides the environment. */
export interface UserMappingPorts extends PartsPorts {
  readonly files: Files;
  readonly mappings: UserMappings;
  /** Shows and selects a row of Inbound Clients; false where it is not there. */
  readonly reveal: (place: InboundPlace) => Promise<boolean>;
  /** Where missing issuers are looked for; never the network beyond connected tenants. */
  readonly issuerSources: (onGap: (told: string) => void) => readonly IssuerSource[];
  /** Set-ups of senders, which may name the role that a user needs. */
  readonly setUps: () => readonly SenderSetUp[];
}
