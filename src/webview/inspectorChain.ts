import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { isSelfIssued, orderChain } from '../pki/chain.js';
import { certificateTitle } from '../pki/descriptionOfCertificate.js';
import { keyInWords } from '../pki/descriptionOfKey.js';
import { displayName } from '../pki/distinguishedName.js';
import { visibleText } from '../pki/visibleText.js';
import { shortened } from '../ui/visibleText.js';
import type { PageChain } from './protocolInspector.js';

/** What a certificate is to the others; `other`: it stands outside the chain. */
export type ChainRole = 'leaf' | 'intermediate' | 'root' | 'other';

/** Certificates sorted for the page: those of the chain first, each once. */
export interface Arrangement {
  readonly members: readonly { readonly certificate: Certificate; readonly role: ChainRole }[];
  readonly duplicates: number;
  /** RFC 4514; undefined where the chain reaches a root. */
  readonly missingIssuer: string | undefined;
  /** Too many look like each other's issuers to sort them. */
  readonly isTangled: boolean;
}

/** Sorts the certificates of a file or an entry; `leafKey` is the public key that is known to be the leaf's. */
export function arrange(certificates: readonly Certificate[], leafKey?: string): Arrangement {
  try {
    const { chain, strangers, duplicates, missingIssuer } = orderChain(certificates, {
      leafSpkiSha256: certificates.some(({ spkiSha256 }) => spkiSha256 === leafKey) ? leafKey : undefined,
    });
    return {
      members: [
        ...chain.map((certificate, index) => ({ certificate, role: roleOf(certificate, index) })),
        ...strangers.map((certificate) => ({ certificate, role: 'other' as const })),
      ],
      duplicates,
      missingIssuer,
      isTangled: false,
    };
  } catch (error) {
    if (!KeystoreError.is(error, 'budget')) {
      throw error;
    }
    return {
      members: certificates.map((certificate) => ({ certificate, role: 'other' })),
      duplicates: 0,
      missingIssuer: undefined,
      isTangled: true,
    };
  }
}

function roleOf(certificate: Certificate, index: number): ChainRole {
  if (isSelfIssued(certificate) && (index > 0 || certificate.isCa)) {
    return 'root';
  }
  return index === 0 ? 'leaf' : 'intermediate';
}

/** Longer names are told in full among the fields only. */
const maxTitle = 300;

/** The name of a certificate as a heading. */
export function shownTitle(certificate: Certificate): string {
  return shortened(certificateTitle(certificate), maxTitle);
}

/** The role in a word. */
export function roleText(role: ChainRole | 'missing'): string {
  switch (role) {
    case 'leaf':
      return l10n.t('Leaf');
    case 'intermediate':
      return l10n.t('Intermediate');
    case 'root':
      return l10n.t('Root');
    case 'other':
      return l10n.t('Outside the chain');
    case 'missing':
      return l10n.t('Missing');
  }
}

/** The picture of a chain; undefined where there is none to show. */
export function pageChain(
  { members, missingIssuer, isTangled }: Arrangement,
  partOf: (index: number) => string,
  now: number,
): PageChain | undefined {
  const chain = members.filter(({ role }) => role !== 'other');
  const [first] = chain;
  if (first === undefined || isTangled) {
    return undefined;
  }
  const links = chain.map(({ certificate, role }, index) => ({
    role: role === 'other' ? ('leaf' as const) : role,
    roleText: isAloneSelfSigned(chain, certificate) ? l10n.t('Self-signed') : roleText(role),
    title: shownTitle(certificate),
    facts: [untilText(certificate, now), visibleText(keyInWords(certificate.keyType))],
    part: partOf(index),
    bond: index < chain.length - 1 || missingIssuer !== undefined ? l10n.t('issued by') : undefined,
  }));
  return {
    heading: l10n.t('Chain'),
    links:
      missingIssuer === undefined
        ? links
        : [
            ...links,
            {
              role: 'missing',
              roleText: roleText('missing'),
              title: shortened(displayName((chain.at(-1) ?? first).certificate.issuer), maxTitle),
              facts: [l10n.t('This issuer is not here.')],
              part: undefined,
              bond: undefined,
            },
          ],
  };
}

function isAloneSelfSigned(chain: readonly unknown[], certificate: Certificate): boolean {
  return chain.length === 1 && !certificate.isCa && isSelfIssued(certificate);
}

const dayMilliseconds = 86_400_000;

/** Until when a certificate is valid, in words that need no calendar. */
export function untilText({ notBefore, notAfter }: Certificate, now: number): string {
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const days = (from: number, to: number): number => Math.floor((to - from) / dayMilliseconds);
  if (now < notBefore.getTime()) {
    return l10n.t('not valid before {0}', day(notBefore));
  }
  return now >= notAfter.getTime() + 1000
    ? l10n.t('expired on {0}', day(notAfter))
    : l10n.t('valid until {0}, {1} days', day(notAfter), days(now, notAfter.getTime()));
}
