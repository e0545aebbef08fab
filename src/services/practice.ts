import type * as vscode from 'vscode';
import type { PracticeTenant, PracticeTenantKind } from '../practice/practiceTenant.js';
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
    const { connectPractice } = await import('./connectPractice.js');
    return await connectPractice(tenant, kind, { connections: this.connections, name: this.names[kind] });
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
