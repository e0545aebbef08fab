import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import { isoDay, judgementCheck, validityChecks, type Judgement } from './certificateChecks.js';
import { no, yes, type Check, type InstanceCheckId, type KeyCheckId } from './checkAnswers.js';
import {
  certificateOf,
  placedKeys,
  type InboundInstance,
  type InboundKey,
  type PlacedKey,
} from './inboundClients.js';
import { holdsCertificate, unknownCertificate, validUntil, type KeyContent } from './keyContent.js';
import { KeyNeighbours } from './keyNeighbours.js';
import { clientCredentials, deprecatedGrantType } from './serviceInstanceParameters.js';

/** What a list of authorities says of a certificate; the words name the list. */
export interface CertificateJudgement {
  readonly rootListed: Judgement;
  readonly clientAuthentication: Judgement;
}

/** A role that callers with a certificate need, because a set-up names it. */
export interface NeededRole {
  /** As `fingerprintKey` writes it. */
  readonly certificateSha256: string;
  readonly role: string;
  /** Name of the set-up. */
  readonly neededBy: string;
}

export interface CheckContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly warningDays: number;
  /** True where every space that the person may see was read, not only one. */
  readonly isEverySpace: boolean;
  /** Judges a chain, leaf first; asked at most once for each certificate. */
  readonly judge?: ((chain: readonly Certificate[]) => CertificateJudgement) | undefined;
  readonly neededRoles?: readonly NeededRole[];
}

/** Every check of every instance and key, by guid. */
export interface InboundChecks {
  readonly instances: ReadonlyMap<string, readonly Check<InstanceCheckId>[]>;
  readonly keys: ReadonlyMap<string, readonly Check<KeyCheckId>[]>;
}

const day = 86_400_000;
const secretDays = 365;

/** Looks at all that may call a tenant; pure, in one pass over keys and certificates. */
export function checkInbound(instances: readonly InboundInstance[], context: CheckContext): InboundChecks {
  const neighbours = new KeyNeighbours(instances, context.isEverySpace);
  const judge = judgeOnce(context);
  return {
    instances: new Map(instances.map((instance) => [instance.guid, checkInstance(instance)])),
    keys: new Map(
      placedKeys(instances).map((placed) => [
        placed.key.guid,
        checkKey(placed, { context, neighbours, judge }),
      ]),
    ),
  };
}

function checkInstance({ grants, keys }: InboundInstance): readonly Check<InstanceCheckId>[] {
  if (grants.kind === 'notKnown') {
    return (['deprecatedGrantType', 'noClientCredentials', 'noRole'] as const).map((id) => ({
      id,
      answer: 'cannotTell',
      reason: grants.reason,
    }));
  }
  const others = keys.map(({ guid }) => guid);
  const { grantTypes, roles } = grants;
  return [
    grantTypes.includes(deprecatedGrantType)
      ? {
          id: 'deprecatedGrantType',
          answer: 'yes',
          level: 'problem',
          reason: l10n.t(
            'The grant type "client_x509" is deprecated: the instance takes no changes and no new keys. "Mend Grant Types…" puts "client_credentials" in its place.',
          ),
          others,
        }
      : { id: 'deprecatedGrantType', answer: 'no' },
    grantTypes.includes(clientCredentials) || grantTypes.includes(deprecatedGrantType)
      ? { id: 'noClientCredentials', answer: 'no' }
      : {
          id: 'noClientCredentials',
          answer: 'yes',
          level: 'problem',
          reason: l10n.t(
            'The grant type "client_credentials" is missing, without which no key with a certificate works. "Mend Grant Types…" adds it.',
          ),
          others,
        },
    roles.length > 0
      ? { id: 'noRole', answer: 'no' }
      : {
          id: 'noRole',
          answer: 'yes',
          level: 'problem',
          reason: l10n.t(
            'The instance grants no role, so callers with its keys get 403. "Change Roles…" adds one.',
          ),
          others,
        },
  ];
}

interface KeyContext {
  readonly context: CheckContext;
  readonly neighbours: KeyNeighbours;
  readonly judge: (content: KeyContent) => CertificateJudgement | undefined;
}

const keyChecks: readonly KeyCheckId[] = [
  'expired',
  'expiring',
  'notYetValid',
  'sameCertificate',
  'pinnedBesideUnpinned',
  'unpinnedPair',
  'rootNotListed',
  'noClientAuthentication',
  'missingRole',
  'noCertificate',
  'oldSecret',
];

