import { isDeepStrictEqual } from 'node:util';
import type * as vscode from 'vscode';
import type { PracticeTenant } from '../practice/practiceTenant.js';
import { KeystoreError } from '../errors.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';

/** Starts the practice tenant in this window, or joins the one that another window serves. */
export class Practice implements vscode.Disposable {
  private running: Promise<PracticeTenant> | undefined;

  constructor(
    private readonly directory: string,
    private readonly connections: Connections,
    private readonly name: string,
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

  /** Connects the practice tenant, or brings its connection up to date. */
  async connect(): Promise<Connection> {
    const [tenant, { readServiceKey }] = await Promise.all([
      this.tenant(),
      import('../tenant/serviceKey.js'),
    ]);
    const reading = readServiceKey(tenant.serviceKey);
    if (reading.kind !== 'api') {
      throw new KeystoreError('bad-answer', 'the practice tenant gave no usable service key');
    }
    const address = { ...reading.address, trustedCa: tenant.caCertificatePem };
    const existing = this.connections.list().find((connection) => connection.practice);
    if (existing === undefined) {
      return await this.connections.add(
        { name: this.name, stage: undefined, practice: true, address },
        reading.secret,
      );
    }
    const updated = { ...existing, address };
    const known = await this.connections.secret(existing.id);
    const sameSecret = isDeepStrictEqual(known, reading.secret);
    if (!isDeepStrictEqual(existing, updated) || !sameSecret) {
      await this.connections.update(updated, sameSecret ? undefined : reading.secret);
    }
    return updated;
  }

  /** Begins anew with what a fresh practice tenant holds. */
  async reset(): Promise<void> {
    await (await this.tenant()).reset();
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
