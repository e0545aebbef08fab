import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { UnreadPart } from '../../pki/unreadPart.js';
import { unreadTexts } from '../../ui/unreadText.js';
import type { Prompts } from '../../ui/prompts.js';
import { certificateLabel } from '../chainText.js';
import type { ActionContext } from '../environment.js';
import {
  chooseParts,
  type FileParts,
  type KeyPart,
  type OpenedKeys,
  type PartsPorts,
} from '../file/parts.js';
import { plainLabel } from '../targets.js';
import { day } from './facts.js';

/** A private key and its certificate, with everything else that may belong to its chain. */
export interface KeyPairPart {
  readonly key: PrivateKeyInfo;
  readonly leaf: Certificate;
  /** What the file calls it. */
  readonly name: string;
  readonly certificates: readonly Certificate[];
}

/** A private key of a file that cannot be added, and why, for people. */
export interface LeftOutKey {
  readonly name: string;
  readonly reason: string;
}

/** What of a file can be added, at least one, and what not. */
export interface KeyPairOffer {
  readonly pairs: readonly KeyPairPart[];
  readonly leftOut: readonly LeftOutKey[];
}

/** The algorithms of keys that the tenant's keystore knows. */
const tenantKeys = ['RSA', 'DSA', 'EC'];

/**
 * The key pairs of a file; where the file has only the key or only the certificate, the other half is asked for. Throws `unsupported`
 * where the tenant takes none of them.
 */
export async function readKeyPairs(
  prompts: Prompts,
  ports: PartsPorts,
  { file, title }: { readonly file: Uri | undefined; readonly title: string },
  context: ActionContext,
): Promise<KeyPairOffer> {
  const ask = (argument: Uri | undefined, placeholder: string): Promise<FileParts> =>
    chooseParts(prompts, ports, { argument, title, placeholder }, context);
  const parts = await ask(file, l10n.t('PKCS#12, SAP Passport (.pfx), or PEM with key and certificates'));
  if (parts.form === 'signingRequest') {
    throw new KeystoreError('malformed', 'a signing request is no key pair', {
      details: {
        explanation: l10n.t('"{0}" is a signing request; it holds neither key nor certificate.', parts.name),
      },
    });
  }
  const opened = await keysOf(
    parts.openKeys === undefined
      ? await ask(
          undefined,
          [
            ...unreadTexts(parts.unread),
            l10n.t('"{0}" holds no private key. Where is the key of its certificate?', parts.name),
          ].join(' '),
        )
      : parts,
  );
  const keys = opened.content;
  const own = pairsOf(keys, parts.certificates);
  if (own.length > 0) {
    return offerOf(own, opened, parts);
  }
  if (parts.openKeys === undefined) {
    throw mismatch(parts.unread);
  }
  const others = await ask(
    undefined,
    l10n.t('"{0}" holds no certificate of its private key. Where is that certificate?', parts.name),
  );
  const joined = pairsOf(keys, [...others.certificates, ...parts.certificates]);
  if (joined.length === 0) {
    throw mismatch([...parts.unread, ...others.unread]);
  }
  return offerOf(joined, opened, parts);
}

/** Which of several key pairs is meant; SAP takes one at a time. `undefined` where the person has enough. */
export async function chooseKeyPair(
  prompts: Prompts,
  { pairs, leftOut }: KeyPairOffer,
  { title, isFirst }: { readonly title: string; readonly isFirst: boolean },
): Promise<KeyPairPart | undefined> {
  const [first] = pairs;
  if (pairs.length === 1 && leftOut.length === 0 && isFirst) {
    return first;
  }
  let placeholder = isFirst ? firstQuestion(pairs.length) : l10n.t('Which key pair of the file is next?');
  for (;;) {
    const answer = await prompts.pick<KeyPairPart | LeftOutKey | undefined>({
      title,
      placeholder,
      items: [
        ...pairs.map((pair) => ({
          label: plainLabel(pair.name),
          description: l10n.t('{0}, until {1}', pair.leaf.keyType.replace(':', ' '), day(pair.leaf.notAfter)),
          detail: plainLabel(certificateLabel(pair.leaf)),
          value: pair,
        })),
        ...(isFirst ? [] : [{ label: l10n.t('No other'), value: undefined }]),
        ...leftOut.map((key, index) => ({
          ...(index === 0 ? { separatorBefore: l10n.t('Cannot be added') } : {}),
          label: plainLabel(key.name),
          detail: plainLabel(key.reason),
          value: key,
        })),
      ],
    });
    if (answer.kind === 'back') {
      throw new Cancelled();
    }
    const { value } = answer;
    if (value === undefined || 'leaf' in value) {
      return value;
    }
    // A list has no rows that cannot be chosen, so its reason is said and the question stays.
    placeholder = l10n.t('"{0}" cannot be added. {1}', plainLabel(value.name), plainLabel(value.reason));
  }
}

