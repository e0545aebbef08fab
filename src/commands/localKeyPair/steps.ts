import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { formatAlternativeNames, parseAlternativeNames } from '../../pki/alternativeNames.js';
import type { GeneralNameInput } from '../../pki/generalName.js';
import type { LocalKeyType } from '../../pki/localKeyPair.js';
import type { KeyFileForm } from '../../services/pendingRequests.js';
import { take, type Step } from '../../ui/flow.js';
import type { Prompts } from '../../ui/prompts.js';
import { type PassphraseDraft, passphraseSteps } from '../passphrase.js';
import { subjectSteps, type SubjectDraft } from '../subjectSteps.js';
import { checkRequestSubject, type Purpose } from './plan.js';

/** How the key is made: here, in one of two forms of file, or by commands that the person runs. */
export type MakingWay =
  | { readonly kind: 'here'; readonly form: KeyFileForm }
  | { readonly kind: 'commands'; readonly shell: 'bash' | 'powershell' };

/** Where the signing request goes. */
export type RequestDestination = 'file' | 'clipboard' | 'editor';

/** What the flow has asked so far. */
export interface LocalDraft extends PassphraseDraft {
  key?: LocalKeyType;
  readonly subject: SubjectDraft;
  alternativeNames: readonly GeneralNameInput[];
  purpose?: Purpose;
  way?: MakingWay;
  destination?: RequestDestination;
}

/** The questions of "Create Local Key Pair and Signing Request". */
export function localSteps(prompts: Prompts): readonly Step<LocalDraft>[] {
  const isMadeHere = ({ way }: LocalDraft): boolean => way?.kind === 'here';
  return [
    askKey(prompts),
    ...subjectSteps<LocalDraft>(prompts, { country: 'optional', check: checkRequestSubject }),
    askAlternativeNames(prompts),
    askPurpose(prompts),
    askWay(prompts),
    askDestination(prompts, isMadeHere),
    ...passphraseSteps<LocalDraft>(prompts, isMadeHere),
  ];
}

function askKey(prompts: Prompts): Step<LocalDraft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<LocalKeyType>({
          ...position,
          placeholder: l10n.t('Key'),
          items: [
            {
              label: 'RSA 4096',
              description: l10n.t('recommended by SAP'),
              value: { kind: 'RSA', bits: 4096 },
            },
            { label: 'RSA 3072', value: { kind: 'RSA', bits: 3072 } },
            {
              label: 'RSA 2048',
              description: l10n.t('taken by every certificate authority'),
              value: { kind: 'RSA', bits: 2048 },
            },
            {
              label: 'EC P-256',
              description: l10n.t('secp256r1; ask the certificate authority and the sender first'),
              separatorBefore: l10n.t('Elliptic curves'),
              value: { kind: 'EC', curve: 'prime256v1' },
            },
            { label: 'EC P-384', description: 'secp384r1', value: { kind: 'EC', curve: 'secp384r1' } },
            { label: 'EC P-521', description: 'secp521r1', value: { kind: 'EC', curve: 'secp521r1' } },
          ],
        }),
        (key) => {
          draft.key = key;
        },
      ),
  };
}

function askAlternativeNames(prompts: Prompts): Step<LocalDraft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.input({
          ...position,
          prompt: l10n.t(
            'Alternative names, optional: host names, IP addresses, mail addresses, URIs, separated by a comma and a blank',
          ),
          placeholder: 'orders.acme.example, 192.0.2.1, integration@acme.example',
          value: formatAlternativeNames(draft.alternativeNames),
          validate: checkAlternativeNames,
          hint: (value) => formatAlternativeNames(parseAlternativeNames(value)),
        }),
        (value) => {
          draft.alternativeNames = parseAlternativeNames(value);
        },
      ),
  };
}

function checkAlternativeNames(value: string): string | undefined {
  try {
    parseAlternativeNames(value);
    return undefined;
  } catch (error) {
    if (KeystoreError.is(error, 'invalid-input')) {
      return String(error.details.explanation);
    }
    throw error;
  }
}

function askPurpose(prompts: Prompts): Step<LocalDraft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<Purpose>({
          ...position,
          placeholder: l10n.t('Purposes to ask for (extended key usage)'),
          items: [
            {
              label: l10n.t('Client authentication'),
              description: l10n.t('what a sender that calls SAP needs'),
              value: 'client',
            },
            { label: l10n.t('Client and server authentication'), value: 'clientAndServer' },
            {
              label: l10n.t('None'),
              description: l10n.t('the certificate authority decides by its own template'),
              value: 'unstated',
            },
          ],
        }),
        (purpose) => {
          draft.purpose = purpose;
        },
      ),
  };
}

function askWay(prompts: Prompts): Step<LocalDraft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<MakingWay>({
          ...position,
          placeholder: l10n.t('How the key is made and kept until the signing response is there'),
          items: [
            {
              label: l10n.t('Make it here, as an encrypted key file'),
              description: 'PKCS#8, .pem',
              detail: l10n.t('AES-256; read by openssl and most servers'),
              separatorBefore: l10n.t('On this machine, stored where you say'),
              value: { kind: 'here', form: 'pkcs8' },
            },
            {
              label: l10n.t('Make it here, as PKCS#12'),
              description: '.p12',
              detail: l10n.t('AES-256; the certificate is added when the signing response is there'),
              value: { kind: 'here', form: 'pkcs12' },
            },
            {
              label: l10n.t('Show openssl commands for bash'),
              detail: l10n.t('Nothing is made here; the same steps to copy and run'),
              separatorBefore: l10n.t('By yourself'),
              value: { kind: 'commands', shell: 'bash' },
            },
            {
              label: l10n.t('Show openssl commands for PowerShell'),
              detail: l10n.t('Nothing is made here; the same steps to copy and run'),
              value: { kind: 'commands', shell: 'powershell' },
            },
          ],
        }),
        (way) => {
          draft.way = way;
        },
      ),
  };
}

function askDestination(prompts: Prompts, isNeeded: (draft: LocalDraft) => boolean): Step<LocalDraft> {
  return {
    isNeeded,
    ask: async (draft, position) =>
      take(
        await prompts.pick<RequestDestination>({
          ...position,
          placeholder: l10n.t(
            'The request (CSR, certificate signing request) goes to a certificate authority',
          ),
          items: [
            { label: l10n.t('Save it as a .csr file beside the key'), value: 'file' },
            { label: l10n.t('Copy it to the clipboard'), value: 'clipboard' },
            { label: l10n.t('Open it in an editor'), value: 'editor' },
          ],
        }),
        (destination) => {
          draft.destination = destination;
        },
      ),
  };
}
