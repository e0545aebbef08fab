import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Connection } from '../services/connection.js';
import { CloudFoundry } from '../services/cloudFoundry.js';
import { Connections } from '../services/connections.js';
import type { InboundClients } from '../services/inboundClients.js';
import { KeyMemory } from '../services/keyMemory.js';
import { Keystores } from '../services/keystores.js';
import type { Log } from '../services/log.js';
import { Practice } from '../services/practice.js';
import { practiceKind } from '../services/practiceKind.js';
import type { PublicKeys } from '../services/publicKeys.js';
import { SecretVault } from '../services/secretVault.js';
import type { UserMappings } from '../services/userMappings.js';
import type { TrustLists } from '../inbound/trustLists.js';
import type { Own } from './own.js';
import type { Settings } from './settings.js';

/** The state of the extension, with its events; what few need is loaded when it is first asked for. */
export interface Model {
  readonly connections: Connections;
  readonly keystores: Keystores;
  readonly cloudFoundry: CloudFoundry;
  readonly keys: KeyMemory;
  readonly practice: Practice;
  readonly trust: (connection: Connection | undefined) => Promise<TrustLists>;
  readonly clients: () => Promise<InboundClients>;
  readonly mappings: () => Promise<UserMappings>;
  /** What commands and pages have learned of the entries' public keys, for as long as the window lives. */
  readonly publicKeys: () => Promise<PublicKeys>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function buildModel(
  { globalState, globalStorageUri, secrets, extensionPath }: vscode.ExtensionContext,
  { warningDays, timeoutMs, trustListFiles }: Settings,
  log: Log,
  own: Own,
): Model {
  const now = Date.now;
  const vault = own(new SecretVault(globalState, secrets));
  const connections = own(new Connections(globalState, vault, randomUUID));
  const practice = own(
    new Practice(vscode.Uri.joinPath(globalStorageUri, 'practice').fsPath, connections, {
      cloudFoundry: vscode.l10n.t('Practice Tenant'),
      neo: vscode.l10n.t('Practice Tenant of Neo'),
    }),
  );
  const keystores = own(
    new Keystores(
      connections,
      async (connection) =>
        (await import('../services/tenantAccess.js')).openTenantAccess(
          connection.practice ? await practice.connect(practiceKind(connection)) : connection,
          { connections, log, timeoutMs },
        ),
      { now, onFailure: (tenant, error) => log.failure(`Reading "${tenant}"`, error) },
    ),
  );
  const cloudFoundry = own(
    new CloudFoundry(globalState, vault, connections, {
      log,
      timeoutMs,
      prepare: async (tenantId) => {
        if (connections.get(tenantId)?.practice === true) {
          await practice.tenant();
        }
      },
    }),
  );
  const keys = own(new KeyMemory(cloudFoundry));
  const trust: Model['trust'] = async (connection) =>
    (await import('../services/trust.js')).trustListsFor(connection, {
      extensionPath,
      listFiles: trustListFiles(),
    });
  return {
    connections,
    keystores,
    cloudFoundry,
    keys,
    practice,
    trust,
    now,
    publicKeys: once(async () => {
      const { PublicKeys } = await import('../services/publicKeys.js');
      return new PublicKeys(connections, keystores);
    }),
    mappings: once(async () => {
      const { UserMappings } = await import('../services/userMappings.js');
      return own(new UserMappings({ connections, keystores, trust, memory: globalState, warningDays, now }));
    }),
    clients: once(async () => {
      const [{ InboundClients }, { tenantIssuers }] = await Promise.all([
        import('../services/inboundClients.js'),
        import('../services/issuers.js'),
      ]);
      return own(
        new InboundClients({
          connections,
          cloudFoundry,
          trust,
          issuers: () => tenantIssuers(connections, keystores, () => undefined),
          memory: globalState,
          keys,
          warningDays,
          now,
        }),
      );
    }),
  };
}

/** All who ask share the one that the first has made. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
