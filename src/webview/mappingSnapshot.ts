import * as l10n from '@vscode/l10n';
import { adapterSettings, describeWays } from '../inbound/senderAdapterValues.js';
import { judgeOption } from '../inbound/entryOption.js';
import type { SenderSetUp } from '../inbound/senderSetUp.js';
import { judgeStages } from '../inbound/callStages.js';
import { hasSigningRequest, isSelfIssued } from '../tenant/entryKind.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { visibleText } from '../ui/visibleText.js';
import type { MappingSnapshot, SnapshotRow } from './protocol.js';

/** What is known of a set-up at the moment. */
export interface SnapshotFacts {
  readonly setUp: SenderSetUp;
  readonly tenantName: string;
  readonly entry: KeystoreEntry | undefined;
  /** Why the chosen entry is not known now. */
  readonly unknownBecause: string | undefined;
  readonly now: number;
  readonly warningDays: number;
}

/** The page of a set-up, made anew from facts whenever they change. */
export function mappingSnapshot(facts: SnapshotFacts): MappingSnapshot {
  const { setUp, tenantName, entry, unknownBecause, now, warningDays } = facts;
  const next = nextStep(facts);
  const judged = entry === undefined ? undefined : judgeOption(entry);
  return {
    setUpId: setUp.id,
    heading: l10n.t('Sender set-up: {0}', visibleText(setUp.name)),
    tenant: tenantName,
    summary: l10n.t('A sender calls an integration flow with its own client certificate.'),
    stages: judgeStages({ entry, unknownBecause, way: setUp.way, now, warningDays }),
    certificate: entry === undefined ? [] : certificateRows(entry),
    certificateNote:
      judged === undefined
        ? l10n.t('Choose the keystore entry with the certificate of the sender.')
        : `${judged.title}. ${judged.direction}`,
    ways: describeWays().map((description) => ({
      ...description,
      chosen: description.way === setUp.way,
      settings: adapterSettings(description.way, entry).map(({ id, name, value }) => ({
        id,
        name,
        value: value ?? '',
        shown: value === undefined ? l10n.t('not known without a certificate') : visibleText(value),
        canCopy: value !== undefined,
      })),
    })),
    nextText: next.text,
    actions: next.actions,
    texts: {
      stagesHeading: l10n.t('From the certificate to the call'),
      certificateHeading: l10n.t('Sender certificate'),
      waysHeading: l10n.t('How the receiver lets the sender in'),
      valuesHeading: l10n.t('Values for the sender adapter'),
      nextHeading: l10n.t('Next step'),
      copy: l10n.t('Copy'),
      copyAll: l10n.t('Copy All Values'),
      copied: l10n.t('Copied.'),
    },
  };
}

function certificateRows(entry: KeystoreEntry): readonly SnapshotRow[] {
  const rows: readonly (readonly [string, string, string | undefined])[] = [
    ['certificate.alias', l10n.t('Alias'), entry.alias],
    ['certificate.subject', l10n.t('Subject'), entry.subjectDn],
    ['certificate.issuer', l10n.t('Issuer'), entry.issuerDn],
    ['certificate.validity', l10n.t('Valid'), validity(entry)],
    ['certificate.key', l10n.t('Key'), [entry.keyType, entry.keySize].filter(Boolean).join(' ')],
    ['certificate.serialNumber', l10n.t('Serial number'), entry.serialNumber],
    ['certificate.sha256', 'SHA-256', entry.fingerprintSha256],
  ];
  return rows.flatMap(([id, name, value]) =>
    value === undefined || value === ''
      ? []
      : [{ id, name, value, shown: visibleText(value), canCopy: true }],
  );
}

function validity({ validNotBefore, validNotAfter }: KeystoreEntry): string | undefined {
  return validNotBefore === undefined || validNotAfter === undefined
    ? undefined
    : l10n.t(
        '{0} to {1}',
        validNotBefore.toISOString().slice(0, 10),
        validNotAfter.toISOString().slice(0, 10),
      );
}

interface NextStep {
  readonly text: string;
  readonly actions: MappingSnapshot['actions'];
}

/** The one obvious next step in words, and its buttons with the first as the obvious one. */
function nextStep({ setUp, entry, unknownBecause, now, warningDays }: SnapshotFacts): NextStep {
  const change = { intent: 'changeCertificate' as const, label: l10n.t('Choose Certificate…') };
  if (unknownBecause !== undefined) {
    return { text: unknownBecause, actions: [{ intent: 'refresh', label: l10n.t('Refresh') }, change] };
  }
  if (entry === undefined) {
    return {
      text: l10n.t('Choose the certificate with which the sender calls, or create a key pair.'),
      actions: [change, { intent: 'createKeyPair', label: l10n.t('Create Key Pair…') }],
    };
  }
  const inspect = { intent: 'inspect' as const, label: l10n.t('Inspect') };
  const until = entry.validNotAfter?.getTime();
  const expires = until !== undefined && until - now <= warningDays * 86_400_000;
  if (!hasSigningRequest(entry)) {
    return {
      text: expires
        ? l10n.t('Ask the owner of the key for the renewed certificate, then choose it here.')
        : enterValues(setUp.way),
      actions: expires ? [change, inspect] : [inspect, change],
    };
  }
  const signing: MappingSnapshot['actions'] = [
    { intent: 'downloadSigningRequest', label: l10n.t('Download Signing Request…') },
    { intent: 'importSigningResponse', label: l10n.t('Import Signing Response…') },
  ];
  if (isSelfIssued(entry)) {
    return {
      text: l10n.t('Have the key pair signed: download its signing request, then import the response.'),
      actions: [...signing, inspect, change],
    };
  }
  return expires
    ? {
        text: l10n.t('Renew it: have its signing request signed once more, then import the response.'),
        actions: [...signing, inspect, change],
      }
    : { text: enterValues(setUp.way), actions: [inspect, ...signing, change] };
}

function enterValues(way: SenderSetUp['way']): string {
  return way === 'mapping'
    ? l10n.t('Map the certificate to a role, then enter the values below in the sender adapter.')
    : l10n.t('Enter the values below in the sender adapter and deploy the integration flow.');
}
