import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { AcceptanceRequest } from '../inbound/acceptance.js';
import type { Reason } from '../inbound/acceptanceReason.js';
import type { Connection } from '../services/connection.js';
import type { Environment } from './environment.js';

/**
 * The verdict in lines for a question: the answer, then every reason with a word, then the lists. It is about a sender that calls the
 * tenant where no other purpose is named. Where the lists of the setting cannot be used, the only line says that nothing was judged,
 * and why.
 */
export async function verdictLines(
  { trust, now }: Pick<Environment, 'trust' | 'now'>,
  connection: Connection | undefined,
  request: Pick<AcceptanceRequest, 'chain' | 'extra' | 'option'> &
    Partial<Pick<AcceptanceRequest, 'purpose'>>,
): Promise<readonly string[]> {
  const [{ judgeAcceptance }, { inboundPurpose }] = await Promise.all([
    import('../inbound/acceptance.js'),
    import('../inbound/inboundPurpose.js'),
  ]);
  const { purpose = inboundPurpose(connection?.address) } = request;
  try {
    const { title, reasons, sources } = judgeAcceptance({
      ...request,
      purpose,
      lists: await trust(connection),
      now: now(),
    });
    const rest = reasons.filter(({ text }) => !title.endsWith(text));
    return [
      purpose === 'outbound'
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
