import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { isPracticeCertificate } from '../pki/practiceMarker.js';
import type { Connection } from '../services/connection.js';
import type { Environment } from './environment.js';

/** The practice tenant, if one is connected and its CA has signed one of these: its own list names that CA, no other does. */
export function practiceTenantOf(
  connections: Pick<Environment['connections'], 'list'>,
  certificates: readonly Certificate[],
): Connection | undefined {
  return certificates.some(isPracticeCertificate)
    ? connections.list().find(({ practice }) => practice)
    : undefined;
}

/**
 * Whether a certificate leads to an authority that counts for calls of a tenant: it is one, or one has issued it. Where the lists
 * of the setting cannot be used, nothing does; the verdict says why.
 */
export async function listedAuthority(
  { trust }: Pick<Environment, 'trust'>,
  connection: Connection | undefined,
): Promise<(certificate: Certificate) => boolean> {
  const [{ inboundPurpose }, { rootReason }] = await Promise.all([
    import('../inbound/inboundPurpose.js'),
    import('../inbound/rootOnList.js'),
  ]);
  try {
    const list = (await trust(connection))[inboundPurpose(connection?.address)];
    return (certificate) => rootReason(certificate, list)?.reason.kind === 'ok';
  } catch (error) {
    if (KeystoreError.is(error)) {
      return () => false;
    }
    throw error;
  }
}
