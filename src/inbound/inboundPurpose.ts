import { isNeoTenant, type TenantAddress } from '../tenant/tenantAddress.js';

/** For which purpose, and so by which of SAP's lists, a certificate is judged with which a sender calls a tenant. */
export function inboundPurpose(address: TenantAddress | undefined): 'integrationFlow' | 'neo' {
  return address !== undefined && isNeoTenant(address) ? 'neo' : 'integrationFlow';
}
