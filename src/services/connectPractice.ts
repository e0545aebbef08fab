import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { PracticeTenant, PracticeTenantKind } from '../practice/practiceTenant.js';
import { readServiceKey } from '../tenant/serviceKey.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { practiceKind } from './practiceKind.js';
import type { TenantAddress, TenantSecret } from '../tenant/tenantAddress.js';

/** Connects a practice tenant, or brings its connection up to date. */
export async function connectPractice(
  tenant: PracticeTenant,
  kind: PracticeTenantKind,
  { connections, name }: { readonly connections: Connections; readonly name: string },
): Promise<Connection> {
  const way = kind === 'neo' ? neoWay(tenant) : serviceKeyWay(tenant);
  const address = { ...way.address, trustedCa: tenant.caCertificatePem };
  const existing = connections
    .list()
    .find((connection) => connection.practice && practiceKind(connection) === kind);
  if (existing === undefined) {
    return await connections.add({ name, stage: undefined, practice: true, address }, way.secret);
  }
  const updated = { ...existing, address };
  const known = await connections.secret(existing.id);
  const sameSecret = isDeepStrictEqual(known, way.secret);
  if (!isDeepStrictEqual(existing, updated) || !sameSecret) {
    await connections.update(updated, sameSecret ? undefined : way.secret);
  }
  return updated;
}

interface Way {
  readonly address: TenantAddress;
  readonly secret: TenantSecret;
}

function serviceKeyWay({ serviceKey }: PracticeTenant): Way {
  const reading = readServiceKey(serviceKey);
  if (reading.kind !== 'api') {
    throw new KeystoreError('bad-answer', 'the practice tenant gave no usable service key');
  }
  return reading;
}

function neoWay({ neoTenant }: PracticeTenant): Way {
  if (neoTenant === undefined) {
    throw new KeystoreError('refused', 'the window that serves has no practice tenant of Neo', {
      details: {
        explanation: l10n.t(
          'The practice tenants are served by a window with an earlier release of this extension, which has none of Neo. Reload that window.',
        ),
      },
    });
  }
  const { url, user, password } = neoTenant;
  return { address: { url, authentication: { kind: 'basic', user } }, secret: { kind: 'basic', password } };
}
