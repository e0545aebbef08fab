import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import {
  certificateOf,
  fingerprintKey,
  keysByCertificate,
  type PlacedKey,
} from '../../inbound/inboundClients.js';
import type { UserMapping } from '../../inbound/userMapping.js';
import type { Connection } from '../../services/connection.js';
import { folderLimit } from '../../services/folderFiles.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from '../environment.js';
import { chooseEntry, plainLabel } from '../targets.js';
import type { KeyFile } from '../whichKeyFits.js';
import { isNeoTenant } from '../../tenant/tenantAddress.js';
import { mappingAtHand, mappingOfRow } from '../userMapping/chooseMapping.js';
import { certificateOfFile } from '../cloudFoundry/senderCertificate.js';
import { chooseKey } from './chooseKey.js';
import { filesWithCertificate } from './filesWithCertificate.js';
import type { InboundPorts } from './ports.js';

/** So many names of files and tenants that were not read fit into a message. */
const maxNames = 10;

type Place =
  | { readonly kind: 'entry'; readonly connection: Connection; readonly entry: KeystoreEntry }
  | { readonly kind: 'file'; readonly file: KeyFile };

/** "Show Keystore Entry": the entry of a connected tenant, or the file of the open folder, with the certificate of a key or mapping. */
export async function revealEntryOfKey(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Show Keystore Entry');
  const { sha256, name } =
    mappingOfRow(argument) === undefined
      ? await certificateOfKey(environment, argument, ports, title, context)
      : await certificateOfRow(environment, argument, ports, title, context);
  const { places, unread, limit } = await context.withProgress(title, ({ signal }) =>
    placesOf(environment, ports, sha256, signal),
  );
  const [first] = places;
  if (first === undefined) {
    const reason =
      unread.length === 0
        ? l10n.t(
            'Neither a keystore of a connected tenant nor a file of the open folder has the certificate of "{0}".',
            name,
          )
        : l10n.t(
            'No keystore or file that could be read has the certificate of "{0}". Not read: {1}.',
            name,
            namesOf(unread),
          );
    throw refused([reason, ...limit].join(' '));
  }
  const place = places.length === 1 ? first : await pickPlace(environment, title, places);
  if (place?.kind === 'entry') {
    await environment.navigator.revealEntry(place.connection.id, place.entry.hexalias);
  } else if (place?.kind === 'file') {
    await ports.openFile(place.file.uri);
  }
}

async function certificateOfKey(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  title: string,
  context: ActionContext,
): Promise<{ readonly sha256: string; readonly name: string }> {
  const { key } = await chooseKey(environment, argument, ports, { title }, context);
  const sha256 = certificateOf(key);
  if (sha256 === undefined) {
    throw refused(
      key.reading.kind === 'notReadable'
        ? key.reading.reason
        : l10n.t('The service key "{0}" holds no certificate that can be read.', key.name),
    );
  }
  return { sha256, name: key.name };
}

async function certificateOfRow(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  title: string,
  context: ActionContext,
): Promise<{ readonly sha256: string; readonly name: string }> {
  const mapping = await mappingAtHand(environment, argument, ports, { title, context });
  if (mapping.certificate === undefined) {
    throw refused(mapping.unreadable ?? '');
  }
  return { sha256: mapping.certificate.sha256, name: mapping.user };
}

/**
 * "Show Service Keys with This Certificate", for an entry or a file; a tenant of Neo has certificate-to-user mappings in their
 * place.
 */