function checkKey(placed: PlacedKey, tools: KeyContext): readonly Check<KeyCheckId>[] {
  const { reading } = placed.key;
  if (reading.kind !== 'read') {
    const reason =
      reading.kind === 'notRead' ? l10n.t('What the key holds has not been read yet.') : reading.reason;
    return keyChecks.map((id) => ({ id, answer: 'cannotTell', reason }));
  }
  const { content } = reading;
  const { neighbours, context } = tools;
  return [
    ...checkValidity(content, context),
    ...neighbours.check(placed, content),
    ...checkJudgement(content, tools),
    checkRole(placed, context),
    checkContent(content),
    checkSecret(placed.key, content, context),
  ];
}

function checkValidity(
  content: KeyContent,
  { now, warningDays }: CheckContext,
): readonly Check<KeyCheckId>[] {
  const ids = ['expired', 'expiring', 'notYetValid'] as const;
  if (!holdsCertificate(content)) {
    return ids.map(no);
  }
  const end = validUntil(content);
  if (end === undefined) {
    const reason = l10n.t('The key does not tell until when its certificate is valid.');
    return ids.map((id) => ({ id, answer: 'cannotTell', reason }));
  }
  return validityChecks({ begin: content.certificates[0]?.notBefore, end }, { now, warningDays });
}

function checkJudgement(content: KeyContent, { judge }: KeyContext): readonly Check<KeyCheckId>[] {
  const ids = ['rootNotListed', 'noClientAuthentication'] as const;
  if (!holdsCertificate(content)) {
    return ids.map(no);
  }
  const judgement = judge(content);
  if (judgement === undefined) {
    const reason =
      content.certificates.length === 0
        ? unknownCertificate()
        : l10n.t('No list of trusted authorities is at hand.');
    return ids.map((id) => ({ id, answer: 'cannotTell', reason }));
  }
  return [
    judgementCheck('rootNotListed', judgement.rootListed),
    judgementCheck('noClientAuthentication', judgement.clientAuthentication),
  ];
}

function checkRole({ instance, key }: PlacedKey, { neededRoles = [] }: CheckContext): Check<KeyCheckId> {
  const id = 'missingRole';
  const fingerprint = certificateOf(key);
  const needed = neededRoles.filter(({ certificateSha256 }) => certificateSha256 === fingerprint);
  if (needed.length === 0) {
    return no(id);
  }
  const { grants } = instance;
  if (grants.kind === 'notKnown') {
    return { id, answer: 'cannotTell', reason: grants.reason };
  }
  const missing = needed.find(({ role }) => !grants.roles.includes(role));
  return missing === undefined
    ? no(id)
    : yes(
        id,
        'problem',
        l10n.t(
          '"{0}" needs the role {1}, which the instance "{2}" does not grant: calls get 403. "Change Roles…" adds it; it may take an hour to work.',
          missing.neededBy,
          missing.role,
          instance.name,
        ),
      );
}

function checkContent(content: KeyContent): Check<KeyCheckId> {
  const id = 'noCertificate';
  if (content.unreadable !== undefined) {
    return yes(
      id,
      'warning',
      l10n.t('The certificate in the key cannot be read, so nothing can be told of it.'),
    );
  }
  if (holdsCertificate(content)) {
    return no(id);
  }
  return content.type === 'clientSecret'
    ? yes(
        id,
        'note',
        l10n.t('The key holds a client secret and no certificate: no certificate may call by it.'),
      )
    : yes(id, 'warning', l10n.t('The key holds neither a certificate nor a client secret.'));
}

function checkSecret(key: InboundKey, content: KeyContent, { now }: CheckContext): Check<KeyCheckId> {
  const id = 'oldSecret';
  if (content.type !== 'clientSecret') {
    return no(id);
  }
  const created = content.createdAt ?? key.createdAt;
  if (created === undefined) {
    return { id, answer: 'cannotTell', reason: l10n.t('Nothing tells when the client secret was made.') };
  }
  return now - created.getTime() > secretDays * day
    ? yes(
        id,
        'warning',
        l10n.t(
          'The client secret is older than a year (made on {0}). Replace it by a new key.',
          isoDay(created),
        ),
      )
    : no(id);
}

function judgeOnce({ judge }: CheckContext): (content: KeyContent) => CertificateJudgement | undefined {
  const known = new Map<string, CertificateJudgement>();
  return ({ certificates }) => {
    const [leaf] = certificates;
    if (leaf === undefined || judge === undefined) {
      return undefined;
    }
    const judgement = known.get(leaf.sha256) ?? judge(certificates);
    known.set(leaf.sha256, judgement);
    return judgement;
  };
}
