import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import { take, type Step } from '../ui/flow.js';
import type { Prompts } from '../ui/prompts.js';

/** The shortest passphrase that a private key is stored under. */
export const minimumPassphraseLength = 12;

/** What a flow keeps of a new passphrase, for the length of the command only. */
export interface PassphraseDraft {
  passphrase?: string;
}

/** Asks for a new passphrase twice. */
export function passphraseSteps<D extends PassphraseDraft>(
  prompts: Prompts,
  isNeeded: (draft: D) => boolean,
): readonly Step<D>[] {
  return [
    {
      isNeeded,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t(
              'Passphrase for the private key, at least {0} characters. It is stored nowhere.',
              minimumPassphraseLength,
            ),
            password: true,
            validate: checkNewPassphrase,
            hint: passphraseHint,
          }),
          (value) => {
            draft.passphrase = value;
          },
        ),
    },
    {
      isNeeded,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('The same passphrase again'),
            password: true,
            validate: (value) =>
              value === draft.passphrase ? undefined : l10n.t('This is not the same passphrase.'),
          }),
          () => undefined,
        ),
    },
  ];
}

/** What is wrong with a new passphrase, or undefined. */
export function checkNewPassphrase(passphrase: string): string | undefined {
  const characters = Array.from(passphrase);
  if (characters.length < minimumPassphraseLength) {
    return l10n.t(
      'It has {0} characters; at least {1} are needed. Several words that do not belong together are easy to keep in mind.',
      characters.length,
      minimumPassphraseLength,
    );
  }
  if (new Set(characters).size < 5) {
    return l10n.t('It repeats the same few characters.');
  }
  return /\p{Cc}/u.test(passphrase) ? l10n.t('It contains a control character.') : undefined;
}

/** How hard a passphrase is to guess if it was made at random; a rough word, never a promise. */
export function passphraseHint(passphrase: string): string {
  const bits = Array.from(passphrase).length * Math.log2(alphabetSize(passphrase)) * variety(passphrase);
  const strength =
    bits < 60
      ? l10n.t('Weak: make it longer, or use more kinds of characters.')
      : bits < 80
        ? l10n.t('Fair, unless it is a known phrase.')
        : l10n.t('Strong, unless it is a known phrase.');
  return /[^\u0020-\u007e]/.test(passphrase)
    ? `${strength} ${l10n.t('It has characters beyond ASCII: Java up to 17 opens no PKCS#12 file under it, and later ones not every.')}`
    : strength;
}

function alphabetSize(passphrase: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^\u0020-\u007e]/, 50],
  ];
  return kinds.reduce((sum, [kind, size]) => (kind.test(passphrase) ? sum + size : sum), 1);
}

/** 1 where no character stands twice; characters that repeat or follow each other (`aaa`, `abc`) count for less. */
function variety(passphrase: string): number {
  const codes = Array.from(passphrase, (character) => character.codePointAt(0) ?? 0);
  const predictable = codes.filter(
    (code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1,
  ).length;
  return 1 - (0.7 * predictable) / Math.max(codes.length, 1);
}

/** What a file under a passphrase held, and that passphrase; `undefined` for a file that needs none. */
export interface Opened<T> {
  readonly content: T;
  readonly passphrase: string | undefined;
}

/** Reads a file without a passphrase, and where one is needed asks for it until it is right. */
export async function openWithPassphrase<T>(
  prompts: Prompts,
  { title, name }: { readonly title: string; readonly name: string },
  read: (passphrase: string | undefined) => Promise<T>,
): Promise<Opened<T>> {
  try {
    return { content: await read(undefined), passphrase: undefined };
  } catch (error) {
    if (!KeystoreError.is(error, 'password-needed')) {
      throw error;
    }
  }
  let prompt = l10n.t('Passphrase of "{0}"', name);
  for (;;) {
    const answer = await prompts.input({ title, prompt, password: true });
    if (answer.kind === 'back') {
      throw new Cancelled();
    }
    try {
      return { content: await read(answer.value), passphrase: answer.value };
    } catch (error) {
      if (!KeystoreError.is(error, 'wrong-password') && !KeystoreError.is(error, 'password-needed')) {
        throw error;
      }
      prompt = l10n.t('That was not the passphrase of "{0}". Passphrase', name);
    }
  }
}
