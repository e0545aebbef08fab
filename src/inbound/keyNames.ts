import * as l10n from '@vscode/l10n';
import type { InboundInstance } from './inboundClients.js';

/**
 * What is wrong with the name of a key or an instance; undefined where nothing is. The characters and the length are those
 * that SAP's form allows (friendly to command lines).
 */
export function resourceNameProblem(name: string): string | undefined {
  if (name === '') {
    return l10n.t('The name is missing.');
  }
  if (name.length > 32) {
    return l10n.t('The name has {0} characters; SAP allows 32.', name.length);
  }
  return /^[A-Za-z0-9._-]+$/.test(name)
    ? undefined
    : l10n.t('SAP allows the letters a-z and A-Z, digits, ".", "_" and "-" in a name only.');
}

/** A name for a key that is free at an instance: the wish cut to SAP's rule, with a number where it is taken. */
export function proposeKeyName(wish: string, instance: Pick<InboundInstance, 'keys'>): string {
  return proposeName(
    wish,
    instance.keys.map(({ name }) => name),
  );
}

/** A name for a key or an instance that is not taken: the wish cut to SAP's rule, with a number where it is. */
export function proposeName(wish: string, takenNames: readonly string[]): string {
  const base =
    wish
      .normalize('NFKD')
      // Marks over letters; what stays is the letter.
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+|(?<![-.])[-.]+$/g, '')
      .slice(0, 28) || 'key';
  const taken = new Set(takenNames);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}
