import * as l10n from '@vscode/l10n';
import { isDeepStrictEqual } from 'node:util';
import { KeystoreError } from '../errors.js';
import type { Connection } from '../services/connection.js';
import { createKeyPair as writeKeyPair } from '../services/keystoreWrites.js';
import type { SubjectMemory } from '../services/subjectMemory.js';
import { acceptedCurves, recommendedCurves } from '../tenant/ellipticCurves.js';
import {
  checkCountryExists,
  checkNewAlias,
  checkSubjectMember,
  keySizes,
  signatureAlgorithms,
  type KeyPairRequest,
  type KeySpecification,
} from '../tenant/keyPairRequest.js';
import { runFlow, take, type Step } from '../ui/flow.js';
import type { PickItem } from '../ui/prompts.js';
import type { ActionContext, Environment } from './environment.js';
import { entriesOf } from './entriesOf.js';
import { subjectSteps, type SubjectDraft } from './subjectSteps.js';
import { chooseTenant } from './targets.js';

interface Draft {
  alias?: string;
  key?: KeySpecification;
  /** Whether the key is one of those behind "More…". */
  more?: boolean;
  signatureAlgorithm?: string;
  subject: SubjectDraft;
  years?: number;
}

/** "Create Key Pair…": asks what is needed, lets the tenant make the pair, reads it back and reveals it. */
export async function createKeyPair(
  environment: Environment,
  argument: unknown,
  memory: SubjectMemory,
  { withProgress }: ActionContext,
): Promise<void> {
  const title = l10n.t('Create Key Pair');
  const connection = await chooseTenant(environment, argument, title);
  const entries = await entriesOf(environment, connection, { withProgress });
  const aliases = entries.map((entry) => entry.alias);
  const draft = await runFlow<Draft>(
    l10n.t('Create Key Pair in "{0}"', connection.name),
    { subject: memory.last() },
    [
      askAlias(environment, aliases),
      askKey(environment),
      askMoreKeys(environment),
      askSignatureAlgorithm(environment),
      ...askSubject(environment),
      askYears(environment),
    ],
  );
  const request = toRequest(draft, environment.now());
  await memory.remember(request.subject);
  const result = await withProgress(
    l10n.t('Creating key pair "{0}" in "{1}"', request.alias, connection.name),
    ({ signal: cancel }) =>
      environment.keystores.write(connection.id, (client) => writeKeyPair(client, request, cancel)),
  );
  await tellCreated(environment, connection, request, result.answerLost);
  await environment.navigator.revealEntry(connection.id, result.after.hexalias);
}

async function tellCreated(
  { prompts }: Environment,
  connection: Connection,
  request: KeyPairRequest,
  answerLost: boolean,
): Promise<void> {
  if (answerLost) {
    await Promise.resolve();
    void prompts.inform(
      l10n.t('The key pair "{0}" was created in "{1}"; the answer was lost.', request.alias, connection.name),
    );
    return;
  }
  prompts.note(l10n.t('Key pair "{0}" created. Next: download its signing request.', request.alias));
}

function toRequest(draft: Draft, now: number): KeyPairRequest {
  const { alias, key, signatureAlgorithm, years } = draft;
  const { commonName, country } = draft.subject;
  if (
    alias === undefined ||
    key === undefined ||
    signatureAlgorithm === undefined ||
    commonName === undefined ||
    country === undefined
  ) {
    throw new KeystoreError('invalid-input', 'the key pair is incomplete');
  }
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + (years ?? 3));
  return {
    alias,
    key,
    signatureAlgorithm,
    subject: { ...draft.subject, commonName, country },
    validNotBefore: new Date(now),
    validNotAfter: end,
  };
}

function askAlias({ prompts }: Environment, aliases: readonly string[]): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.input({
          ...position,
          prompt: l10n.t('Alias of the new key pair'),
          placeholder: 'orders-sender',
          value: draft.alias ?? '',
          validate: (value) => checkNewAlias(value) ?? aliasClash(value, aliases),
        }),
        (value) => {
          draft.alias = value;
        },
      ),
  };
}

/** What another entry's alias has against a new one. */
export function aliasClash(alias: string, aliases: readonly string[]): string | undefined {
  if (aliases.includes(alias)) {
    return l10n.t('An entry with this alias exists already.');
  }
  const folded = alias.toLowerCase();
  const similar = aliases.find((other) => other.toLowerCase() === folded);
  return similar === undefined
    ? undefined
    : l10n.t('"{0}" exists already and differs only by upper and lower case.', similar);
}