export async function showServiceKeys(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Show Service Keys with This Certificate');
  const { sha256, name, tenantId } = await certificateAsked(environment, argument, ports, title, context);
  const signedIn = environment.connections
    .list()
    .filter(({ id }) => environment.cloudFoundry.state(id).kind === 'signedIn')
    // The entry's own tenant first; its key may as well call another one.
    .sort((a, b) => Number(b.id === tenantId) - Number(a.id === tenantId));
  const find = (): readonly (PlacedKey & { connection: Connection })[] =>
    signedIn.flatMap((connection) =>
      (keysByCertificate(ports.clients.data(connection.id)?.instances ?? []).get(sha256) ?? []).map(
        (placed) => ({ ...placed, connection }),
      ),
    );
  const mapped = await mappingsWith(environment, sha256, ports, context);
  if (mapped.length > 0 && (signedIn.length === 0 || find().length === 0)) {
    const chosen = await pickMapping(environment, title, mapped);
    await ports.reveal({ tenantId: chosen.connection.id, mappingId: chosen.mapping.id });
    return;
  }
  if (signedIn.length === 0) {
    throw new KeystoreError('signed-out', 'nobody is signed in to Cloud Foundry', {
      details: {
        where: 'cf',
        explanation: l10n.t(
          'Service keys stand in Cloud Foundry, and you are not signed in. Run "Sign In to Cloud Foundry…" first.',
        ),
      },
    });
  }
  await context.withProgress(l10n.t('Reading service keys'), async () => {
    for (const { id } of signedIn) {
      await ports.clients.ensure(id, context.signal);
    }
  });
  let found = find();
  const unread = signedIn.reduce((sum, { id }) => sum + ports.clients.requestsOfReadAll(id) / 2, 0);
  if (found.length === 0 && unread > 0) {
    const isWished = await environment.prompts.confirm({
      message: l10n.t('Read what {0} service keys hold?', unread),
      detail: l10n.t(
        'None of the keys that were read has the certificate of "{0}". Reading the others takes up to {1} requests to Cloud Foundry.',
        name,
        2 * unread,
      ),
      action: l10n.t('Read'),
    });
    if (!isWished) {
      throw new Cancelled();
    }
    await context.withProgress(title, async ({ signal, report }) => {
      for (const { id } of signedIn) {
        await ports.clients.readAll(id, {
          signal,
          onProgress: (done, total) => report(l10n.t('{0} of {1} keys', done, total)),
        });
      }
    });
    found = find();
  }
  const [only] = found;
  if (only === undefined) {
    const isEverySpace = signedIn.every(({ id }) => ports.clients.data(id)?.isEverySpace === true);
    throw refused(
      isEverySpace
        ? l10n.t('No service key that can be read has the certificate of "{0}".', name)
        : l10n.t(
            'No service key that can be read has the certificate of "{0}". "Look in Every Space" looks further.',
            name,
          ),
    );
  }
  const chosen = found.length === 1 ? only : await pickKeyOf(environment, title, found);
  if (chosen !== undefined) {
    await ports.reveal({
      tenantId: chosen.connection.id,
      instanceGuid: chosen.instance.guid,
      keyGuid: chosen.key.guid,
    });
  }
}

async function certificateAsked(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  title: string,
  context: ActionContext,
): Promise<{ sha256: string; name: string; tenantId: string | undefined }> {
  const { signal } = context;
  if (ports.isUri(argument)) {
    const { leaf, source } = await certificateOfFile(environment, argument, ports, { title, context });
    return { sha256: leaf.sha256, name: source, tenantId: undefined };
  }
  const { connection, entry } = await chooseEntry(environment, argument, {
    title,
    signal,
    suits: ({ fingerprintSha256 }) => fingerprintSha256 !== undefined,
  });
  if (entry.fingerprintSha256 === undefined) {
    throw refused(l10n.t('"{0}" has no certificate.', entry.alias));
  }
  return { sha256: fingerprintKey(entry.fingerprintSha256), name: entry.alias, tenantId: connection.id };
}

interface PlacedMapping {
  readonly connection: Connection;
  readonly mapping: UserMapping;
}

