import * as l10n from '@vscode/l10n';
import {
  clientCredentials,
  deprecatedGrantType,
  grantTypes,
  roleProblem,
} from '../../inbound/serviceInstanceParameters.js';
import type { Answer, Position, Prompts } from '../../ui/prompts.js';

/** Asks for roles as one line; each is checked by SAP's rule while it is typed. */
export async function askRoles(
  prompts: Prompts,
  position: Position,
  options: { readonly prompt: string; readonly roles: readonly string[] },
): Promise<Answer<readonly string[]>> {
  const answer = await prompts.input({
    ...position,
    prompt: options.prompt,
    value: options.roles.join(', '),
    validate: (value) => {
      const roles = rolesIn(value);
      return roles.length === 0
        ? l10n.t('At least one role is needed: callers without a role get 403.')
        : roles.map(roleProblem).find((problem) => problem !== undefined);
    },
  });
  return answer.kind === 'back' ? answer : { kind: 'value', value: rolesIn(answer.value) };
}

/** The roles of a line, each once. */
export function rolesIn(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((role) => role !== ''))];
}

/** Asks for grant types: each choice switches one on or off, the first item goes on. */
export async function askGrantTypes(
  prompts: Prompts,
  position: Position,
  chosen: readonly string[],
): Promise<Answer<readonly string[]>> {
  for (let current = chosen; ;) {
    const answer = await prompts.pick<string>({
      ...position,
      placeholder: l10n.t('Grant types: choose one to switch it on or off'),
      items: [
        ...(current.length === 0
          ? []
          : [{ label: l10n.t('Continue'), description: current.join(', '), value: '' }]),
        ...grantTypes.map((type) => ({
          label: type,
          ...(current.includes(type) ? { icon: 'check', description: l10n.t('on') } : {}),
          ...(type === clientCredentials ? { detail: l10n.t('Every key with a certificate needs it') } : {}),
          ...(type === grantTypes[0] ? { separatorBefore: l10n.t('Grant types') } : {}),
          value: type,
        })),
      ],
    });
    if (answer.kind === 'back' || answer.value === '') {
      return answer.kind === 'back' ? answer : { kind: 'value', value: current };
    }
    const { value } = answer;
    current = current.includes(value)
      ? current.filter((type) => type !== value)
      : grantTypes.filter((type) => type === value || current.includes(type));
  }
}

/** What to know of grant types before they are set. */
export function grantTypesNote(types: readonly string[]): string | undefined {
  return types.includes(clientCredentials) && !types.includes(deprecatedGrantType)
    ? undefined
    : l10n.t('Without "client_credentials" no key with a certificate works.');
}
