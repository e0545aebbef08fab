import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../errors.js';
import type { SigningResponse } from '../pki/signingResponse.js';
import type { PublicKeys } from '../services/publicKeys.js';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import type { ActionContext, Environment } from './environment.js';
import type { EntryTarget } from './targets.js';

/** Finds entries by public key. */
export interface OtherKeyPorts {
  readonly publicKeys: Pick<PublicKeys, 'find' | 'keyKnown' | 'learn'>;
}

/** Says whose key it is, as far as that is known; other entries are searched only when asked for. Nothing was sent. */
export async function refuseOtherKey(
  { keystores, connections, prompts, navigator }: Environment,
  given: { readonly entry: KeystoreEntry; readonly response: SigningResponse; readonly ports: OtherKeyPorts },
  { withProgress }: ActionContext,
): Promise<never> {
  const { entry, response, ports } = given;
  const { displayName } = await import('../pki/distinguishedName.js');
  const leaf = response.leaf ?? response.certificates[0];
  // Whoever has installed one of them already is known by its fingerprint.
  response.certificates.forEach((certificate) => ports.publicKeys.learn(certificate));
  const wanted = new Set(response.certificates.map(({ spkiSha256 }) => spkiSha256));
  const known = connections
    .list()
    .flatMap((connection) =>
      (keystores.entries(connection.id) ?? []).map((candidate) => ({ connection, entry: candidate })),
    )
    .find(
      (candidate) =>
        candidate.entry.type === 'Key Pair' && wanted.has(ports.publicKeys.keyKnown(candidate.entry) ?? ''),
    );
  if (known !== undefined) {
    throw mismatch(belongsTo(known, entry));
  }
  const searches = await prompts.confirm({
    message: l10n.t(
      'This response belongs to another key than that of "{0}". Nothing was sent.',
      entry.alias,
    ),
    detail: [
      l10n.t('It certifies "{0}".', leaf === undefined ? '' : displayName(leaf.subject)),
      l10n.t('Was the pair created anew after its request was downloaded?'),
      l10n.t(
        'The key pairs of all connected tenants can be searched for its key; their certificates are read for it.',
      ),
    ].join('\n'),
    action: l10n.t('Search Other Entries'),
  });
  if (!searches) {
    throw new Cancelled();
  }
  const search = await withProgress(l10n.t('Searching for the key'), ({ signal, report }) =>
    ports.publicKeys.find(wanted, {
      suits: ({ type }) => type === 'Key Pair',
      signal,
      report: (done, total) => report(l10n.t('{0} of {1}', done, total)),
    }),
  );
  const [owner] = search.owners;
  if (owner !== undefined) {
    await navigator.revealEntry(owner.connection.id, owner.entry.hexalias);
    throw mismatch(belongsTo(owner, entry));
  }
  throw mismatch(
    [
      l10n.t('None of the {0} key pairs that were compared has the key of this response.', search.compared),
      ...search.unreadTenants.map((name) => l10n.t('The keystore of "{0}" could not be read for it.', name)),
      ...(search.unreadEntries.length === 0
        ? []
        : [l10n.t('{0} entries could not be read.', search.unreadEntries.length)]),
    ].join(' '),
  );
}

function belongsTo({ connection, entry }: EntryTarget, other: KeystoreEntry): string {
  return l10n.t(
    'This response belongs to the key of "{0}" in "{1}", not to "{2}". Nothing was sent.',
    entry.alias,
    connection.name,
    other.alias,
  );
}

function mismatch(explanation: string): KeystoreError {
  return new KeystoreError('mismatch', 'the public key is not the one of the entry', {
    details: { explanation },
  });
}
