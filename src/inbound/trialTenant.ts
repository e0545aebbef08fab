import * as l10n from '@vscode/l10n';
import { isPredeliveredKeyPair } from '../tenant/entryKind.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { isNeoTenant, isTrialHost, type TenantAddress } from '../tenant/tenantAddress.js';

/**
 * Why a tenant takes no client certificates at all: it is a trial tenant, told by its host or by the lack of SAP's key pair.
 * Undefined where nothing tells it, also while the keystore is not read.
 */
export function trialReason(
  { name, address }: { readonly name: string; readonly address: TenantAddress },
  entries: readonly KeystoreEntry[] | undefined,
): string | undefined {
  if (isTrialHost(address.url)) {
    return l10n.t('"{0}" is a trial tenant, told by its host: it takes no client certificates.', name);
  }
  return isNeoTenant(address) || entries === undefined || entries.some(isPredeliveredKeyPair)
    ? undefined
    : l10n.t(
        'The keystore of "{0}" lacks the key pair that SAP delivers, as is so on trial tenants: those take no client certificates.',
        name,
      );
}

/** What to do instead. */
export function trialWayOut(): string {
  return l10n.t('Choose a tenant that is no trial, or have the sender call with a client id and secret.');
}
