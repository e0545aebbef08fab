import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { MappingFact } from '../inbound/mappingStage.js';
import type { Reading } from '../inbound/reading.js';
import type { Certificate } from '../pki/certificate.js';
import { mappingId } from '../tenant/certificateUserMappings.js';
import type { UserMappings } from './userMappings.js';
import { knownMappings } from './userMappingsState.js';

/** What the mappings of Neo are read with. */
export interface UserMappingFactsOptions {
  readonly userMappings: Pick<UserMappings, 'status' | 'load' | 'refresh'>;
  /** A failure in words for people. */
  readonly reasonOf: (error: unknown, title: string) => string;
}

/** Whether a tenant of Neo maps a sender's certificate, and to whom. */
export class UserMappingFacts {
  constructor(private readonly options: UserMappingFactsOptions) {}

  /** What is known of a tenant's mapping of a certificate; starts reading where nothing is. */
  of(tenantId: string, leaf: Reading<Certificate | undefined> | undefined): MappingFact {
    const { userMappings, reasonOf } = this.options;
    const status = userMappings.status(tenantId);
    if (status.kind === 'notLoaded') {
      // Not at once: loading tells of a change, and this is asked for while one is told.
      queueMicrotask(() => userMappings.load(tenantId));
    }
    const known = knownMappings(status);
    if (status.kind === 'notOffered') {
      return {
        kind: 'notKnown',
        reason: l10n.t('The tenant has no certificate-to-user mappings, as is so on Cloud Foundry.'),
      };
    }
    if (known === undefined) {
      return status.kind === 'failed'
        ? {
            kind: 'notKnown',
            reason: reasonOf(
              new KeystoreError(status.failure.code, 'the mappings could not be read', {
                details:
                  status.failure.explanation === undefined ? {} : { explanation: status.failure.explanation },
              }),
              l10n.t('Read mappings'),
            ),
            next: 'refresh',
          }
        : { kind: 'notKnown', reason: l10n.t('The certificate-to-user mappings are being read.') };
    }
    if (leaf === undefined || leaf.kind === 'reading') {
      return { kind: 'notKnown', reason: l10n.t('The certificate of the sender is being read.') };
    }
    if (leaf.kind === 'failed' || leaf.value === undefined) {
      return {
        kind: 'notKnown',
        reason:
          leaf.kind === 'failed' ? leaf.reason : l10n.t('The certificate of the sender is not at hand.'),
        next: 'refresh',
      };
    }
    const { der, sha256 } = leaf.value;
    const id = mappingId(der);
    const found = known.find((mapping) => mapping.id === id || mapping.certificate?.sha256 === sha256);
    return { kind: 'neo', user: found?.user, id: found?.id ?? id, count: known.length };
  }

  /** Resolves when the mappings of a tenant have been read. */
  async settled(tenantId: string): Promise<void> {
    const { userMappings } = this.options;
    const { kind } = userMappings.status(tenantId);
    if (kind === 'notLoaded' || kind === 'loading') {
      await userMappings.refresh(tenantId);
    }
  }
}
