import * as vscode from 'vscode';
import type { KeystoreEntry } from '../tenant/keystoreEntry.js';
import {
  defaultUserRole,
  parseSetUps,
  type SenderCertificateRef,
  type SenderSetUp,
  type StoredSetUps,
} from '../inbound/senderSetUp.js';
import { setUpsKey as key } from './setUpsKey.js';

/** The sender set-ups that pages show; kept in global state, read anew each time so that two windows agree. */
export class SetUps implements vscode.Disposable {
  private readonly didChangeEmitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChangeEmitter.event;

  constructor(
    private readonly state: vscode.Memento,
    private readonly newId: () => string,
  ) {}

  /** All of them, in the order in which they were made. */
  list(): readonly SenderSetUp[] {
    return this.read().setUps;
  }

  get(id: string): SenderSetUp | undefined {
    return this.list().find((setUp) => setUp.id === id);
  }

  /** The set-up that has an entry as its sender's certificate, or of a tenant without a certificate, made at the first time. */
  async forEntry(tenantId: string, hexalias: string | undefined, name: string): Promise<SenderSetUp> {
    const known = this.list().find(({ certificate, ...setUp }) =>
      hexalias === undefined
        ? certificate === undefined && setUp.tenantId === tenantId
        : certificate?.kind === 'entry' &&
          certificate.tenantId === tenantId &&
          certificate.hexalias === hexalias,
    );
    return (
      known ??
      (await this.add({
        name,
        tenantId,
        certificate:
          hexalias === undefined
            ? undefined
            : { kind: 'entry', tenantId, hexalias, fingerprintSha256: undefined },
      }))
    );
  }

  /** Keeps a new set-up; recommended way, no endpoint and the predefined role where nothing else is said. */
  async add(
    made: Pick<SenderSetUp, 'name' | 'tenantId' | 'certificate'> & Partial<SenderSetUp>,
  ): Promise<SenderSetUp> {
    const setUp: SenderSetUp = {
      way: 'mapping',
      endpoint: undefined,
      userRole: defaultUserRole,
      ...made,
      id: this.newId(),
    };
    await this.save([...this.list(), setUp]);
    return setUp;
  }

  /** Follows an entry that was renamed elsewhere, by its certificate, and remembers the certificate of one that is there. */
  async follow(id: string, entries: readonly KeystoreEntry[]): Promise<void> {
    const certificate = this.get(id)?.certificate;
    if (certificate?.kind !== 'entry') {
      return;
    }
    const { hexalias, fingerprintSha256 } = certificate;
    const entry =
      entries.find((candidate) => candidate.hexalias === hexalias) ??
      entries.find(
        (candidate) => fingerprintSha256 !== undefined && candidate.fingerprintSha256 === fingerprintSha256,
      );
    if (
      entry !== undefined &&
      (entry.hexalias !== hexalias || entry.fingerprintSha256 !== fingerprintSha256)
    ) {
      const followed: SenderCertificateRef = {
        ...certificate,
        hexalias: entry.hexalias,
        fingerprintSha256: entry.fingerprintSha256,
      };
      await this.change(id, { certificate: followed });
    }
  }

  async change(id: string, change: Partial<Omit<SenderSetUp, 'id'>>): Promise<void> {
    await this.save(this.list().map((setUp) => (setUp.id === id ? { ...setUp, ...change } : setUp)));
  }

  /** Forgets a set-up; nothing of a tenant is changed by it. */
  async remove(id: string): Promise<void> {
    await this.save(this.list().filter((setUp) => setUp.id !== id));
  }

  /** Tells of changes that another window may have made meanwhile. */
  noticeOtherWindows(): void {
    this.didChangeEmitter.fire();
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
