import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { KeystoreError } from '../../errors.js';
import { opensslCommands, type OpensslRequest } from '../../inbound/opensslCommands.js';
import type { LocalKeyPair } from '../../pki/localKeyPair.js';
import type { KeyFileForm } from '../../services/pendingRequests.js';
import { SubjectMemory } from '../../services/subjectMemory.js';
import { runFlow } from '../../ui/flow.js';
import type { Prompts } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { asFileName, baseName } from '../fileName.js';
import { askSecretPlace, type SecretPlace, writeToSecretPlace } from '../secretPlace.js';
import { type LocalPlan, opensslRequestOf, signingRequestOf } from './plan.js';
import type { LocalPorts } from './ports.js';
import { type LocalDraft, localSteps, type RequestDestination } from './steps.js';

/**
 * "Create Local Key Pair and Signing Request…": the key is made on this machine and stored under a passphrase where the person
 * says; the request is handed over, and remembered until its response is there.
 */
export async function createLocalKeyPair(
  environment: Pick<Environment, 'prompts' | 'now'>,
  ports: LocalPorts,
  context: ActionContext,
): Promise<void> {
  const { prompts } = environment;
  const memory = new SubjectMemory(ports.state);
  const title = l10n.t('Create Local Key Pair and Signing Request');
  const draft = await runFlow<LocalDraft>(
    title,
    { subject: memory.last(), alternativeNames: [] },
    localSteps(prompts),
  );
  const plan = planOf(draft);
  const { way, passphrase, destination } = draft;
  await memory.remember({ commonName: '', country: '', ...plan.subject });
  if (way?.kind === 'commands') {
    await showCommands(ports, opensslRequestOf(plan), way.shell);
    return;
  }
  if (way === undefined || passphrase === undefined || destination === undefined) {
    throw incomplete();
  }
  const place = await askSecretPlace(prompts, {
    title: l10n.t('Where to Keep the Private Key'),
    ...keyFileOf(plan, way.form),
    workspaceFolders: ports.workspaceFolders(),
  });
  const made = await make(plan, { form: way.form, passphrase, place }, { environment, ports, context });
  const requestFile = await deliver(prompts, ports, { pem: made.pem, destination, place, plan });
  tellNext(prompts, ports, { plan, place, requestFile, destination });
}

function planOf({ key, subject, alternativeNames, purpose }: LocalDraft): LocalPlan {
  if (key === undefined || purpose === undefined || subject.commonName === undefined) {
    throw incomplete();
  }
  return { key, subject, alternativeNames, purpose, fileName: asFileName(subject.commonName, '') };
}

function incomplete(): KeystoreError {
  return new KeystoreError('invalid-input', 'the key pair is incomplete');
}

function keyFileOf(
  { fileName }: LocalPlan,
  form: KeyFileForm,
): { readonly fileName: string; readonly filters: Record<string, string[]> } {
  return form === 'pkcs8'
    ? { fileName: `${fileName}.key.pem`, filters: { [l10n.t('Private key')]: ['pem', 'key'] } }
    : { fileName: `${fileName}.p12`, filters: { 'PKCS#12': ['p12', 'pfx'] } };
}

async function make(
  plan: LocalPlan,
  keeping: { readonly form: KeyFileForm; readonly passphrase: string; readonly place: SecretPlace },
  {
    environment,
    ports,
    context,
  }: {
    readonly environment: Pick<Environment, 'prompts' | 'now'>;
    readonly ports: LocalPorts;
    readonly context: ActionContext;
  },
): Promise<{ readonly pem: string }> {
  const { place } = keeping;
  const [{ generateLocalKeyPair }, { encodePem }, { readSigningRequest }, { displayName }] =
    await Promise.all([
      import('../../pki/localKeyPair.js'),
      import('../../pki/pem.js'),
      import('../../pki/signingRequest.js'),
      import('../../pki/distinguishedName.js'),
    ]);
  return await context.withProgress(
    l10n.t('Making the key pair of "{0}"', plan.subject.commonName ?? ''),
    async ({ signal, report }) => {
      const pair = await generateLocalKeyPair(plan.key, { signal });
      const der = await signingRequestOf(plan, pair.privateKey);
      const request = readSigningRequest(der);
      if (!request.signatureValid || request.spkiSha256 !== pair.spkiSha256) {
        throw new KeystoreError('mismatch', 'the signing request does not read back as it was made');
      }
      report(l10n.t('encrypting the key'));
      const bytes = await keyFile(pair, keeping, { plan, ports, signal });
      await writeToSecretPlace(environment.prompts, place, bytes);
      await ports.pending.add({
        spkiSha256: pair.spkiSha256,
        subject: displayName(request.subject),
        keyType: pair.type,
        createdAt: environment.now(),
        keyPath: place.uri.fsPath,
        keyForm: keeping.form,
        request: Buffer.from(der).toString('base64'),
      });
      return { pem: encodePem('CERTIFICATE REQUEST', der) };
    },
  );
}

