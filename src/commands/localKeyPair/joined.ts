import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import { runFlow, take, type Step } from '../../ui/flow.js';
import type { Prompts } from '../../ui/prompts.js';
import { type PassphraseDraft, passphraseSteps } from '../passphrase.js';

/** The form of the file that holds key and certificates. */
export type JoinedForm = 'modern' | 'compatible' | 'pem';

/** How the file is written. */
export interface JoinedChoice {
  readonly form: JoinedForm;
  /** The friendly name in PKCS#12, by which programs list the key pair. */
  readonly friendlyName: string;
  readonly passphrase: string;
}

interface Draft extends PassphraseDraft {
  form?: JoinedForm;
  friendlyName: string;
  keepsPassphrase?: boolean;
}

/** Asks in which form, by which name and under which passphrase key and certificates are written. */
export async function askJoinedChoice(
  prompts: Prompts,
  options: {
    readonly title: string;
    readonly friendlyName: string;
    /** The one that the key was under. */
    readonly passphrase: string | undefined;
    /** Where it is chosen already. */
    readonly form?: JoinedForm;
  },
): Promise<JoinedChoice> {
  const { title, friendlyName, passphrase: known, form } = options;
  const start: Draft = { friendlyName, ...(form === undefined ? {} : { form }) };
  const draft = await runFlow<Draft>(title, start, [
    ...(form === undefined ? [askForm(prompts)] : []),
    askFriendlyName(prompts),
    askWhichPassphrase(prompts, known),
    ...passphraseSteps<Draft>(prompts, ({ keepsPassphrase }) => keepsPassphrase !== true),
  ]);
  const passphrase = draft.keepsPassphrase === true ? known : draft.passphrase;
  if (draft.form === undefined || passphrase === undefined) {
    throw new KeystoreError('invalid-input', 'the form of the file is incomplete');
  }
  return { form: draft.form, friendlyName: draft.friendlyName, passphrase };
}

function askForm(prompts: Prompts): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<JoinedForm>({
          ...position,
          placeholder: l10n.t('Form of the file with key and certificates'),
          items: [
            {
              label: l10n.t('PKCS#12, modern'),
              description: '.p12',
              detail: l10n.t('AES-256 and SHA-256: openssl, Java since 8u301, Windows since Server 2019'),
              value: 'modern',
            },
            {
              label: l10n.t('PKCS#12, compatible'),
              description: '.p12',
              detail: l10n.t(
                'Triple DES and SHA-1, for old ABAP and older Windows: easier to break, so with a long passphrase and not for keeping',
              ),
              value: 'compatible',
            },
            {
              label: l10n.t('PEM'),
              description: '.pem',
              detail: l10n.t(
                'Encrypted key (AES-256) and certificates as text in one file: web servers, cURL, Node.js',
              ),
              value: 'pem',
            },
          ],
        }),
        (form) => {
          draft.form = form;
        },
      ),
  };
}

function askFriendlyName(prompts: Prompts): Step<Draft> {
  return {
    isNeeded: ({ form }) => form !== 'pem',
    ask: async (draft, position) =>
      take(
        await prompts.input({
          ...position,
          prompt: l10n.t('Name in the file (friendly name, alias)'),
          placeholder: 'orders-sender',
          value: draft.friendlyName,
          validate: (value) =>
            value.trim() === ''
              ? l10n.t('Enter a name.')
              : value.length > 250 || /\p{Cc}/u.test(value)
                ? l10n.t('A name has at most 250 characters and no control characters.')
                : undefined,
        }),
        (value) => {
          draft.friendlyName = value.trim();
        },
      ),
  };
}

function askWhichPassphrase(prompts: Prompts, known: string | undefined): Step<Draft> {
  return {
    isNeeded: () => known !== undefined && known !== '',
    ask: async (draft, position) =>
      take(
        await prompts.pick<boolean>({
          ...position,
          placeholder: l10n.t('Passphrase of the new file'),
          items: [
            { label: l10n.t('The same as of the key file'), value: true },
            { label: l10n.t('Another one…'), value: false },
          ],
        }),
        (keeps) => {
          draft.keepsPassphrase = keeps;
        },
      ),
  };
}

/** Writes key and certificates, leaf first, in the chosen form, and reads them back. */
export async function joinedFile(
  privateKey: Uint8Array,
  chain: readonly Certificate[],
  { form, friendlyName, passphrase }: JoinedChoice,
  { derivation, signal }: { readonly derivation: KeyDerivation; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const options = { password: passphrase, derivation, signal };
  if (form !== 'pem') {
    const { writePkcs12 } = await import('../../pki/pkcs12Writer.js');
    const certificates = chain.map(({ der }) => der);
    return await writePkcs12({ privateKey, certificates, friendlyName }, { ...options, profile: form });
  }
  const [{ writeEncryptedPrivateKey }, { encodePem }] = await Promise.all([
    import('../../pki/privateKeyWriter.js'),
    import('../../pki/pem.js'),
  ]);
  const key = await writeEncryptedPrivateKey(privateKey, { ...options, profile: 'modern' });
  return new TextEncoder().encode([key, ...chain.map(({ der }) => encodePem('CERTIFICATE', der))].join(''));
}
