import * as l10n from '@vscode/l10n';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { isPredelivered } from '../tenant/reservedAlias.js';
import type { Option } from './acceptanceOfOption.js';

/** What an entry's certificate can be used for, told from facts alone (options 1 to 4 of the mission). */
export interface OptionJudgement {
  /** Undefined where the facts do not tell. */
  readonly option: Option | undefined;
  readonly title: string;
  readonly direction: string;
  /** False where no outside sender can ever hold the private key. */
  readonly fitsOutsideSender: boolean;
}

/** Tells the option of an entry and its direction. */
export function judgeOption(entry: KeystoreEntry): OptionJudgement {
  if (entry.type === 'Key Pair' && (isPredelivered(entry.alias) || entry.owner === 'SAP')) {
    return {
      option: 1,
      title: l10n.t('Option 1: a key pair that SAP delivers'),
      direction: l10n.t(
        'It is signed already and its private key cannot be exported. It serves outbound calls, or Cloud Integration calling Cloud Integration.',
      ),
      fitsOutsideSender: false,
    };
  }
  if (isPassportIssuer(entry.issuerDn)) {
    return passport(
      entry.type === 'Key Pair'
        ? l10n.t(
            'It came signed. The tenant holds its private key for outbound calls; the person who requested it holds it as well.',
          )
        : undefined,
    );
  }
  if (entry.type === 'Key Pair') {
    return {
      option: 3,
      title: l10n.t('Option 3: a key pair in the tenant keystore'),
      direction: l10n.t(
        'Its private key cannot leave the tenant. It serves outbound calls, or Cloud Integration calling Cloud Integration; the tenant cannot hand it to an outside sender.',
      ),
      fitsOutsideSender: false,
    };
  }
  return {
    option: undefined,
    title: l10n.t('A certificate without its private key'),
    direction: l10n.t(
      'The keystore holds the public part only. Whoever made the key pair, such as with a tool of their own (option 4), calls with it.',
    ),
    fitsOutsideSender: true,
  };
}

/** Tells the option of a certificate in a file, by its issuer as the tenant would render it. */
export function judgeOptionOfFile(issuerDn: string): OptionJudgement {
  return isPassportIssuer(issuerDn)
    ? passport()
    : {
        option: 4,
        title: l10n.t('Option 4: a key pair made with a tool outside'),
        direction: l10n.t('Whoever made the key pair holds its private key and calls with it.'),
        fitsOutsideSender: true,
      };
}

function passport(direction?: string): OptionJudgement {
  return {
    option: 2,
    title: l10n.t('Option 2: an SAP Passport'),
    direction: direction ?? l10n.t('It came signed; the person who requested it holds its private key.'),
    fitsOutsideSender: true,
  };
}

/** SAP issues Passports under the CA `SSO_CA, O=SAP-AG`. */
function isPassportIssuer(issuerDn: string | undefined): boolean {
  return issuerDn !== undefined && /(?:^|, ?)CN=SSO_CA(?:,|$)/i.test(issuerDn) && /O=SAP-AG/i.test(issuerDn);
}
