// The PKI harness as a process of its own, as any other suite would use it: a line in, a line out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';

export class Harness {
  #child;
  #waiting = [];

  static async start() {
    return new Harness();
  }

  constructor() {
    this.#child = spawn(process.execPath, [join(root, 'tools/pkiHarness.mjs')], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line)),
    );
    this.#child.on('exit', (code) => {
      this.#waiting.splice(0).forEach(({ reject }) => reject(new Error(`the harness ended with ${code}`)));
    });
  }

  /** The answer to one request; rejects where the harness ends instead. */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id: 0, ...request })}\n`);
    });
  }

  async end() {
    this.#child.stdin.end();
    await new Promise((resolve) => this.#child.once('close', resolve));
  }
}
