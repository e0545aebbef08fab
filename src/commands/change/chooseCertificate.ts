import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import { orderChain } from '../../pki/chain.js';
import { displayName } from '../../pki/distinguishedName.js';
import { unreadTexts } from '../../ui/unreadText.js';
import type { Prompts } from '../../ui/prompts.js';
import { certificateLabel } from '../chainText.js';
import type { FileParts } from '../file/parts.js';
import { plainLabel } from '../targets.js';
import { day } from './facts.js';

/** One certificate of a file. */
export interface ChosenCertificate {
  readonly certificate: Certificate;
  /** All of the file, for its chain. */
  readonly all: readonly Certificate[];
  /** True where the file holds a private key, which stays where it is. */
  readonly keyStays: boolean;
}

/** The certificate that is meant: of a PKCS#12 file with keys the one of a key, else the only one or the one that is picked. */
export async function chooseCertificate(
  prompts: Prompts,
  parts: FileParts,
  title: string,
): Promise<ChosenCertificate> {
  const all = unique(parts.certificates);
  const keyStays = parts.openKeys !== undefined;
  const candidates = await candidatesOf(parts, all);
  const [first] = candidates;
  if (first === undefined) {
    throw nothingToAdd(parts);
  }
  if (candidates.length === 1) {
    return { certificate: first, all, keyStays };
  }
  const { leaf } = orderChain(candidates);
  const answer = await prompts.pick<Certificate>({
    title,
    placeholder: [
      l10n.t('"{0}" holds {1} certificates. Which one is to be added?', parts.name, candidates.length),
      ...unreadTexts(parts.unread),
    ].join(' '),
    items: candidates.map((certificate) => ({
      label: plainLabel(certificateLabel(certificate)),
      description: [partOf(certificate, leaf), l10n.t('until {0}', day(certificate.notAfter))].join(', '),
      detail: plainLabel(displayName(certificate.issuer)),
      value: certificate,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return { certificate: answer.value, all, keyStays };
}

async function candidatesOf(
  { form, openKeys }: FileParts,
  all: readonly Certificate[],
): Promise<readonly Certificate[]> {
  if (form === 'pkcs12' && openKeys !== undefined) {
    const owned = new Set((await openKeys()).content.map(({ key }) => key.spkiSha256));
    const leaves = all.filter(({ spkiSha256 }) => owned.has(spkiSha256));
    if (leaves.length > 0) {
      return leaves;
    }
  }
  const { chain, strangers } = orderChain(all);
  return [...chain, ...strangers];
}

function partOf(certificate: Certificate, leaf: Certificate | undefined): string {
  if (certificate === leaf && !certificate.isCa) {
    return l10n.t('leaf');
  }
  return certificate.isCa ? l10n.t('certificate authority') : l10n.t('not part of the chain');
}

function unique(certificates: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values()];
}

function nothingToAdd({ name, form, unread }: FileParts): KeystoreError {
  return new KeystoreError('malformed', 'no certificate in the file', {
    details: {
      explanation: [
        form === 'signingRequest'
          ? l10n.t(
              '"{0}" is a signing request, not a certificate. Send it to a certificate authority; what comes back can be added.',
              name,
            )
          : l10n.t('"{0}" holds a private key, but no certificate that could be added.', name),
        ...unreadTexts(unread),
      ].join(' '),
    },
  });
}
