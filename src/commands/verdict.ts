import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { AcceptanceRequest } from '../inbound/acceptance.js';
import type { Reason } from '../inbound/acceptanceReason.js';
import type { Connection } from '../services/connection.js';
import type { Environment } from './environment.js';

/**
 * The verdict in lines for a question: the answer, then every reason with a word, then the lists. Where the lists of the setting
 * cannot be used, the only line says that nothing was judged, and why.
 */
export async function verdictLines(
  { trust, now }: Pick<Environment, 'trust' | 'now'>,
  connection: Connection | undefined,
  request: Pick<AcceptanceRequest, 'chain' | 'extra' | 'purpose' | 'option'>,
): Promise<readonly string[]> {
  const { judgeAcceptance } = await import('../inbound/acceptance.js');
  try {
    const { title, reasons, sources } = judgeAcceptance({
      ...request,
      lists: await trust(connection),
      now: now(),
    });
    const rest = reasons.filter(({ text }) => !title.endsWith(text));
    return [
      request.purpose === 'outbound'
        ? l10n.t('Will the receiver accept it? {0}', title)
        : l10n.t("Will SAP's load balancer accept it? {0}", title),
      ...rest.map((reason) => `${word(reason)} ${reason.text}`),
      ...sources.map(({ name, version, date }) =>
        date === ''
          ? l10n.t('Source: {0}, {1}', name, version)
          : l10n.t('Source: {0}, {1} of {2}', name, version, date),
      ),
    ];
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const { explanation } = error.details;
    return [l10n.t('Not judged: {0}', typeof explanation === 'string' ? explanation : error.message)];
  }
}

function word({ kind }: Reason): string {
  switch (kind) {
    case 'ok':
      return l10n.t('OK:');
    case 'warning':
      return l10n.t('Warning:');
    case 'problem':
      return l10n.t('Problem:');
    case 'unknown':
      return l10n.t('Not known:');
  }
}
