import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { PracticeTenant, PracticeTenantKind } from '../practice/practiceTenant.js';
import { KeystoreError } from '../errors.js';
import { isNeoTenant, type TenantAddress, type TenantSecret } from '../tenant/tenantAddress.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';

/** Starts the practice tenant in this window, or joins the one that another window serves. */
export class Practice implements vscode.Disposable {
  private running: Promise<PracticeTenant> | undefined;

  constructor(
    private readonly directory: string,
    private readonly connections: Connections,
    private readonly names: Readonly<Record<PracticeTenantKind, string>>,
  ) {}

  /** The tenant that this window serves or has joined, taken over where the other window is gone; loaded only when asked for. */
  async tenant(): Promise<PracticeTenant> {
    const known = this.running;
    const tenant = await this.open();
    if (known === undefined || (await tenant.answers())) {
      return tenant;
    }
    if (this.running === known) {
      this.running = undefined;
    }
    return await this.open();
  }

  private async open(): Promise<PracticeTenant> {
    this.running ??= import('../practice/practiceTenant.js').then(({ PracticeTenant }) =>
      PracticeTenant.open({ directory: this.directory }),
    );
    try {
      return await this.running;
    } catch (error) {
      this.running = undefined;
      throw error;
    }
  }

  /** Connects a practice tenant, or brings its connection up to date. */
  async connect(kind: PracticeTenantKind = 'cloudFoundry'): Promise<Connection> {
    const tenant = await this.tenant();
    const way = kind === 'neo' ? neoWay(tenant) : await serviceKeyWay(tenant);
    const address = { ...way.address, trustedCa: tenant.caCertificatePem };
    const existing = this.connections
      .list()
      .find((connection) => connection.practice && practiceKind(connection) === kind);
    if (existing === undefined) {
      return await this.connections.add(
        { name: this.names[kind], stage: undefined, practice: true, address },
        way.secret,
      );
    }
    const updated = { ...existing, address };
    const known = await this.connections.secret(existing.id);
    const sameSecret = isDeepStrictEqual(known, way.secret);
    if (!isDeepStrictEqual(existing, updated) || !sameSecret) {
      await this.connections.update(updated, sameSecret ? undefined : way.secret);
    }
    return updated;
  }

  /** Begins anew with what a fresh practice tenant holds. */
  async reset(kind: PracticeTenantKind = 'cloudFoundry'): Promise<void> {
    await (await this.tenant()).reset(kind);
  }

  /** The folder that holds the practice tenant's content and the keys of its CA. */
  get folder(): string {
    return this.directory;
  }

  dispose(): void {
    void this.running?.then(
      (tenant) => tenant.dispose(),
      () => undefined,
    );
  }
}

/** Which of the two practice tenants a connection is of. */
export function practiceKind({ address }: Pick<Connection, 'address'>): PracticeTenantKind {
  return isNeoTenant(address) ? 'neo' : 'cloudFoundry';
}

interface Way {
  readonly address: TenantAddress;
  readonly secret: TenantSecret;
}

async function serviceKeyWay({ serviceKey }: PracticeTenant): Promise<Way> {
  const { readServiceKey } = await import('../tenant/serviceKey.js');
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
