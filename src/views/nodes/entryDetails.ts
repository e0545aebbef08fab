import * as l10n from '@vscode/l10n';
import type { CertificateFacts, KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { isPredeliveredKeyPair, hasSigningRequest, isSelfIssued, entryKind } from '../../tenant/entryKind.js';
import { validityOf, validityText } from './expiry.js';
import { visibleText } from '../../ui/visibleText.js';

/** A fact with its name; plain text, and visible whatever the tenant sent. */
export interface Detail {
  readonly label: string;
  readonly value: string;
}

/** What a certificate states of itself, without what the tenant did not tell. */
export function certificateDetails(facts: CertificateFacts, now: number): readonly Detail[] {
  const validity = validityOf(facts, now);
  return details(
    [l10n.t('Subject'), facts.subjectDn],
    [l10n.t('Issuer'), facts.issuerDn],
    [l10n.t('Serial number'), facts.serialNumber],
    [l10n.t('Valid from'), isoTime(facts.validNotBefore)],
    [
      l10n.t('Valid until'),
      validity.kind === 'undated'
        ? undefined
        : `${isoTime(facts.validNotAfter) ?? ''} (${validityText(validity)})`,
    ],
    [l10n.t('Key'), keyText(facts)],
    [l10n.t('Signature algorithm'), facts.signatureAlgorithm],
    [l10n.t('Version'), facts.version === undefined ? undefined : String(facts.version)],
    ['SHA-256', facts.fingerprintSha256],
    ['SHA-1', facts.fingerprintSha1],
  );
}

/** What the keystore states of an entry, besides its certificate. */
export function keystoreDetails(entry: KeystoreEntry): readonly Detail[] {
  return details(
    [l10n.t('Alias'), entry.alias],
    [l10n.t('Hexalias'), entry.hexalias],
    [l10n.t('Type'), entry.type],
    [l10n.t('Owner'), entry.owner],
    [l10n.t('Created'), byAndWhen(entry.createdBy, entry.createdTime)],
    [l10n.t('Last modified'), byAndWhen(entry.lastModifiedBy, entry.lastModifiedTime)],
    [l10n.t('Status'), entry.status],
  );
}

/** What a person should know about an entry before using it, as paragraphs. */
export function entryNotes(entry: KeystoreEntry): readonly string[] {
  const notes: string[] = [];
  if (isPredeliveredKeyPair(entry)) {
    notes.push(optionOneNote());
  }
  if (hasSigningRequest(entry) && entryKind(entry) === 'keyPair' && isSelfIssued(entry)) {
    notes.push(
      l10n.t(
        'Self-signed: no certificate authority has signed this key pair yet. Download its signing request, have it signed, then import the signing response.',
      ),
    );
  }
  return notes;
}

/** What SAP's guide says of option 1, the key pair that SAP delivers with a productive tenant. */
export function optionOneNote(): string {
  return l10n.t(
    "Option 1: delivered by SAP, already signed by a root certificate authority that SAP's load balancer supports. Its private key cannot be exported from the keystore, so no outside sender can use it: it serves outbound communication, or Cloud Integration calling Cloud Integration.",
  );
}

/** A point in time in UTC to the second, `2026-12-02T10:00:00Z`; undefined for none and for nonsense. */
export function isoTime(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime())
    ? undefined
    : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function keyText({ keyType, keySize, ellipticCurve }: CertificateFacts): string | undefined {
  const size = keySize === undefined ? undefined : l10n.t('{0} bits', keySize);
  const parts = [keyType, ellipticCurve, size].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function byAndWhen(by: string | undefined, time: Date | undefined): string | undefined {
  const when = isoTime(time);
  if (when === undefined) {
    return by;
  }
  return by === undefined || by === '' ? when : l10n.t('{0} by {1}', when, by);
}

function details(...facts: readonly (readonly [string, string | undefined])[]): readonly Detail[] {
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ label, value: visibleText(value) }],
  );
}