/** The key under its passphrase, read back by the writers. */
async function keyFile(
  pair: LocalKeyPair,
  { form, passphrase }: { readonly form: KeyFileForm; readonly passphrase: string },
  {
    plan,
    ports,
    signal,
  }: { readonly plan: LocalPlan; readonly ports: LocalPorts; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const options = { password: passphrase, profile: 'modern', derivation: ports.derivation, signal } as const;
  if (form === 'pkcs8') {
    const { writeEncryptedPrivateKey } = await import('../../pki/privateKeyWriter.js');
    return new TextEncoder().encode(await writeEncryptedPrivateKey(pair.pkcs8, options));
  }
  const { writePkcs12 } = await import('../../pki/pkcs12Writer.js');
  const friendlyName = plan.subject.commonName;
  return await writePkcs12({ privateKey: pair.pkcs8, certificates: [], friendlyName }, options);
}

/** Hands the request over; where its file cannot be written, in an editor, since the key is stored already. */
async function deliver(
  prompts: Prompts,
  ports: LocalPorts,
  request: {
    readonly pem: string;
    readonly destination: RequestDestination;
    readonly place: SecretPlace;
    readonly plan: LocalPlan;
  },
): Promise<Uri | undefined> {
  const { pem, destination, place, plan } = request;
  switch (destination) {
    case 'clipboard':
      await prompts.writeClipboard(pem);
      return undefined;
    case 'editor':
      await ports.openText(pem);
      return undefined;
    case 'file': {
      const folder = place.uri.path.slice(0, place.uri.path.lastIndexOf('/') + 1);
      const uri = place.uri.with({ path: `${folder}${plan.fileName}.csr` });
      if (await mayWrite(prompts, ports, uri)) {
        try {
          await ports.files.write(uri, new TextEncoder().encode(pem));
          return uri;
        } catch (error) {
          if (!KeystoreError.is(error, 'file-system')) {
            throw error;
          }
          void prompts.warn(
            l10n.t('"{0}" could not be written; the request is shown in an editor instead.', uri.fsPath),
          );
        }
      }
      await ports.openText(pem);
      return undefined;
    }
  }
}

async function mayWrite(prompts: Prompts, ports: LocalPorts, uri: Uri): Promise<boolean> {
  const isFree = await ports.files.read(uri).then(
    () => false,
    () => true,
  );
  return (
    isFree ||
    (await prompts.confirm({
      message: l10n.t('Replace "{0}"?', baseName(uri)),
      detail: l10n.t('The file exists. Otherwise the new signing request is shown in an editor.'),
      action: l10n.t('Replace File'),
    }))
  );
}

function tellNext(
  prompts: Prompts,
  ports: LocalPorts,
  made: {
    readonly plan: LocalPlan;
    readonly place: SecretPlace;
    readonly requestFile: Uri | undefined;
    readonly destination: RequestDestination;
  },
): void {
  const { plan, place, requestFile, destination } = made;
  const where =
    requestFile !== undefined
      ? l10n.t('The signing request is "{0}".', requestFile.fsPath)
      : destination === 'clipboard'
        ? l10n.t('The signing request is in the clipboard.')
        : l10n.t('The signing request is in the editor.');
  const showCommandsLabel = l10n.t('Show as openssl Commands');
  void prompts
    .inform(
      [
        l10n.t('The private key is "{0}".', place.uri.fsPath),
        where,
        l10n.t(
          'Next: have it signed by a certificate authority of SAP Note 2801396, with client authentication among the usages, and run "Complete with Signing Response".',
        ),
      ].join(' '),
      showCommandsLabel,
    )
    .then(async (chosen) => {
      if (chosen === showCommandsLabel) {
        await showCommands(
          ports,
          opensslRequestOf(plan),
          process.platform === 'win32' ? 'powershell' : 'bash',
        );
      }
    });
}

async function showCommands(
  ports: LocalPorts,
  request: OpensslRequest,
  shell: 'bash' | 'powershell',
): Promise<void> {
  await ports.openText(opensslCommands(request, shell), shell === 'bash' ? 'shellscript' : 'powershell');
}
