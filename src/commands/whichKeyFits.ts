import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Command, type CommandId } from '../contributions.js';
import { Cancelled, KeystoreError } from '../errors.js';
import { readCertificates } from '../pki/container.js';
import { findKeysInFiles, type FileSearch } from '../services/fileKeys.js';
import { folderLimit, type FolderFiles } from '../services/folderFiles.js';
import type { CertificateFile } from '../services/issuers.js';
import type { KeyBearer } from '../services/keysInBytes.js';
import type { KeyOwner, KeySearch, PublicKeys } from '../services/publicKeys.js';
import type { PickItem, PickOptions, Prompts } from '../ui/prompts.js';
import type { ActionContext, Environment } from './environment.js';
import { ownKeys } from './file/ownKeys.js';
import { certificateFileFilters, choosePartsOrPublicKey, type PartsPorts } from './file/parts.js';
import { entryIdOf } from './targetIds.js';
import { chooseEntry, plainLabel } from './targets.js';

/** A file of the open folder, with the way to show it. */
export interface KeyFile extends CertificateFile {
  readonly uri: Uri;
}

/** What the command needs beside the environment. */
export interface WhichKeyPorts extends PartsPorts {
  readonly publicKeys: Pick<PublicKeys, 'find'>;
  readonly workspaceFolders: () => readonly Uri[];
  /** Files of the open folder that by their names hold certificates, requests or keys. */
  readonly keyFiles: () => Promise<FolderFiles<KeyFile>>;
  readonly runOnFile: (command: string, uri: Uri) => void;
  readonly run: (command: CommandId) => void;
}

/** What the person wants next; `undefined` where there is nothing to choose. */
type Choice =
  | { readonly kind: 'entry'; readonly owner: KeyOwner }
  | { readonly kind: 'files' }
  | { readonly kind: 'command'; readonly command: CommandId }
  | undefined;

/** Whose counterpart is looked for. */
interface Wanted {
  /** For people. */
  readonly name: string;
  readonly keys: ReadonlySet<string>;
  /** Itself, which is no answer. */
  readonly entry?: { readonly tenantId: string; readonly hexalias: string } | undefined;
  readonly uri?: Uri | undefined;
}

/**
 * "Which Key Fits?": finds what has the same public key as a certificate, request or key: entries of the connected tenants, and,
 * when asked, files of the open folder.
 */
export async function whichKeyFits(
  environment: Environment,
  argument: unknown,
  ports: WhichKeyPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Which Key Fits?');
  const wanted =
    entryIdOf(argument) === undefined
      ? await wantedOfFile(environment, argument, { ports, title }, context)
      : await wantedOfEntry(environment, argument, title, context);
  const choice =
    environment.connections.list().length === 0
      ? await askWithoutTenant(environment, { ports, title })
      : await searchEntries(environment, wanted, { ports, title }, context);
  switch (choice?.kind) {
    case 'entry':
      await environment.navigator.revealEntry(choice.owner.connection.id, choice.owner.entry.hexalias);
      return;
    case 'files':
      await searchFiles(environment, wanted, { ports, title }, context);
      return;
    case 'command':
      ports.run(choice.command);
      return;
    case undefined:
  }
}

/** Without a tenant there is no entry to compare; how one is connected is offered beside the search in files. */
async function askWithoutTenant(
  { prompts }: Environment,
  { ports, title }: { readonly ports: WhichKeyPorts; readonly title: string },
): Promise<Choice> {
  return await pick(prompts, {
    title,
    placeholder: l10n.t('No tenant is connected, so no entry was compared'),
    items: [
      ...filesItems(ports),
      { label: l10n.t('Add Tenant…'), value: { kind: 'command', command: Command.tenantAdd } },
      { label: l10n.t('Open Practice Tenant'), value: { kind: 'command', command: Command.practiceOpen } },
    ],
  });
}

async function searchEntries(
  { prompts }: Environment,
  wanted: Wanted,
  { ports, title }: { readonly ports: WhichKeyPorts; readonly title: string },
  context: ActionContext,
): Promise<Choice> {
  const search = await context.withProgress(l10n.t('Searching the keystores'), ({ signal, report }) =>
    ports.publicKeys.find(wanted.keys, {
      signal,
      report: (done, total) => report(l10n.t('{0} of {1} entries', done, total)),
    }),
  );
  const owners = search.owners.filter(
    ({ connection, entry }) =>
      connection.id !== wanted.entry?.tenantId || entry.hexalias !== wanted.entry.hexalias,
  );
  const items = [...owners.map(entryItem), ...filesItems(ports)];
  if (items.length === 0) {
    void prompts.inform(
      [l10n.t('No entry has the key of "{0}".', wanted.name), ...limitsOf(search)].join(' '),
    );
    return undefined;
  }
  return await pick(prompts, {
    title,
    placeholder: [
      l10n.t('{0} entries have the key of "{1}"', owners.length, plainLabel(wanted.name)),
      ...limitsOf(search),
    ].join(' · '),
    items,
  });
}

