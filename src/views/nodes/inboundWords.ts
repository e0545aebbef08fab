import * as l10n from '@vscode/l10n';
import type { InboundKey } from '../../inbound/inboundClients.js';
import { subjectOf, type KeyType } from '../../inbound/keyContent.js';
import type { CfLastOperation } from '../../platform/cfResources.js';
import { labelText } from '../../ui/visibleText.js';
import { commonName } from './commonName.js';
import type { InboundFactId } from './inboundModel.js';
import type { PresentedIcon } from './presentation.js';

/** What calls fail with. */
export const problem: PresentedIcon = { id: 'error', color: 'list.errorForeground' };

/** What needs attention. */
export const warning: PresentedIcon = { id: 'warning', color: 'list.warningForeground' };

/** The icon of the worst of what was raised; undefined where nothing asks for attention. */
export function worstIcon(raised: readonly { readonly level: string }[]): PresentedIcon | undefined {
  return raised.some(({ level }) => level === 'problem')
    ? problem
    : raised.some(({ level }) => level === 'warning')
      ? warning
      : undefined;
}

/** Flags of the certificate's dates, which a row tells by its validity, and all others. */
export function partedByEnd<T extends { readonly id: string }>(
  raised: readonly T[],
): readonly [readonly T[], readonly T[]] {
  const isOfDates = ({ id }: T): boolean => ['expired', 'expiring', 'notYetValid'].includes(id);
  return [raised.filter(isOfDates), raised.filter((flag) => !isOfDates(flag))];
}

/** A check in a few words. */
export function checkText(id: InboundFactId): string {
  switch (id) {
    case 'expired':
      return l10n.t('Expired');
    case 'expiring':
      return l10n.t('Expires soon');
    case 'notYetValid':
      return l10n.t('Not valid yet');
    case 'sameCertificate':
      return l10n.t('Same certificate in two keys');
    case 'pinnedBesideUnpinned':
      return l10n.t('Pinned beside unpinned');
    case 'unpinnedPair':
      return l10n.t('Two unpinned keys with equal names');
    case 'rootNotListed':
      return l10n.t('Root not on the list');
    case 'noClientAuthentication':
      return l10n.t('Client authentication missing');
    case 'missingRole':
      return l10n.t('Role missing');
    case 'noCertificate':
      return l10n.t('No certificate');
    case 'oldSecret':
      return l10n.t('Secret older than a year');
    case 'deprecatedGrantType':
      return l10n.t('Grant type client_x509 is deprecated');
    case 'noClientCredentials':
      return l10n.t('Grant type client_credentials is missing');
    case 'noRole':
      return l10n.t('No role');
    case 'pinning':
      return l10n.t('Pinned or not');
    case 'otherIdentifier':
      return l10n.t('Identifier of another certificate');
    case 'similarUser':
      return l10n.t('User that differs in case only');
    case 'severalCertificates':
      return l10n.t('Several certificates of one user');
    case 'role':
      return l10n.t('Role');
    case 'size':
      return l10n.t('Nearly full');
  }
}

/** What a key's holder proves who they are with. */
export function keyTypeText(type: KeyType): string {
  switch (type) {
    case 'clientSecret':
      return l10n.t('client secret');
    case 'certificateBySap':
      return l10n.t('certificate made by SAP');
    case 'externalCertificate':
      return l10n.t('external certificate');
    case 'unknown':
      return l10n.t('neither certificate nor secret');
  }
}

/** Whether an external certificate is pinned; undefined where the word means nothing. */
export function pinningText({ reading, pinning }: InboundKey): string | undefined {
  if (reading.kind !== 'read' || reading.content.type !== 'externalCertificate') {
    return undefined;
  }
  switch (pinning.kind) {
    case 'pinned':
      return l10n.t('pinned');
    case 'unpinned':
      return l10n.t('not pinned');
    case 'notKnown':
      return l10n.t('pinning not known');
  }
}

/** What Cloud Foundry is doing, or has failed to do; undefined where all went well. */
export function operationText(operation: CfLastOperation | undefined): string | undefined {
  switch (operation?.state) {
    case 'initial':
    case 'in progress':
      return operation.type === 'create'
        ? l10n.t('being created')
        : operation.type === 'delete'
          ? l10n.t('being deleted')
          : l10n.t('being changed');
    case 'failed':
      return operation.type === 'create'
        ? l10n.t('creation failed')
        : operation.type === 'delete'
          ? l10n.t('deletion failed')
          : l10n.t('change failed');
    default:
      return undefined;
  }
}

/** The subject of the certificate in a key; undefined where it is not known, or there is none. */
export function keySubject({ reading }: InboundKey): string | undefined {
  return reading.kind === 'read' ? subjectOf(reading.content) : undefined;
}

/** A number of keys. */
export function keyCount(count: number): string {
  return count === 1 ? l10n.t('1 key') : l10n.t('{0} keys', count);
}

/** The common name where there is one, as the part by which people know a sender. */
export function shortSubject(subject: string): string {
  const name = commonName(subject);
  return labelText(name === undefined ? subject : `CN=${name}`, 80);
}
