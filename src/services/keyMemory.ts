import type { InboundKey } from '../inbound/inboundClients.js';
import type { CloudFoundry } from './cloudFoundry.js';
import { Listeners } from './listeners.js';

/** What became known of a key by reading it; nothing of it is secret. */
export type KnownKey = Pick<InboundKey, 'reading' | 'pinning'>;

/** What keys hold, by guid. */
export type KnownKeys = Map<string, KnownKey>;

/**
 * What this window has read of the service keys of each tenant: one memory for the view, the mapping pages and the commands. A
 * key never changes, and what it holds comes with its secrets only, so each is read once for one sign-in.
 */
export class KeyMemory {
  private readonly changes = new Listeners<{ readonly tenantId: string; readonly by: object }>();
  /** Fires when somebody has put what they read into the memory. */
  readonly onDidChange = this.changes.listen;
  private readonly listings = new Listeners<string>();
  /** Fires with the id of a tenant whose keys are being listed anew: what others have listed of it may be out of date. */
  readonly onDidList = this.listings.listen;
  private readonly tenants = new Map<string, { readonly signIn: string; readonly keys: KnownKeys }>();

  constructor(private readonly cloudFoundry: Pick<CloudFoundry, 'state'>) {}

  /** The keys of a tenant, as the person sees them who is signed in now; another sign-in begins anew. */
  of(tenantId: string): KnownKeys {
    const state = this.cloudFoundry.state(tenantId);
    const signIn = state.kind === 'signedOut' ? '' : JSON.stringify([state.endpoint.apiUrl, state.user]);
    const known = this.tenants.get(tenantId);
    if (known?.signIn === signIn) {
      return known.keys;
    }
    const keys: KnownKeys = new Map();
    this.tenants.set(tenantId, { signIn, keys });
    return keys;
  }

  /** Tells the others that `by` has read something. */
  tell(tenantId: string, by: object): void {
    this.changes.fire({ tenantId, by });
  }

  /** Tells the others that a tenant's keys are being listed anew. */
  tellListing(tenantId: string): void {
    this.listings.fire(tenantId);
  }

  dispose(): void {
    this.changes.dispose();
    this.listings.dispose();
  }
}
