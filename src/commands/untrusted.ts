import * as l10n from '@vscode/l10n';
import { formatFingerprint, type Certificate } from '../pki/certificate.js';
import { displayName } from '../pki/distinguishedName.js';
import type { UntrustedChain } from '../services/writeReadBack.js';
import type { Environment } from './environment.js';

/**
 * Asks whether a certificate that the tenant does not trust (409) is the one that is meant. `sent` are all certificates that are sent;
 * the tenant may name the first or the top of them, and which one it names is told.
 */
export async function confirmUntrusted(
  { prompts }: Pick<Environment, 'prompts'>,
  { alias, sent }: { readonly alias: string; readonly sent: readonly Certificate[] },
  { sentFingerprint, tenantFingerprint }: UntrustedChain,
): Promise<boolean> {
  return await prompts.confirm({
    message: l10n.t(
      'The tenant cannot build a trust path for "{0}". Is this the certificate you expect?',
      alias,
    ),
    detail: [
      l10n.t('SHA-256 of what is sent: {0}', sentFingerprint),
      ...tenantLines(sent, sentFingerprint, tenantFingerprint?.toUpperCase()),
      l10n.t('Compare it with what the certificate authority published before you go on.'),
    ].join('\n'),
    action: l10n.t('Fingerprint Is Right'),
  });
}

function tenantLines(
  sent: readonly Certificate[],
  sentFingerprint: string,
  named: string | undefined,
): readonly string[] {
  if (named === undefined) {
    return [l10n.t('The tenant names no fingerprint.')];
  }
  const told = l10n.t('SHA-256 that the tenant names: {0}', named);
  if (named === sentFingerprint) {
    return [told, l10n.t('They are the same.')];
  }
  const other = sent.find(({ sha256 }) => formatFingerprint(sha256) === named);
  return [
    told,
    other === undefined
      ? l10n.t(
          'Caution: none of the certificates that are sent has it, as computed here. Go on only if you know why the tenant names another.',
        )
      : l10n.t('It is that of "{0}", which is sent too, as computed here.', displayName(other.subject)),
  ];
}
