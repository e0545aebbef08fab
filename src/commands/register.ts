import * as vscode from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import { KeystoreError } from '../errors.js';
import type { Log } from '../services/log.js';
import type { Practice } from '../services/practice.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { ActionRunner, type Action, type ActionContext } from '../ui/runAction.js';
import type { FailureButton } from '../ui/failureMessage.js';
import type { Environment } from './environment.js';
import type { Files } from './files.js';
import { entryIdOf, tenantIdOf } from './targetIds.js';
import type { TreeChoicesPort } from './viewCommands.js';

/** What can be copied of an entry. */
export type CopiedFact =
  'alias' | 'hexalias' | 'sha256' | 'subject' | 'serialNumber' | 'validity' | 'markdown';

/** What the commands need beside their environment. */
export interface CommandParts {
  readonly environment: Omit<Environment, 'run'>;
  readonly log: Log;
  readonly practice: Practice;
  readonly choices: TreeChoicesPort;
  readonly state: vscode.Memento;
  /** Text of one or several entries for the clipboard. */
  readonly format: (fact: CopiedFact, entries: readonly KeystoreEntry[]) => Promise<string>;
}

type Handler = (context: ActionContext, argument: unknown, selection: unknown) => Promise<void>;

/** Registers every command of the manifest; what a command does is loaded when it first runs. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { log, practice, choices } = parts;
  const runner = new ActionRunner(log, parts.environment.prompts, followUp);
  const environment: Environment = { ...parts.environment, run: (action) => runner.run(action) };
  const t = vscode.l10n.t;
  const register = (id: CommandId, title: string, handler: Handler): vscode.Disposable =>
    vscode.commands.registerCommand(id, (argument: unknown, selection: unknown) =>
      environment.run({
        title,
        tenant: tenantOf(environment, argument),
        run: (context) => handler(context, argument, selection),
        retry: () => void vscode.commands.executeCommand(id, argument, selection),
      }),
    );
  const copy = (id: CommandId, title: string, fact: CopiedFact): vscode.Disposable =>
    register(id, title, async (context, argument, selection) =>
      (await import('./copyEntries.js')).copyEntries(
        environment,
        argument,
        selection,
        { title, format: (entries) => parts.format(fact, entries) },
        context,
      ),
    );
  const save = (id: CommandId, title: string, part: 'certificate' | 'chain' | 'root'): vscode.Disposable =>
    register(id, title, async (context, argument) => {
      const { saveCertificates } = await import('./saveCertificates.js');
      await saveCertificates(environment, argument, { part, title, files }, context);
    });
  const targets = async () => await import('./targets.js');
  const views = async () => await import('./viewCommands.js');
  const tenants = async () => await import('./tenantCommands.js');
  const practices = async () => await import('./practiceCommands.js');
  return vscode.Disposable.from(
    register(Command.tenantAdd, t('Add Tenant'), async () =>
      (await tenants()).addTenant(environment, files.read),
    ),
    register(Command.tenantEdit, t('Edit Tenant'), async (_, argument) =>
      (await tenants()).editTenant(environment, argument, files.read),
    ),
    register(Command.tenantRename, t('Rename Tenant'), async (_, argument) =>
      (await tenants()).renameTenant(environment, argument),
    ),
    register(Command.tenantSignIn, t('Sign In Again'), async (_, argument) =>
      (await tenants()).signIn(environment, argument, files.read),
    ),
    register(Command.tenantRemove, t('Remove Tenant'), async (_, argument) =>
      (await tenants()).removeTenant(environment, argument),
    ),
    register(Command.tenantTest, t('Test Connection'), async (context, argument) =>
      (await tenants()).testConnection(environment, argument, context),
    ),
    register(Command.practiceOpen, t('Open Practice Tenant'), async (context) =>
      (await practices()).openPractice(environment, practice, context),
    ),
    register(Command.practiceReset, t('Reset Practice Tenant'), async () =>
      (await practices()).resetPractice(environment, practice),
    ),
    register(Command.practiceSign, t('Sign with Practice CA'), async (context, argument) =>
      (await practices()).signWithPracticeCa(
        environment,
        argument,
        { practice, files, activeText, openText, isUri },
        context,
      ),
    ),
    register(Command.entriesRefresh, t('Refresh'), async (_, argument) =>
      (await views()).refreshEntries(environment, argument),
    ),
    register(Command.entriesGroupBy, t('Group By'), async () =>
      (await views()).chooseGrouping(environment, choices),
    ),
    register(Command.entriesSortBy, t('Sort By'), async () =>
      (await views()).chooseSorting(environment, choices),
    ),
    register(Command.entriesFilter, t('Filter Entries'), async () =>
      (await views()).filterEntries(environment, choices),
    ),
    register(Command.entriesClearFilter, t('Clear Filter'), () => choices.change({ filter: '' })),
    register(Command.entryInspect, t('Inspect'), async ({ signal }, argument) => {
      const { connection, entry } = await (
        await targets()
      ).chooseEntry(environment, argument, { title: t('Inspect'), signal });
      await environment.navigator.inspectEntry(connection.id, entry.hexalias);
    }),
    copy(Command.entryCopyAlias, t('Copy Alias'), 'alias'),
    copy(Command.entryCopyHexalias, t('Copy Hexalias'), 'hexalias'),
    copy(Command.entryCopyFingerprint, t('Copy Fingerprint'), 'sha256'),
    copy(Command.entryCopySubject, t('Copy Subject'), 'subject'),
    copy(Command.entryCopySerialNumber, t('Copy Serial Number'), 'serialNumber'),
    copy(Command.entryCopyValidity, t('Copy Validity'), 'validity'),
    copy(Command.entryCopyMarkdown, t('Copy as Markdown Row'), 'markdown'),
    register(Command.keyPairCreate, t('Create Key Pair'), async (context, argument) => {
      const [{ createKeyPair }, { SubjectMemory }] = await Promise.all([
        import('./createKeyPair.js'),
        import('../services/subjectMemory.js'),
      ]);
      await createKeyPair(environment, argument, new SubjectMemory(parts.state), context);
    }),
    register(Command.signingRequestDownload, t('Download Signing Request'), async (context, argument) => {
      const { downloadSigningRequest } = await import('./downloadSigningRequest.js');
      await downloadSigningRequest(environment, argument, { files, openText }, context);
    }),
    register(Command.signingResponseImport, t('Import Signing Response'), async (context, argument) => {
      const { importSigningResponse } = await import('./importSigningResponse.js');
      await importSigningResponse(environment, argument, { files, activeText, isUri }, context);
    }),
    save(Command.certificateSave, t('Save Certificate'), 'certificate'),
    save(Command.chainSave, t('Save Chain'), 'chain'),
    save(Command.rootCertificateSave, t('Save Root Certificate'), 'root'),
    register(Command.mappingShow, t('Show Mapping Set-Up'), async (_, argument) => {
      const id = entryIdOf(argument);
      const connection = await (
        await targets()
      ).chooseTenant(environment, argument, t('Show Mapping Set-Up'));
      await environment.navigator.showMapping(connection.id, id?.hexalias);
    }),
    register(Command.logShow, t('Show Log'), () => {
      log.show();
      return Promise.resolve();
    }),
    register(Command.windowReload, t('Reload Window'), async () => {
      await vscode.commands.executeCommand('workbench.action.reloadWindow');
    }),
  );
}

function tenantOf({ connections }: Environment, argument: unknown): Action['tenant'] {
  const id = tenantIdOf(argument);
  const connection = id === undefined ? undefined : connections.get(id);
  return connection === undefined ? undefined : { id: connection.id, name: connection.name };
}

function followUp(button: FailureButton, action: Action): void {
  const node = action.tenant === undefined ? undefined : { tenantId: action.tenant.id };
  switch (button) {
    case 'showLog':
      void vscode.commands.executeCommand(Command.logShow);
      return;
    case 'signIn':
      void vscode.commands.executeCommand(Command.tenantSignIn, node);
      return;
    case 'editTenant':
      void vscode.commands.executeCommand(Command.tenantEdit, node);
      return;
    case 'reload':
      void vscode.commands.executeCommand(Command.windowReload);
      return;
    case 'retry':
      action.retry?.();
  }
}

const files: Files = {
  read: async (uri) => {
    try {
      return await vscode.workspace.fs.readFile(uri);
    } catch (cause) {
      throw fileError(vscode.l10n.t('"{0}" cannot be read.', uri.path), cause);
    }
  },
  write: async (uri, bytes) => {
    try {
      await vscode.workspace.fs.writeFile(uri, bytes);
    } catch (cause) {
      throw fileError(vscode.l10n.t('"{0}" cannot be written.', uri.path), cause);
    }
  },
};

function fileError(reason: string, cause: unknown): KeystoreError {
  return new KeystoreError('file-system', 'a file could not be read or written', {
    cause,
    details: { explanation: reason },
  });
}

function activeText(): { text: string; fileName: string } | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document === undefined
    ? undefined
    : { text: document.getText(), fileName: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1) };
}

async function openText(content: string): Promise<void> {
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ content, language: 'plaintext' }),
  );
}

function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri;
}
