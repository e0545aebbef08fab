import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { displayName } from '../pki/distinguishedName.js';
import { KeyPurpose } from '../pki/oids.js';
import type { Reason } from './acceptanceReason.js';
import type { TrustRules } from './trustLists.js';

const day = 86_400_000;

/** What a leaf says about itself: usages, dates, that it is no CA. */
export function leafReasons(
  leaf: Certificate,
  options: { readonly now: number; readonly warningDays?: number | undefined; readonly rules: TrustRules },
): readonly Reason[] {
  return [
    { ...usageReason(leaf, options.rules), certificate: leaf },
    { ...validityReason(leaf, options), certificate: leaf },
    leaf.isCa
      ? {
          about: 'leaf',
          kind: 'problem',
          certificate: leaf,
          text: l10n.t('This is the certificate of an authority, not of a caller.'),
        }
      : {
          about: 'leaf',
          kind: 'ok',
          certificate: leaf,
          text: l10n.t('It is no certificate of an authority.'),
        },
  ];
}

function usageReason({ extendedKeyUsage: usages }: Certificate, rules: TrustRules): Reason {
  const about = 'usage';
  if (usages?.includes(KeyPurpose.clientAuth) === true) {
    return { about, kind: 'ok', text: l10n.t('Client authentication is among its usages.') };
  }
  const isOpen = usages === undefined || usages.includes(KeyPurpose.any);
  if (isOpen && rules.clientAuthentication === 'notExcluded') {
    return { about, kind: 'ok', text: l10n.t('Its usages do not exclude client authentication.') };
  }
  return {
    about,
    kind: 'problem',
    text:
      usages === undefined
        ? l10n.t(
            'It names no usages (extended key usage); SAP demands client authentication (1.3.6.1.5.5.7.3.2) among them. Have it issued with it.',
          )
        : l10n.t(
            'Client authentication (1.3.6.1.5.5.7.3.2) is not among its usages. Have it issued with it.',
          ),
  };
}

function validityReason(
  { notBefore, notAfter }: Certificate,
  { now, warningDays = 30 }: { readonly now: number; readonly warningDays?: number | undefined },
): Reason {
  const about = 'validity';
  if (notAfter.getTime() < now) {
    return { about, kind: 'problem', text: l10n.t('It expired on {0}.', isoDay(notAfter)) };
  }
  if (notBefore.getTime() > now) {
    return { about, kind: 'problem', text: l10n.t('It is not valid before {0}.', isoDay(notBefore)) };
  }
  const days = Math.floor((notAfter.getTime() - now) / day);
  return days <= warningDays
    ? {
        about,
        kind: 'warning',
        text:
          days <= 1
            ? l10n.t('It expires on {0}, within two days.', isoDay(notAfter))
            : l10n.t('It expires in {0} days, on {1}.', days, isoDay(notAfter)),
      }
    : { about, kind: 'ok', text: l10n.t('It is valid until {0}.', isoDay(notAfter)) };
}

/** Authorities of the path that end soon and before the certificate does; what has expired makes the path fail. */
export function issuerValidityReasons(
  [leaf, ...issuers]: readonly Certificate[],
  { now, warningDays = 30 }: { readonly now: number; readonly warningDays?: number | undefined },
): readonly Reason[] {
  return issuers
    .filter(({ notAfter }) => {
      const end = notAfter.getTime();
      return (
        end >= now && end <= now + warningDays * day && leaf !== undefined && end < leaf.notAfter.getTime()
      );
    })
    .map((certificate) => ({
      about: 'chain',
      kind: 'warning',
      certificate,
      text: l10n.t(
        '"{0}" expires on {1}, before the certificate itself: from then on the chain does not hold. Ask the authority for its new certificate, or for a new one of yours.',
        displayName(certificate.subject),
        isoDay(certificate.notAfter),
      ),
    }));
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
