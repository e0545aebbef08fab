import * as l10n from '@vscode/l10n';
import { commonName, displayName, type Name } from '../pki/distinguishedName.js';
import type { PathFailure, PathWarning } from '../pki/pathValidation.js';
import type { Reason } from './acceptanceReason.js';

/** Why a path does not hold, with the certificate named. */
export function pathFailureText({ reason, certificate, detail = '' }: PathFailure): string {
  const name = displayName(certificate.subject);
  switch (reason) {
    case 'expired':
      return l10n.t('"{0}" expired on {1}.', name, isoDay(certificate.notAfter));
    case 'not-yet-valid':
      return l10n.t('"{0}" is not valid before {1}.', name, isoDay(certificate.notBefore));
    case 'no-path':
      return l10n.t('The issuer of "{0}" is missing.', name);
    case 'bad-signature':
      return l10n.t('The signature of "{0}" was not made with the key of its issuer.', name);
    case 'unchecked-signature':
      return l10n.t(
        'The signature of "{0}" cannot be checked here ({1}).',
        name,
        certificate.signatureAlgorithm,
      );
    case 'not-a-ca':
      return l10n.t('"{0}" has issued a certificate without being an authority (CA).', name);
    case 'path-length':
      return l10n.t('"{0}" stands deeper in the chain than an authority above it allows.', name);
    case 'key-usage':
      return l10n.t('The key usage of "{0}" does not allow what it is used for.', name);
    case 'extended-key-usage':
      return l10n.t('The extended key usage of "{0}" excludes client authentication.', name);
    case 'name-constraints':
      return l10n.t('An authority above "{0}" may not issue for this name (name constraints).', name);
    case 'unknown-critical-extension':
      return l10n.t('"{0}" has a critical extension that is not understood: {1}.', name, detail);
    case 'weak':
      return l10n.t('"{0}" uses {1}, which is refused everywhere.', name, detail);
    case 'malformed':
      return l10n.t('"{0}" is not built as RFC 5280 says.', name);
  }
}

/** What is weak about a certificate of the path. */
export function weaknessReason({ certificate, finding }: PathWarning): Reason {
  const name = displayName(certificate.subject);
  return {
    about: 'strength',
    kind: finding.level === 'broken' ? 'problem' : 'warning',
    certificate,
    text:
      finding.level === 'broken'
        ? l10n.t('"{0}" uses {1}, which is refused everywhere.', name, finding.what)
        : l10n.t('"{0}" uses {1}, which is weak and refused by some.', name, finding.what),
  };
}

/** The most specific part of a name with a common name, else the whole name. */
export function nameOf(name: Name): string {
  return commonName(name) === undefined
    ? displayName(name)
    : displayName({ ...name, rdns: name.rdns.slice(-1) });
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
