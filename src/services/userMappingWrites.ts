import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { certificateOfMapping } from '../inbound/userMapping.js';
import {
  demandMappable,
  mappingId,
  type CertificateUserMapping,
  type UserMappingClient,
} from '../tenant/certificateUserMappings.js';
import { performAndReadBack } from './writeReadBack.js';

/** What a change of a mapping did, read back from the tenant. */
export interface MappingWriteResult {
  readonly before: CertificateUserMapping | undefined;
  /** Undefined where the mapping is gone. */
  readonly after: CertificateUserMapping | undefined;
  /** True where the tenant's answer was lost and only reading back told what happened. */
  readonly answerLost: boolean;
}

/**
 * Maps a certificate to a user. The tenant overwrites silently, so what is there is read before: it must be what was seen,
 * otherwise `already-exists` with `details.user` and nothing is sent. Throws what `performAndReadBack` throws.
 */
export async function mapCertificate(
  client: UserMappingClient,
  wish: {
    readonly der: Uint8Array;
    readonly user: string;
    /** What was seen; undefined where the certificate is mapped to nobody. */
    readonly seen: Pick<CertificateUserMapping, 'id' | 'user'> | undefined;
  },
  signal: AbortSignal,
): Promise<MappingWriteResult> {
  const { der, seen } = wish;
  const id = seen?.id ?? mappingId(der);
  const user = wish.user.trim();
  demandMappable(wish);
  const before = await client.read(id, signal);
  demandExpected(before, seen?.user);
  const { state, answerLost } = await performAndReadBack({
    perform: () => client.map({ der, user }, signal),
    read: (own) => readMappingOf(client, { id, der }, own),
    isPerformed: (after) => after?.user === user,
    alias: user,
  });
  return { before, after: state, answerLost };
}

/** Removes a mapping that still is what the person saw; one that is gone already is no error: `before` is undefined then. */
export async function deleteMapping(
  client: UserMappingClient,
  { id, user }: Pick<CertificateUserMapping, 'id' | 'user'>,
  signal: AbortSignal,
): Promise<MappingWriteResult> {
  const before = await client.read(id, signal);
  if (before === undefined) {
    return { before, after: undefined, answerLost: false };
  }
  demandExpected(before, user);
  const { state, answerLost } = await performAndReadBack({
    perform: () => client.delete(id, signal),
    read: (own) => client.read(id, own),
    isPerformed: (after) => after === undefined,
    alias: user,
  });
  return { before, after: state, answerLost };
}

/** By the identifier that is computed here; a tenant that computes another is looked through by the certificate itself. */
async function readMappingOf(
  client: UserMappingClient,
  { id, der }: { readonly id: string; readonly der: Uint8Array },
  signal: AbortSignal,
): Promise<CertificateUserMapping | undefined> {
  const found = await client.read(id, signal);
  if (found !== undefined) {
    return found;
  }
  const all = await client.list(signal);
  return all.kind === 'known'
    ? all.mappings.find((mapping) => {
        const certificate = certificateOfMapping(mapping);
        return certificate !== undefined && Buffer.compare(certificate.der, der) === 0;
      })
    : undefined;
}

function demandExpected(before: CertificateUserMapping | undefined, expected: string | undefined): void {
  if (before?.user === expected) {
    return;
  }
  throw new KeystoreError('already-exists', 'the mapping is not what was seen', {
    details: {
      performed: 'no',
      user: before?.user,
      explanation:
        before === undefined
          ? l10n.t(
              'The mapping is gone, perhaps deleted elsewhere. Nothing was sent. Refresh, then decide again.',
            )
          : l10n.t(
              'The certificate is mapped to the user "{0}" by now. SAP would overwrite that without a question, so nothing was sent. Refresh, then decide again.',
              before.user,
            ),
    },
  });
}