type KeyChoice = { readonly kind: 'key'; readonly key: KeySpecification } | { readonly kind: 'more' };

function askKey({ prompts }: Environment): Step<Draft> {
  const choices: readonly PickItem<KeyChoice>[] = [
    {
      label: 'RSA 4096',
      description: l10n.t('recommended by SAP'),
      value: { kind: 'key', key: { type: 'RSA', size: 4096 } },
    },
    {
      label: 'RSA 2048',
      description: l10n.t('taken by every certificate authority'),
      value: { kind: 'key', key: { type: 'RSA', size: 2048 } },
    },
    { label: 'RSA 3072', value: { kind: 'key', key: { type: 'RSA', size: 3072 } } },
    {
      label: 'EC secp256r1',
      description: l10n.t('NIST P-256; ask the receiver first'),
      value: { kind: 'key', key: { type: 'EC', curve: 'secp256r1' } },
    },
    {
      label: 'EC secp384r1',
      description: 'NIST P-384',
      value: { kind: 'key', key: { type: 'EC', curve: 'secp384r1' } },
    },
    { label: l10n.t('More…'), detail: l10n.t('Other curves, and DSA'), value: { kind: 'more' } },
  ];
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<KeyChoice>({
          ...position,
          placeholder: l10n.t('Key'),
          items: choices.map((item) => ({ ...item, picked: isChosen(draft, item.value) })),
        }),
        (choice) => {
          draft.more = choice.kind === 'more';
          if (choice.kind === 'key') {
            draft.key = choice.key;
          }
        },
      ),
  };
}

function isChosen({ key, more }: Draft, choice: KeyChoice): boolean {
  return choice.kind === 'more' ? more === true : more !== true && isSameKey(key, choice.key);
}

function isSameKey(one: KeySpecification | undefined, other: KeySpecification): boolean {
  return one !== undefined && isDeepStrictEqual(one, other);
}

function askMoreKeys({ prompts }: Environment): Step<Draft> {
  return {
    isNeeded: (draft) => draft.more === true,
    ask: async (draft, position) => {
      const dsa = keySizes.DSA.map((size, index): PickItem<KeySpecification> => ({
        label: `DSA ${size}`,
        description: l10n.t('few certificate authorities sign it'),
        ...(index === 0 ? { separatorBefore: 'DSA' } : {}),
        value: { type: 'DSA', size },
      }));
      const curves = (names: readonly string[], separator: string): readonly PickItem<KeySpecification>[] =>
        names.map((curve, index) => ({
          label: `EC ${curve}`,
          ...(index === 0 ? { separatorBefore: separator } : {}),
          value: { type: 'EC' as const, curve },
        }));
      const others = acceptedCurves.filter((curve) => !recommendedCurves.includes(curve));
      return take(
        await prompts.pick<KeySpecification>({
          ...position,
          placeholder: l10n.t('Key'),
          items: [
            ...curves(recommendedCurves, l10n.t('Curves that SAP recommends')),
            ...curves(others, l10n.t('Other curves')),
            ...dsa,
          ].map((item) => ({ ...item, picked: isSameKey(draft.key, item.value) })),
        }),
        (key) => {
          draft.key = key;
        },
      );
    },
  };
}

function askSignatureAlgorithm({ prompts }: Environment): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<string>({
          ...position,
          placeholder: l10n.t('Signature algorithm of the certificate'),
          items: signatureAlgorithms[draft.key?.type ?? 'RSA'].map((name) => ({
            label: name,
            description: name.startsWith('SHA-1/') ? l10n.t('weak; refused by most receivers') : '',
            picked: name === draft.signatureAlgorithm,
            value: name,
          })),
        }),
        (value) => {
          draft.signatureAlgorithm = value;
        },
      ),
  };
}

function askSubject({ prompts }: Environment): readonly Step<Draft>[] {
  return subjectSteps(prompts, {
    country: 'needed',
    check: (member, value) =>
      checkSubjectMember(member, value) ?? (member === 'country' ? checkCountryExists(value) : undefined),
  });
}

function askYears({ prompts }: Environment): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<number>({
          ...position,
          placeholder: l10n.t('Validity of the self-signed certificate; the signing response brings its own'),
          items: [3, 1, 2, 5, 10].map((years) => ({
            label: years === 1 ? l10n.t('1 year') : l10n.t('{0} years', years),
            description: years === 3 ? l10n.t('default of the tenant') : '',
            picked: years === draft.years,
            value: years,
          })),
        }),
        (years) => {
          draft.years = years;
        },
      ),
  };
}
