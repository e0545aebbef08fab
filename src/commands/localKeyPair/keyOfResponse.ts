import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { UnreadPart } from '../../pki/unreadPart.js';
import type { PendingRequest } from '../../services/pendingRequests.js';
import { failureMessage } from '../../ui/failureMessage.js';
import { unreadTexts } from '../../ui/unreadText.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext } from '../environment.js';
import type { KeyPart } from '../file/parts.js';
import type { Opened } from '../passphrase.js';
import { keyFileFilters, openKeyFile } from './keyFile.js';
import type { LocalPorts } from './ports.js';

/** The private key of a response, and where it lies. */
export interface KeyOfResponse extends Opened<KeyPart> {
  readonly keyUri: Uri;
}

/**
 * Opens the private key of a response: in the file that is remembered with its request, else, and where that file is gone, damaged
 * or holds another key by now, in the one that the person chooses. Throws as `openKeyFile` does for a chosen file.
 */
export async function keyOfResponse(
  prompts: Prompts,
  ports: LocalPorts,
  wanted: {
    readonly certificates: readonly Certificate[];
    /** What of the response could not be read. */
    readonly unread: readonly UnreadPart[];
    readonly pending: PendingRequest | undefined;
    readonly title: string;
  },
  context: ActionContext,
): Promise<KeyOfResponse> {
  const { certificates, unread, pending, title } = wanted;
  const open = async (keyUri: Uri): Promise<KeyOfResponse> => ({
    keyUri,
    ...(await openKeyFile(
      prompts,
      ports,
      { uri: keyUri, certificates, preferred: pending?.spkiSha256, title },
      context,
    )),
  });
  if (pending === undefined) {
    const why = [
      ...unreadTexts(unread),
      l10n.t('No pending request on this machine belongs to this response. Where is its private key?'),
    ].join(' ');
    return await open(await askKeyFile(prompts, title, why));
  }
  const remembered = ports.fileUri(pending.keyPath);
  const isThere = await ports.files.read(remembered).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const why = l10n.t('The key file "{0}" is not there any more. Where is it now?', pending.keyPath);
    return await open(await askKeyFile(prompts, title, why));
  }
  try {
    return await open(remembered);
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const { text } = failureMessage(error, pending.keyPath, undefined);
    const why = l10n.t('{0} Where is the right key file?', text);
    return await open(await askKeyFile(prompts, title, why));
  }
}

async function askKeyFile(prompts: Prompts, title: string, placeholder: string): Promise<Uri> {
  const answer = await prompts.pick({
    title,
    placeholder,
    items: [
      {
        label: l10n.t('Choose the key file…'),
        description: l10n.t('PKCS#8, PKCS#1, SEC1 or PKCS#12'),
        value: 'file',
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return await prompts.openFile({
    title: l10n.t('Private Key of the Response'),
    filters: keyFileFilters(),
  });
}
