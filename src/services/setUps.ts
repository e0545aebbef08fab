import * as vscode from 'vscode';
import { parseSetUps, type SenderSetUp } from '../inbound/senderSetUp.js';

const key = 'senderSetUps';

/** The sender set-ups that pages show; kept in global state, read anew each time so that two windows agree. */
export class SetUps implements vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChangeEmitter.event;

  constructor(
    private readonly state: vscode.Memento,
    private readonly newId: () => string,
  ) {}

  get(id: string): SenderSetUp | undefined {
    return this.list().find((setUp) => setUp.id === id);
  }

  /** The set-up of a tenant's entry, made at the first time. */
  async forEntry(tenantId: string, hexalias: string | undefined, name: string): Promise<SenderSetUp> {
    const known = this.list().find((setUp) => setUp.tenantId === tenantId && setUp.hexalias === hexalias);
    if (known !== undefined) {
      return known;
    }
    const setUp: SenderSetUp = { id: this.newId(), name, tenantId, hexalias, way: 'mapping' };
    await this.save([...this.list(), setUp]);
    return setUp;
  }

  async change(id: string, change: Partial<Pick<SenderSetUp, 'way' | 'hexalias' | 'name'>>): Promise<void> {
    await this.save(this.list().map((setUp) => (setUp.id === id ? { ...setUp, ...change } : setUp)));
  }

  dispose(): void {
    this.didChangeEmitter.dispose();
  }

  private list(): readonly SenderSetUp[] {
    return parseSetUps(this.state.get(key));
  }

  private async save(list: readonly SenderSetUp[]): Promise<void> {
    await this.state.update(key, list);
    this.didChangeEmitter.fire();
  }
}
