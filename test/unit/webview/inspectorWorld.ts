import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openWithPassphrase } from '../../../src/commands/passphrase.js';
import { loadTrustLists } from '../../../src/inbound/trustLists.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { writePkcs12 } from '../../../src/pki/pkcs12Writer.js';
import { inspectFile } from '../../../src/webview/inspected.js';
import { fileFailure, openAsText } from '../../../src/webview/inspectorFailure.js';
import { InspectorSession } from '../../../src/webview/inspectorSession.js';
import type { InspectorSource } from '../../../src/webview/inspectorSource.js';
import { judgingCases, type Judging } from '../../../src/webview/inspectorVerdicts.js';
import type { InspectorSnapshot, InspectorToPage } from '../../../src/webview/protocolInspector.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';
import type { Issued } from '../pki/testAuthority.js';

export const now = Date.parse('2026-11-24T00:00:00Z');
export const password = 'a password of the test';

/** The questions by the lists that come along. */
export async function builtInJudging(): Promise<Judging> {
  const lists = await loadTrustLists('media/trust', [], async (path) => await readFile(path));
  return { cases: judgingCases(lists, { option: 'ofFile', environment: 'any' }), warningDays: 30 };
}

export function pemOf(...issued: readonly Issued[]): Uint8Array {
  return new TextEncoder().encode(
    issued.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join(''),
  );
}

export async function pkcs12Of(
  leaf: Issued,
  issuers: readonly Issued[],
  more: { readonly friendlyName?: string; readonly rounds?: number } = {},
): Promise<Uint8Array> {
  return await writePkcs12(
    {
      privateKey: pkcs8Of(leaf),
      certificates: [leaf, ...issuers].map(({ certificate }) => certificate.der),
      friendlyName: more.friendlyName,
    },
    { password, profile: 'modern', rounds: more.rounds ?? 1000, derivation: localKeyDerivation },
  );
}

export function pkcs8Of({ key }: Issued): Uint8Array {
  return new Uint8Array(key.privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/** A page over a file that lies in memory, with a person who answers by a script. */
export class TestPage {
  readonly messages: InspectorToPage[] = [];
  readonly copied: string[] = [];
  readonly failures: unknown[] = [];
  readonly acted: string[] = [];
  readonly prompts: ScriptedPrompts;
  readonly session: InspectorSession;

  constructor(
    public bytes: Uint8Array,
    answers: ScriptedAnswer[] = [],
    more: Partial<InspectorSource> = {},
    name = 'file.p12',
  ) {
    this.prompts = new ScriptedPrompts(answers);
    const source: InspectorSource = {
      name,
      read: async ({ password: given, signal, onProgress }) => {
        return {
          inspected: await inspectFile(name, this.bytes, {
            password: given,
            signal,
            onProgress,
            derivation: localKeyDerivation,
          }),
          version: createHash('sha256').update(this.bytes).digest('hex'),
        };
      },
      unlock: async (read) =>
        (await openWithPassphrase(this.prompts, { title: 'Inspect', name }, read)).content,
      judging: builtInJudging,
      failure: fileFailure,
      actions: () => [openAsText()],
      act: (action) => {
        this.acted.push(action);
        return Promise.resolve();
      },
      search: () => Promise.resolve({ found: [], notes: ['nothing'] }),
      canSearchFiles: () => true,
      ...more,
    };
    this.session = new InspectorSession({
      source,
      post: (message) => this.messages.push(structuredClone(message)),
      copy: (text) => {
        this.copied.push(text);
        return Promise.resolve();
      },
      failed: (error) => this.failures.push(error),
      now: () => now,
    });
  }

  async open(): Promise<this> {
    await this.session.reload();
    await this.session.receive({ kind: 'ready' });
    return this;
  }

  async press(action: string): Promise<void> {
    await this.session.receive({ kind: 'act', action });
  }

  get snapshot(): InspectorSnapshot {
    const last = this.messages.filter((message) => message.kind === 'snapshot').at(-1);
    if (last === undefined) {
      throw new Error('no page was sent');
    }
    return last.snapshot;
  }
}
