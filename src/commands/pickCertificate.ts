import * as l10n from '@vscode/l10n';
import { Cancelled } from '../errors.js';
import type { Keystores } from '../services/keystores.js';
import type { Prompts } from '../ui/prompts.js';
import { plainLabel } from './targets.js';

/** Asks which entry holds the sender's certificate; undefined where the person escapes. */
export async function pickCertificate(
  keystores: Keystores,
  prompts: Prompts,
  tenantId: string,
): Promise<string | undefined> {
  try {
    const answer = await prompts.pick({
      title: l10n.t('Sender Certificate'),
      placeholder: l10n.t('Entry with the certificate of the sender'),
      items: keystores.entriesOrRead(tenantId, new AbortController().signal).then((entries) =>
        entries.map((entry) => ({
          label: plainLabel(entry.alias),
          description: entry.type,
          ...(entry.subjectDn === undefined ? {} : { detail: plainLabel(entry.subjectDn) }),
          value: entry.hexalias,
        })),
      ),
    });
    return answer.kind === 'value' ? answer.value : undefined;
  } catch (error) {
    if (error instanceof Cancelled) {
      return undefined;
    }
    throw error;
  }
}
