import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { PendingRequest } from '../../services/pendingRequests.js';
import type { Prompts } from '../../ui/prompts.js';
import { plainLabel } from '../targets.js';
import type { LocalPorts } from './ports.js';

/** "Pending Signing Requests…": the requests that wait for their response, each to be seen again, completed or forgotten. */
export async function showPendingRequests(
  prompts: Prompts,
  ports: LocalPorts,
  complete: (request: PendingRequest) => Promise<void>,
): Promise<void> {
  const title = l10n.t('Pending Signing Requests');
  const request = await choosePending(prompts, ports, title);
  const answer = await prompts.pick<() => Promise<void>>({
    title,
    placeholder: request.subject,
    canGoBack: true,
    items: [
      { label: l10n.t('Complete with Signing Response…'), value: () => complete(request) },
      { label: l10n.t('Open the signing request'), value: async () => ports.openText(await pemOf(request)) },
      {
        label: l10n.t('Copy the signing request'),
        value: async () => prompts.writeClipboard(await pemOf(request)),
      },
      { label: l10n.t('Forget…'), value: () => forget(prompts, ports, request) },
    ],
  });
  await (answer.kind === 'back' ? showPendingRequests(prompts, ports, complete) : answer.value());
}

/** "Forget Pending Request…": only what is remembered here goes; the key file stays where it is. */
export async function forgetPendingRequest(prompts: Prompts, ports: LocalPorts): Promise<void> {
  await forget(prompts, ports, await choosePending(prompts, ports, l10n.t('Forget Pending Request')));
}

async function forget(prompts: Prompts, ports: LocalPorts, request: PendingRequest): Promise<void> {
  const agreed = await prompts.confirm({
    message: l10n.t('Forget the signing request of "{0}"?', request.subject),
    detail: l10n.t(
      'The key file "{0}" stays. When a signing response comes after all, you will be asked for it.',
      request.keyPath,
    ),
    action: l10n.t('Forget Request'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  await ports.pending.remove(request.spkiSha256);
  prompts.note(l10n.t('The signing request of "{0}" is forgotten.', request.subject));
}

async function choosePending(prompts: Prompts, ports: LocalPorts, title: string): Promise<PendingRequest> {
  const requests = ports.pending.list();
  if (requests.length === 0) {
    throw new KeystoreError('refused', 'no request is pending', {
      details: {
        explanation: l10n.t(
          'No signing request that was made on this machine waits for its response. Run "Create Local Key Pair and Signing Request" to make one.',
        ),
      },
    });
  }
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Signing request'),
    items: requests.map((request) => ({
      label: plainLabel(request.subject),
      description: `${request.keyType} · ${new Date(request.createdAt).toISOString().slice(0, 10)}`,
      detail: plainLabel(request.keyPath),
      value: request,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

async function pemOf(request: PendingRequest): Promise<string> {
  const { encodePem } = await import('../../pki/pem.js');
  return encodePem('CERTIFICATE REQUEST', Uint8Array.from(Buffer.from(request.request, 'base64')));
}
