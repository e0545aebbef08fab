import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { Cancelled, KeystoreError } from '../errors.js';
import type { PracticeFault, PracticeForm } from '../practice/practiceSigning.js';
import type { PracticeTenantKind } from '../practice/practiceTenant.js';
import type { Connection } from '../services/connection.js';
import type { Practice } from '../services/practice.js';
import { practiceKind } from '../services/practiceKind.js';
import type { ActionContext, Environment } from './environment.js';
import { whyNoSigningRequest } from './downloadSigningRequest.js';
import type { Files } from './files.js';
import { asFileName } from './fileName.js';
import { entryIdOf } from './targetIds.js';
import { chooseEntry, chooseTenant } from './targets.js';

/** "Open Practice Tenant", and that of Neo: starts or joins it, connects it and shows it. */
export async function openPractice(
  { keystores, navigator }: Environment,
  practice: Practice,
  kind: PracticeTenantKind,
  { withProgress }: ActionContext,
): Promise<void> {
  const connection = await withProgress(l10n.t('Opening the practice tenant'), async () => {
    const connected = await practice.connect(kind);
    await keystores.refresh(connected.id);
    return connected;
  });
  await navigator.revealTenant(connection.id);
}

/** "Reset Practice Tenant…": everything in it is gone for good. */
export async function resetPractice(
  environment: Environment,
  argument: unknown,
  practice: Practice,
  refreshMappings: (tenantId: string) => Promise<void>,
): Promise<void> {
  const { prompts, keystores, connections } = environment;
  const title = l10n.t('Reset Practice Tenant');
  const chosen = connections.list().some((connection) => connection.practice)
    ? await chooseTenant(environment, argument, title, (connection) => connection.practice)
    : undefined;
  if (chosen?.practice === false) {
    throw notPractice(chosen);
  }
  const kind = chosen === undefined ? 'cloudFoundry' : practiceKind(chosen);
  const agreed = await prompts.confirm({
    message:
      kind === 'neo'
        ? l10n.t('Reset the practice tenant of Neo?')
        : l10n.t('Reset the practice tenant with its Cloud Foundry?'),
    detail: l10n.t(
      'Everything that was created or imported in it is gone for good, and it begins with new keys.',
    ),
    action: l10n.t('Reset Practice Tenant'),
  });
  if (agreed) {
    await practice.reset(kind);
    const { id } = await practice.connect(kind);
    await keystores.refresh(id);
    if (kind === 'neo') {
      await refreshMappings(id);
    }
  }
}

/** "Sign with Practice CA…": signs the request of a practice entry, a file or an editor, and gives the response in a form of choice. */
export async function signWithPracticeCa(
  environment: Environment,
  argument: unknown,
  ports: {
    readonly practice: Practice;
    readonly files: Files;
    readonly activeText: () => { readonly text: string; readonly fileName: string } | undefined;
    readonly openText: (text: string) => Promise<void>;
    readonly isUri: (value: unknown) => value is vscode.Uri;
  },
  context: ActionContext,
): Promise<void> {
  const { prompts } = environment;
  const request = await requestToSign(environment, argument, ports, context);
  const form = await prompts.pick<PracticeForm>({
    title: l10n.t('Signing response for "{0}"', request.name),
    placeholder: l10n.t('Form of the signing response'),
    items: [
      { label: l10n.t('PKCS#7, PEM'), description: '.p7b', value: 'pkcs7-pem' },
      { label: l10n.t('PKCS#7, binary'), description: '.p7c', value: 'pkcs7-der' },
      { label: l10n.t('PKCS#7, base64'), description: '.p7b', value: 'pkcs7-base64' },
      { label: l10n.t('Certificates, PEM'), description: '.pem', value: 'pem' },
      { label: l10n.t('Certificates, DER one after the other'), description: '.der', value: 'der' },
      { label: l10n.t('PKI path'), description: '.pkipath', value: 'pkipath' },
      { label: l10n.t('SPC'), description: '.spc', value: 'spc' },
    ],
  });
  if (form.kind === 'back') {
    return;
  }
  const fault = await prompts.pick<PracticeFault | 'none'>({
    title: l10n.t('Signing response for "{0}"', request.name),
    placeholder: l10n.t('A right answer, or a wrong one to practise with'),
    items: [
      { label: l10n.t('As it should be'), description: l10n.t('leaf, intermediate and root'), value: 'none' },
      { label: l10n.t('For another key'), separatorBefore: l10n.t('Wrong answers'), value: 'another-key' },
      { label: l10n.t('Expired'), value: 'expired' },
      { label: l10n.t('Chain missing'), value: 'chain-missing' },
      { label: l10n.t('Reversed'), value: 'reversed' },
      { label: l10n.t('A stranger added'), value: 'stranger' },
    ],
  });
  if (fault.kind === 'back') {
    return;
  }
  const { signWithPracticeCa: sign } = await import('../practice/practiceSigning.js');
  const bytes = await sign({
    directory: ports.practice.folder,
    csr: request.bytes,
    form: form.value,
    ...(fault.value === 'none' ? {} : { fault: fault.value }),
  });
  const uri = await prompts.saveFile({
    title: l10n.t('Save the Signing Response'),
    fileName: asFileName(request.name, extensions[form.value]),
    filters: { [l10n.t('Signing response')]: [extensions[form.value].slice(1)] },
  });
  await ports.files.write(uri, bytes);
  prompts.note(l10n.t('Signing response saved. Next: import it.'));
}

