import * as l10n from '@vscode/l10n';
import { countExpiring, type ExpiryCount } from './expiry.js';
import { failureState } from './failureState.js';
import { knownEntries, type TenantNode, type TenantState, type TenantStatus } from './model.js';
import { joined, traits, type Presentation, type PresentedNode } from './presentation.js';
import { labelText } from '../../ui/visibleText.js';

/** The row of a tenant: "ACME Dev", "DEV · 47 entries · 2 expire soon". */
export function presentTenant(node: TenantNode, presentation: Presentation): PresentedNode {
  const { tenant } = node;
  const label = labelText(tenant.name);
  const description = joined(
    stageText(tenant),
    ...countTexts(tenant.status, presentation),
    statusText(tenant.status),
  );
  return {
    label,
    description,
    icon: tenantIcon(tenant),
    contextValue: traits(
      'tenant',
      tenant.practice && 'practice',
      tenant.isNeo && 'neo',
      tenant.stage === 'PRD' && 'production',
      statusTrait(tenant.status),
    ),
    accessibilityLabel: [
      tenant.practice ? l10n.t('practice tenant {0}', label) : l10n.t('tenant {0}', label),
      ...(tenant.stage === undefined || tenant.practice ? [] : [tenant.stage]),
      ...countTexts(tenant.status, presentation),
      ...optional(statusText(tenant.status)),
    ].join(', '),
    collapsible: node.isOnly ? 'expanded' : 'collapsed',
  };
}

/** "2 expire soon", "1 has expired": what needs attention, nothing where nothing does. */
export function attentionTexts({ expired, soon }: ExpiryCount): readonly string[] {
  return [
    ...(expired === 0 ? [] : [expired === 1 ? l10n.t('1 expired') : l10n.t('{0} expired', expired)]),
    ...(soon === 0 ? [] : [soon === 1 ? l10n.t('1 expires soon') : l10n.t('{0} expire soon', soon)]),
  ];
}

/** How many entries, and how many of them need attention. */
export function countTexts(status: TenantStatus, { now, warningDays }: Presentation): readonly string[] {
  const entries = knownEntries(status);
  if (entries === undefined) {
    return [];
  }
  return [
    entries.length === 1 ? l10n.t('1 entry') : l10n.t('{0} entries', entries.length),
    ...attentionTexts(countExpiring(entries, now, warningDays)),
  ];
}

/** Practice, or the stage. */
export function stageText(tenant: TenantState): string | undefined {
  return tenant.practice ? l10n.t('practice') : tenant.stage;
}

/** How it stands with a tenant; undefined where nothing is to be said. */
export function statusText(status: TenantStatus): string | undefined {
  switch (status.kind) {
    case 'notLoaded':
    case 'loaded':
      return undefined;
    case 'loading':
      return l10n.t('reading…');
    case 'signedOut':
      return l10n.t('signed out');
    case 'failed':
      switch (failureState(status.code)) {
        case 'offline':
          return l10n.t('offline');
        case 'signedOut':
          return l10n.t('signed out');
        case 'unauthorized':
          return l10n.t('not authorized');
        case 'forbidden':
          return l10n.t('no permission');
        case 'untrusted':
          return l10n.t('server not trusted');
        case 'busy':
          return l10n.t('no answer');
        case 'stale':
          return l10n.t('reload needed');
        default:
          return l10n.t('could not be read');
      }
  }
}

function statusTrait(status: TenantStatus): string {
  switch (status.kind) {
    case 'loaded':
      return 'connected';
    case 'loading':
      // Menus of a tenant that was read before do not flicker while it is read again.
      return status.previous === undefined ? 'loading' : 'connected';
    case 'failed':
      return failureState(status.code) === 'signedOut' ? 'signedOut' : 'failed';
    case 'notLoaded':
    case 'signedOut':
      return status.kind;
  }
}

function tenantIcon(tenant: TenantState): PresentedNode['icon'] {
  switch (tenant.status.kind) {
    case 'failed':
      return { id: 'warning', color: 'list.warningForeground' };
    case 'signedOut':
      return { id: 'debug-disconnect' };
    case 'notLoaded':
    case 'loading':
    case 'loaded':
      return { id: tenant.practice ? 'beaker' : 'server-environment' };
  }
}

function optional(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