function firstQuestion(count: number): string {
  return count === 1
    ? l10n.t('One key pair of the file can be added. Which one?')
    : l10n.t('The file holds {0} key pairs; the tenant takes one at a time. Which one first?', count);
}

async function keysOf(parts: FileParts): Promise<OpenedKeys> {
  if (parts.openKeys === undefined) {
    throw new KeystoreError('malformed', 'no private key in the file', {
      details: {
        explanation:
          parts.unreadableKey ??
          [
            l10n.t(
              '"{0}" holds no private key. A certificate alone is added with "Add Certificate…".',
              parts.name,
            ),
            ...unreadTexts(parts.unread),
          ].join(' '),
      },
    });
  }
  return await parts.openKeys();
}

function pairsOf(keys: readonly KeyPart[], certificates: readonly Certificate[]): readonly KeyPairPart[] {
  return keys.flatMap(({ key, friendlyName }) => {
    const mine = certificates.filter(({ spkiSha256 }) => spkiSha256 === key.spkiSha256);
    // Of a renewed certificate and the one before, the one that holds longer is meant.
    const [leaf] = [...mine].sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime());
    if (leaf === undefined) {
      return [];
    }
    const rest = certificates.filter(({ spkiSha256 }) => spkiSha256 !== key.spkiSha256);
    return [{ key, leaf, name: nameOf(friendlyName, leaf), certificates: [leaf, ...rest] }];
  });
}

function nameOf(friendlyName: string | undefined, leaf: Certificate): string {
  const name = friendlyName?.trim() ?? '';
  return name === '' ? certificateLabel(leaf) : name;
}

function offerOf(
  all: readonly KeyPairPart[],
  { content, locked }: OpenedKeys,
  parts: FileParts,
): KeyPairOffer {
  const pairs = all.filter(({ key }) => isTenantKey(key));
  const [first] = all;
  if (pairs.length === 0 && first !== undefined) {
    throw new KeystoreError('unsupported', 'a key that the tenant does not know', {
      details: {
        explanation: l10n.t(
          'The key of "{0}" is of the kind {1}; a tenant takes RSA, DSA and EC. Have a new key pair made.',
          first.name,
          algorithmOf(first.key),
        ),
      },
    });
  }
  const paired = new Set(all.map(({ key }) => key.spkiSha256));
  return {
    pairs,
    leftOut: [
      ...all
        .filter(({ key }) => !isTenantKey(key))
        .map(({ key, name }) => ({
          name,
          reason: l10n.t('Its key is of the kind {0}; a tenant takes RSA, DSA and EC.', algorithmOf(key)),
        })),
      ...content
        .filter(({ key }) => !paired.has(key.spkiSha256))
        .map(({ key, friendlyName }) => ({
          name: friendlyName ?? key.type.replace(':', ' '),
          reason: l10n.t('No certificate belongs to this private key.'),
        })),
      ...(locked === 0
        ? []
        : [
            {
              name: l10n.t('Private keys under another passphrase: {0}', locked),
              reason: l10n.t('One passphrase opens a part of the file. Add it once more with the other one.'),
            },
          ]),
      ...(parts.unreadableKey === undefined
        ? []
        : [{ name: l10n.t('Private key that cannot be read'), reason: parts.unreadableKey }]),
    ],
  };
}

function isTenantKey(key: PrivateKeyInfo): boolean {
  return tenantKeys.includes(algorithmOf(key));
}

function algorithmOf({ type }: PrivateKeyInfo): string {
  return type.split(':')[0] ?? type;
}

function mismatch(unread: readonly UnreadPart[]): KeystoreError {
  return new KeystoreError('mismatch', 'key and certificate do not belong together', {
    details: {
      explanation: [
        ...unreadTexts(unread),
        l10n.t(
          'None of the certificates belongs to the private key. "Which Key Fits?" tells which key a certificate belongs to.',
        ),
      ].join(' '),
    },
  });
}
