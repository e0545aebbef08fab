import * as l10n from '@vscode/l10n';
import { Cancelled } from '../../errors.js';
import { formatFingerprint, type Certificate } from '../../pki/certificate.js';
import type { Prompts } from '../../ui/prompts.js';
import { certificateLabel } from '../chainText.js';
import { plainLabel } from '../targets.js';
import type { KeyPart } from './parts.js';

/** The keys that belong to one of the certificates, each once; of no certificates every key. */
export function fittingKeys(
  keys: readonly KeyPart[],
  certificates: readonly Certificate[],
): readonly KeyPart[] {
  const wanted = new Set(certificates.map(({ spkiSha256 }) => spkiSha256));
  const fitting = keys.filter(({ key }) => wanted.size === 0 || wanted.has(key.spkiSha256));
  const firsts = new Map([...fitting].reverse().map((part) => [part.key.spkiSha256, part]));
  return fitting.filter((part) => firsts.get(part.key.spkiSha256) === part);
}

/** Which of several keys is meant: each by its name in the file, its certificate, and its public key. */
export async function pickKey(
  prompts: Prompts,
  keys: readonly KeyPart[],
  options: {
    readonly certificates: readonly Certificate[];
    readonly title: string;
    readonly placeholder: string;
  },
): Promise<KeyPart> {
  const { certificates, title, placeholder } = options;
  const answer = await prompts.pick<KeyPart>({
    title,
    placeholder,
    items: keys.map((part) => {
      const { type, spkiSha256 } = part.key;
      const certificate = certificates.find((one) => one.spkiSha256 === spkiSha256);
      const name = part.friendlyName ?? (certificate === undefined ? type : certificateLabel(certificate));
      return {
        label: plainLabel(name),
        description: type.replace(':', ' '),
        detail: l10n.t('SHA-256 of the public key: {0}', formatFingerprint(spkiSha256)),
        value: part,
      };
    }),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}
