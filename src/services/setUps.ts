import * as vscode from 'vscode';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import { parseSetUps, type SenderSetUp, type StoredSetUps } from '../inbound/senderSetUp.js';

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
    return this.read().setUps.find((setUp) => setUp.id === id);
  }

  /** The set-up of a tenant's entry, made at the first time. */
  async forEntry(tenantId: string, hexalias: string | undefined, name: string): Promise<SenderSetUp> {
    const known = this.read().setUps.find(
      (setUp) => setUp.tenantId === tenantId && setUp.hexalias === hexalias,
    );
    if (known !== undefined) {
      return known;
    }
    const setUp: SenderSetUp = {
      id: this.newId(),
      name,
      tenantId,
      hexalias,
      way: 'mapping',
      fingerprintSha256: undefined,
    };
    await this.save([...this.read().setUps, setUp]);
    return setUp;
  }

  /** Follows an entry that was renamed elsewhere, by its certificate, and remembers the certificate of one that is there. */
  async follow(id: string, entries: readonly KeystoreEntry[]): Promise<void> {
    const setUp = this.get(id);
    if (setUp?.hexalias === undefined) {
      return;
    }
    const { hexalias, fingerprintSha256 } = setUp;
    const entry =
      entries.find((candidate) => candidate.hexalias === hexalias) ??
      entries.find(
        (candidate) => fingerprintSha256 !== undefined && candidate.fingerprintSha256 === fingerprintSha256,
      );
    if (
      entry !== undefined &&
      (entry.hexalias !== hexalias || entry.fingerprintSha256 !== fingerprintSha256)
    ) {
      await this.change(id, { hexalias: entry.hexalias, fingerprintSha256: entry.fingerprintSha256 });
    }
  }

  async change(id: string, change: Partial<Omit<SenderSetUp, 'id' | 'tenantId'>>): Promise<void> {
    await this.save(this.read().setUps.map((setUp) => (setUp.id === id ? { ...setUp, ...change } : setUp)));
  }

  dispose(): void {
    this.didChangeEmitter.dispose();
  }

  private read(): StoredSetUps {
    return parseSetUps(this.state.get(key));
  }

  private async save(list: readonly SenderSetUp[]): Promise<void> {
    await this.state.update(key, [...list, ...this.read().unread]);
    this.didChangeEmitter.fire();
  }
}