/** The mappings of connected tenants of Neo with a certificate; a tenant that cannot be read is passed over, and its row says why. */
async function mappingsWith(
  { connections }: Environment,
  sha256: string,
  { mappings }: InboundPorts,
  { withProgress }: ActionContext,
): Promise<readonly PlacedMapping[]> {
  const tenants = connections.list().filter(({ address }) => isNeoTenant(address));
  if (tenants.length === 0) {
    return [];
  }
  return await withProgress(l10n.t('Reading certificate-to-user mappings'), async ({ signal }) => {
    const found: PlacedMapping[] = [];
    for (const connection of tenants) {
      await mappings.refresh(connection.id);
      Cancelled.throwIfAborted(signal);
      const own = mappings.mappings(connection.id) ?? [];
      found.push(
        ...own
          .filter(({ certificate }) => certificate?.sha256 === sha256)
          .map((mapping) => ({ connection, mapping })),
      );
    }
    return found;
  });
}

async function pickMapping(
  { prompts }: Environment,
  title: string,
  mapped: readonly PlacedMapping[],
): Promise<PlacedMapping> {
  const [first, ...others] = mapped;
  if (first !== undefined && others.length === 0) {
    return first;
  }
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Certificate-to-user mapping'),
    items: mapped.map((value) => ({
      label: plainLabel(value.mapping.user),
      description: plainLabel(value.connection.name),
      value,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

interface FoundPlaces {
  readonly places: readonly Place[];
  /** Tenants whose keystore could not be read, and files that could not be looked into. */
  readonly unread: readonly string[];
  /** What has to be said of the search in files. */
  readonly limit: readonly string[];
}

async function placesOf(
  { connections, keystores }: Environment,
  ports: InboundPorts,
  sha256: string,
  signal: AbortSignal,
): Promise<FoundPlaces> {
  const places: Place[] = [];
  const unread: string[] = [];
  for (const connection of connections.list()) {
    Cancelled.throwIfAborted(signal);
    try {
      for (const entry of await keystores.entriesOrRead(connection.id, signal)) {
        if (entry.fingerprintSha256 !== undefined && fingerprintKey(entry.fingerprintSha256) === sha256) {
          places.push({ kind: 'entry', connection, entry });
        }
      }
    } catch (error) {
      if (!KeystoreError.is(error)) {
        throw error;
      }
      unread.push(connection.name);
    }
  }
  const listed = await ports.certificateFiles();
  const { files, skipped } = await filesWithCertificate(listed.files, sha256, {
    derivation: ports.derivation,
    signal,
  });
  places.push(...files.map((file): Place => ({ kind: 'file', file })));
  unread.push(...skipped.map(({ name }) => name));
  return { places, unread, limit: folderLimit(listed) };
}

function namesOf(unread: readonly string[]): string {
  const named = unread.slice(0, maxNames).map(plainLabel).join(', ');
  return unread.length > maxNames ? l10n.t('{0} and {1} more', named, unread.length - maxNames) : named;
}

async function pickPlace(
  { prompts }: Environment,
  title: string,
  places: readonly Place[],
): Promise<Place | undefined> {
  const answer = await prompts.pick<Place>({
    title,
    placeholder: l10n.t('Entry or file with this certificate'),
    items: places.map((value) =>
      value.kind === 'entry'
        ? { label: plainLabel(value.entry.alias), description: plainLabel(value.connection.name), value }
        : { label: plainLabel(value.file.name), description: l10n.t('file'), value },
    ),
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

async function pickKeyOf<T extends PlacedKey & { readonly connection: Connection }>(
  { prompts }: Environment,
  title: string,
  keys: readonly T[],
): Promise<T | undefined> {
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Service key'),
    items: keys.map((value) => ({
      label: plainLabel(value.key.name),
      description: plainLabel(`${value.instance.name} · ${value.connection.name}`),
      value,
    })),
  });
  return answer.kind === 'value' ? answer.value : undefined;
}

function refused(explanation: string): KeystoreError {
  return new KeystoreError('refused', 'nothing to show', { details: { explanation } });
}
