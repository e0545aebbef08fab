import type { RenewalFacts, RenewalPlan, RenewalStanding } from '../../inbound/renewalPlan.js';
import type { Certificate } from '../../pki/certificate.js';
import type { Renewals } from '../../services/renewals.js';
import type { KeyPorts } from '../cloudFoundry/createKey.js';
import type { SenderCertificate } from '../cloudFoundry/senderCertificate.js';
import type { UserMappingPorts } from '../userMapping/ports.js';
import type { InboundPorts } from './ports.js';

/** What renewing needs beside the rest. */
export interface RenewPorts {
  readonly inbound: InboundPorts;
  readonly keys: KeyPorts;
  readonly userMappings: UserMappingPorts;
  readonly renewals: Renewals;
}

/** Where a client certificate is mapped, and how it is renewed there: service keys, or mappings of Neo. */
export interface RenewalPlace {
  /** Reads where the plan stands. */
  readonly facts: (plan: RenewalPlan) => Promise<RenewalFacts>;
  /** The certificate that is to be replaced, as `facts` found it. */
  readonly oldLeaf: (plan: RenewalPlan) => Certificate | undefined;
  /**
   * Shows what speaks against the chosen certificate before it becomes part of the plan; `Cancelled` where the person declines.
   * A place whose every way creates something reviews it then.
   */
  readonly review?: (
    plan: RenewalPlan,
    sender: SenderCertificate,
    standing: RenewalStanding,
  ) => Promise<void>;
  /** Maps the new certificate beside the old one, asking before. */
  readonly createSecond: (plan: RenewalPlan, sender: SenderCertificate) => Promise<void>;
  /** Takes the old one away, asking before. */
  readonly deleteOld: (plan: RenewalPlan) => Promise<void>;
  /** Has what shows renewals look at them again. */
  readonly planChanged: (plan: RenewalPlan) => void;
}