function filesItems(ports: Pick<WhichKeyPorts, 'workspaceFolders'>): readonly PickItem<Choice>[] {
  return ports.workspaceFolders().length === 0
    ? []
    : [
        {
          label: l10n.t('Search the Files of the Open Folder…'),
          detail: l10n.t('Certificates, requests and keys; no password is asked for.'),
          value: { kind: 'files' },
        },
      ];
}

async function pick<T>(prompts: Prompts, options: PickOptions<T>): Promise<T> {
  const answer = await prompts.pick(options);
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

async function wantedOfEntry(
  environment: Environment,
  argument: unknown,
  title: string,
  { signal, withProgress }: ActionContext,
): Promise<Wanted> {
  const { connection, entry } = await chooseEntry(environment, argument, { title, signal });
  const [certificate] = await withProgress(
    l10n.t('Reading the certificate of "{0}"', entry.alias),
    async (progress) => {
      const { client } = await environment.keystores.access(connection.id);
      return readCertificates(await client.readCertificate(entry.hexalias, 'leaf', progress.signal))
        .certificates;
    },
  );
  if (certificate === undefined) {
    throw new KeystoreError('bad-answer', 'the entry has no readable certificate');
  }
  return {
    name: entry.alias,
    keys: new Set([certificate.spkiSha256]),
    entry: { tenantId: connection.id, hexalias: entry.hexalias },
  };
}

async function wantedOfFile(
  { prompts }: Environment,
  argument: unknown,
  { ports, title }: { readonly ports: WhichKeyPorts; readonly title: string },
  context: ActionContext,
): Promise<Wanted> {
  const parts = await choosePartsOrPublicKey(
    prompts,
    ports,
    {
      argument,
      title,
      placeholder: l10n.t('Certificate, signing request or key whose counterpart you look for'),
      filters: {
        ...certificateFileFilters(),
        [l10n.t('Signing requests and keys')]: ['csr', 'p10', 'req', 'pem', 'key', 'p8', 'pub'],
      },
    },
    context,
  );
  return { name: parts.name, uri: parts.uri, keys: await ownKeys(parts) };
}

function entryItem(owner: KeyOwner): PickItem<Choice> {
  const { connection, entry } = owner;
  return {
    label: plainLabel(entry.alias),
    description: plainLabel(`${entry.type} · ${connection.name}`),
    ...(entry.subjectDn === undefined ? {} : { detail: plainLabel(entry.subjectDn) }),
    value: { kind: 'entry', owner },
  };
}

function limitsOf({ compared, unreadEntries, unreadTenants }: KeySearch): readonly string[] {
  return [
    l10n.t('{0} entries were compared.', compared),
    ...(unreadEntries.length === 0 ? [] : [l10n.t('{0} entries could not be read.', unreadEntries.length)]),
    ...unreadTenants.map((name) =>
      l10n.t('The keystore of "{0}" could not be read for it.', plainLabel(name)),
    ),
  ];
}

async function searchFiles(
  { prompts }: Environment,
  wanted: Wanted,
  { ports, title }: { readonly ports: WhichKeyPorts; readonly title: string },
  { withProgress }: ActionContext,
): Promise<void> {
  const { search, limit } = await withProgress(
    l10n.t('Searching the open folder'),
    async ({ signal, report }) => {
      const listed = await ports.keyFiles();
      const files = listed.files.filter(({ uri }) => uri.toString() !== wanted.uri?.toString());
      const found = await findKeysInFiles(files, wanted.keys, {
        derivation: ports.derivation,
        signal,
        report: (done, total) => report(l10n.t('{0} of {1} files', done, total)),
      });
      return { search: found, limit: folderLimit(listed) };
    },
  );
  const { matches } = search;
  if (matches.length === 0) {
    void prompts.inform(
      [
        l10n.t('No file of the open folder has the key of "{0}".', wanted.name),
        ...limitsOfFiles(search),
        ...limit,
      ].join(' '),
    );
    return;
  }
  const file = await pick<KeyFile>(prompts, {
    title,
    placeholder: [
      l10n.t('{0} files have the key of "{1}"', matches.length, plainLabel(wanted.name)),
      ...limitsOfFiles(search),
      ...limit,
    ].join(' · '),
    items: matches.map(({ file: match, bearers }) => ({
      label: plainLabel(match.name),
      description: bearers.map(bearerName).join(', '),
      detail: plainLabel(match.uri.path),
      value: match,
    })),
  });
  ports.runOnFile('vscode.open', file.uri);
}

function limitsOfFiles({ compared, locked, unread }: FileSearch<KeyFile>): readonly string[] {
  return [
    l10n.t('{0} files were compared.', compared),
    ...(locked.length === 0
      ? []
      : [
          l10n.t(
            'Not looked into, since they need a password: {0}.',
            locked.map(({ name }) => plainLabel(name)).join(', '),
          ),
        ]),
    ...(unread.length === 0 ? [] : [l10n.t('{0} files could not be read.', unread.length)]),
  ];
}

function bearerName(bearer: KeyBearer): string {
  switch (bearer) {
    case 'certificate':
      return l10n.t('certificate');
    case 'signingRequest':
      return l10n.t('signing request');
    case 'privateKey':
      return l10n.t('private key');
    case 'publicKey':
      return l10n.t('public key');
  }
}
