import * as l10n from '@vscode/l10n';
import type { Purpose, Reason } from './acceptanceReason.js';

/** 1: SAP delivers the pair; 2: SAP Passport; 3: made in the tenant; 4: made with a tool elsewhere. */
export type Option = 1 | 2 | 3 | 4;

/** Who calls: a system outside, or Cloud Integration itself. */
export type Caller = 'outside' | 'cloudIntegration';

/** What the origin of the key pair says of the direction it fits. */
export function optionReason(
  purpose: Purpose,
  { option, caller }: { readonly option?: Option | undefined; readonly caller?: Caller | undefined },
): readonly Reason[] {
  if (option === undefined) {
    return [];
  }
  const about = 'option';
  const isOfTenant = option === 1 || option === 3;
  if (purpose === 'outbound') {
    return [
      isOfTenant
        ? {
            about,
            kind: 'ok',
            text: l10n.t('Option {0}: the tenant holds the key, as outbound calls need it.', option),
          }
        : {
            about,
            kind: 'warning',
            text: l10n.t(
              'Option {0}: the key was made outside. Outbound calls work only where the key pair, not just its certificate, is in the tenant keystore.',
              option,
            ),
          },
    ];
  }
  if (!isOfTenant) {
    return [{ about, kind: 'ok', text: l10n.t('Option {0}: the sender holds the private key.', option) }];
  }
  const text = l10n.t(
    'Option {0}: the private key cannot leave the tenant, so it cannot be given to an outside sender. It serves only where Cloud Integration itself is the caller.',
    option,
  );
  switch (caller) {
    case 'outside':
      return [{ about, kind: 'problem', text }];
    case 'cloudIntegration':
      return [
        { about, kind: 'ok', text: l10n.t('Option {0}: Cloud Integration calls with its own key.', option) },
      ];
    case undefined:
      return [{ about, kind: 'warning', text }];
  }
}
