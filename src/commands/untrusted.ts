import * as l10n from '@vscode/l10n';
import type { UntrustedChain } from '../services/writeReadBack.js';
import type { Environment } from './environment.js';

/** Asks whether a certificate that the tenant does not trust (409) is the one that is meant; both fingerprints are shown. */
export async function confirmUntrusted(
  { prompts }: Pick<Environment, 'prompts'>,
  alias: string,
  { sentFingerprint, tenantFingerprint }: UntrustedChain,
): Promise<boolean> {
  const differs = tenantFingerprint !== undefined && tenantFingerprint.toUpperCase() !== sentFingerprint;
  return await prompts.confirm({
    message: l10n.t(
      'The tenant cannot build a trust path for "{0}". Is this the certificate you expect?',
      alias,
    ),
    detail: [
      l10n.t('SHA-256 of what is sent: {0}', sentFingerprint),
      tenantFingerprint === undefined
        ? l10n.t('The tenant names no fingerprint.')
        : l10n.t('SHA-256 that the tenant names: {0}', tenantFingerprint),
      ...(differs
        ? [l10n.t('They differ: the tenant names another certificate of the chain, such as its top.')]
        : []),
      l10n.t('Compare it with what the certificate authority published before you go on.'),
    ].join('\n'),
    action: l10n.t('Fingerprint Is Right'),
  });
}
