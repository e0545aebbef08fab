import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** A question to the bridge extension in the page's extension host. */
export type BridgeRequest =
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly unknown[] }
  | { readonly kind: 'run'; readonly source: string; readonly argument: unknown }
  | { readonly kind: 'setting'; readonly setting: string; readonly value: unknown }
  | { readonly kind: 'writeClipboard' | 'openText'; readonly value: string }
  | { readonly kind: 'clipboard' | 'editorText' | 'memory' };

/** The door into the extension host of one page; a reload makes a new host and so needs a new bridge. */
export class Bridge {
  private constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  /** Addresses that are there already belong to other pages or to hosts that a reload has ended. */
  static addresses(folder: string): ReadonlySet<string> {
    return new Set(readdirSync(folder).filter((name) => name.endsWith('.json')));
  }

  /** Waits for the host that starts after `known` was read. */
  static async connect(folder: string, known: ReadonlySet<string>): Promise<Bridge> {
    const name = await eventually('the bridge extension has started', () =>
      Promise.resolve([...Bridge.addresses(folder)].find((address) => !known.has(address))),
    );
    const address = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { port: number; token: string };
    return new Bridge(address.port, address.token);
  }

  /** Asks and returns the answer; throws what went wrong in the host. */
  async ask(request: BridgeRequest): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}` },
      body: JSON.stringify(request),
    });
    const answer = (await response.json()) as { ok: boolean; value?: unknown; message?: string };
    if (!answer.ok) {
      throw new Error(`${request.kind} failed in the extension host: ${answer.message ?? 'no reason given'}`);
    }
    return answer.value;
  }
}
