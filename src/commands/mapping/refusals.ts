import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { isSelfIssuedSender, type SenderCertificate } from '../../inbound/senderCertificate.js';
import type { Connection } from '../../services/connection.js';
import { trialReason, trialWayOut } from '../../inbound/trialTenant.js';
import { hasSigningRequest } from '../../tenant/entryKind.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import type { ActionContext, Environment } from '../environment.js';

/**
 * Refuses a receiver that takes no client certificates at all: a trial tenant, told by its host or by the lack of SAP's key pair,
 * and otherwise asked.
 */
export async function refuseTrial(
  { keystores, prompts }: Pick<Environment, 'keystores' | 'prompts'>,
  receiver: Connection,
  { signal, title }: Pick<ActionContext, 'signal'> & { readonly title: string },
): Promise<void> {
  const refuse = (reason: string): never => {
    throw refused('trial', `${reason} ${trialWayOut()}`);
  };
  const byHost = trialReason(receiver, undefined);
  if (byHost !== undefined) {
    refuse(byHost);
  }
  if (isNeoTenant(receiver.address)) {
    return;
  }
  const entries = await keystores.entriesOrRead(receiver.id, signal).catch((error: unknown) => {
    if (KeystoreError.is(error)) {
      return undefined;
    }
    throw error;
  });
  if (entries === undefined) {
    const answer = await prompts.pick({
      title,
      placeholder: l10n.t(
        'The keystore of "{0}" cannot be read now, so it does not tell: is it a trial tenant?',
        receiver.name,
      ),
      items: [
        { label: l10n.t('No, not a trial tenant'), value: false },
        { label: l10n.t('Yes, a trial tenant'), value: true },
      ],
    });
    if (answer.kind === 'value' && answer.value) {
      refuse(l10n.t('Trial tenants take no client certificates.'));
    }
    return;
  }
  const byKeystore = trialReason(receiver, entries);
  if (byKeystore !== undefined) {
    refuse(byKeystore);
  }
}

/** Refuses a certificate with which no sender of this kind can ever call; one that can be signed here is let through. */
export function refuseCertificate(
  certificate: SenderCertificate,
  { caller, isCa }: { readonly caller: 'outside' | 'cloudIntegration'; readonly isCa: boolean },
): void {
  const { name, option, entry } = certificate;
  if (caller === 'outside' && !option.fitsOutsideSender) {
    throw refused(
      'tenant-key',
      l10n.t(
        'The private key of "{0}" cannot leave the tenant, so no outside sender can call with it. Have the sender make a key pair (option 4, such as with "Create Local Key Pair and Signing Request…") or use an SAP Passport (option 2), and choose its certificate.',
        name,
      ),
    );
  }
  if (isSelfIssuedSender(certificate) && !(entry !== undefined && hasSigningRequest(entry))) {
    throw refused(
      'self-signed',
      l10n.t(
        '"{0}" is self-signed: SAP\'s domain accepts only certificates that a listed authority signed. Have its signing request signed and choose the response, or use a custom domain with a trust list of your own.',
        name,
      ),
    );
  }
  if (isCa) {
    throw refused(
      'authority',
      l10n.t(
        '"{0}" is the certificate of an authority, not of a sender. Choose the sender\'s own certificate.',
        name,
      ),
    );
  }
}

/** A choice that cannot work; `reason` tells which rule, `explanation` also the way out. */
function refused(reason: string, explanation: string): KeystoreError {
  return new KeystoreError('refused', `a set-up that cannot work: ${reason}`, {
    details: { reason, explanation },
  });
}
