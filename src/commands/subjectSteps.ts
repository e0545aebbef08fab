import * as l10n from '@vscode/l10n';
import type { KeyPairSubject } from '../tenant/keyPairRequest.js';
import { take, type Step } from '../ui/flow.js';
import type { Prompts } from '../ui/prompts.js';

/** A subject while it is asked for. */
export type SubjectDraft = { -readonly [K in keyof KeyPairSubject]?: KeyPairSubject[K] };

/** Asks for a subject, one member after the other; `check` says what is wrong with one. */
export function subjectSteps<D extends { readonly subject: SubjectDraft }>(
  prompts: Prompts,
  options: {
    readonly country: 'needed' | 'optional';
    readonly check: (member: keyof KeyPairSubject, value: string) => string | undefined;
  },
): readonly Step<D>[] {
  const members: readonly { member: keyof KeyPairSubject; prompt: string; placeholder: string }[] = [
    { member: 'commonName', prompt: l10n.t('Common name (CN)'), placeholder: 'orders.acme.example' },
    {
      member: 'organizationUnit',
      prompt: l10n.t('Organizational unit (OU), optional'),
      placeholder: 'Integration',
    },
    { member: 'organization', prompt: l10n.t('Organization (O), optional'), placeholder: 'ACME' },
    { member: 'locality', prompt: l10n.t('Locality (L), optional'), placeholder: 'Walldorf' },
    { member: 'state', prompt: l10n.t('State or province (ST), optional'), placeholder: 'BW' },
    {
      member: 'country',
      prompt:
        options.country === 'needed'
          ? l10n.t('Country (C), two letters')
          : l10n.t('Country (C), two letters, optional'),
      placeholder: 'DE',
    },
    { member: 'email', prompt: l10n.t('E-mail address, optional'), placeholder: 'integration@acme.example' },
  ];
  return members.map(({ member, prompt, placeholder }) => ({
    ask: async (draft, position) =>
      take(
        await prompts.input({
          ...position,
          prompt,
          placeholder,
          value: draft.subject[member] ?? '',
          validate: (value) =>
            options.check(member, value) ?? (member === 'email' ? checkMailAddress(value.trim()) : undefined),
        }),
        (value) => {
          draft.subject[member] = member === 'country' ? value.trim().toUpperCase() : value.trim();
        },
      ),
  }));
}

/** An `addr-spec` (RFC 5321 4.1.2) as far as its shape goes: one `@` outside quotation marks. A certificate has ASCII for it alone. */
function checkMailAddress(text: string): string | undefined {
  const isMailAddress = /^(?:[!#-?A-~]+|"(?:[ !#-[\]-~]|\\[ -~])*")@[!#-?A-~]+$/.test(text);
  return text === '' || isMailAddress
    ? undefined
    : l10n.t('This is no mail address of ASCII characters, such as integration@acme.example.');
}