const extensions: Readonly<Record<PracticeForm, string>> = {
  'pkcs7-pem': '.p7b',
  'pkcs7-der': '.p7c',
  'pkcs7-base64': '.p7b',
  pem: '.pem',
  der: '.der',
  pkipath: '.pkipath',
  spc: '.spc',
};

async function requestToSign(
  environment: Environment,
  argument: unknown,
  ports: Parameters<typeof signWithPracticeCa>[2],
  { signal, withProgress }: ActionContext,
): Promise<{ bytes: Uint8Array; name: string }> {
  if (ports.isUri(argument)) {
    return { bytes: await ports.files.read(argument), name: baseName(argument.path) };
  }
  const { prompts } = environment;
  const editor = ports.activeText();
  const origin =
    entryIdOf(argument) !== undefined
      ? ({ kind: 'value', value: 'entry' } as const)
      : await prompts.pick<'entry' | 'file' | 'editor'>({
          title: l10n.t('Sign with Practice CA'),
          placeholder: l10n.t('Signing request'),
          items: [
            { label: l10n.t('Of an entry of the practice tenant…'), value: 'entry' },
            { label: l10n.t('From a file…'), value: 'file' },
            ...(editor === undefined
              ? []
              : [{ label: l10n.t('From the open editor'), value: 'editor' as const }]),
          ],
        });
  if (origin.kind === 'back') {
    throw new Cancelled();
  }
  if (origin.value === 'editor' && editor !== undefined) {
    return { bytes: new TextEncoder().encode(editor.text), name: baseName(editor.fileName) };
  }
  if (origin.value === 'file') {
    const uri = await prompts.openFile({
      title: l10n.t('Signing Request'),
      filters: { [l10n.t('Signing request')]: ['csr', 'p10', 'pem'], [l10n.t('All files')]: ['*'] },
    });
    return { bytes: await ports.files.read(uri), name: baseName(uri.path) };
  }
  const { connection, entry } = await chooseEntry(environment, argument, {
    title: l10n.t('Sign with Practice CA'),
    signal,
    suits: (candidate) => whyNoSigningRequest(candidate) === undefined,
    suitsTenant: (candidate) => candidate.practice,
  });
  if (!connection.practice) {
    throw notPractice(connection);
  }
  const bytes = await withProgress(
    l10n.t('Reading the signing request of "{0}"', entry.alias),
    async (progress) =>
      (await environment.keystores.access(connection.id)).client.readSigningRequest(
        entry.hexalias,
        progress.signal,
      ),
  );
  return { bytes, name: entry.alias };
}

function notPractice({ name }: Connection): KeystoreError {
  return new KeystoreError('refused', 'not a practice tenant', {
    details: { explanation: l10n.t('"{0}" is a real tenant. This is for the practice tenants only.', name) },
  });
}

function baseName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
