import type { Memento } from 'vscode';
import type { KeyPairSubject } from '../tenant/keyPairRequest.js';

const key = 'lastSubject';
const members = ['organizationUnit', 'organization', 'locality', 'state', 'country', 'email'] as const;

/** Remembers the subject that was used last, without its common name, so that it can be offered again. */
export class SubjectMemory {
  constructor(private readonly state: Memento) {}

  last(): { -readonly [K in keyof KeyPairSubject]?: KeyPairSubject[K] } {
    const stored: unknown = this.state.get(key);
    const subject: { -readonly [K in keyof KeyPairSubject]?: KeyPairSubject[K] } = {};
    if (typeof stored === 'object' && stored !== null) {
      for (const member of members) {
        const value: unknown = Reflect.get(stored, member);
        if (typeof value === 'string') {
          subject[member] = value;
        }
      }
    }
    return subject;
  }

  async remember(subject: KeyPairSubject): Promise<void> {
    await this.state.update(
      key,
      Object.fromEntries(members.map((member) => [member, subject[member] ?? ''])),
    );
  }
}
