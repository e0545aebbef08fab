// The PKI harness as a process of its own, as any other suite would use it: a line in, a line out.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';

export class Harness {
  #child;
  #waiting = new Map();
  #lastId = 0;
  #closed;

  constructor() {
    this.#child = spawn(process.execPath, [join(root, 'tools/pkiHarness.mjs')], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.#closed = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => {
        for (const { reject } of this.#waiting.values()) {
          reject(new Error(`the harness ended with ${code ?? signal}`));
        }
        this.#waiting.clear();
        resolve();
      }),
    );
  }

  /** False once the process has ended. */
  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Milliseconds of processor time that the process has used so far, its threads included; undefined on systems other than Linux. */
  get processorMs() {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1');
      // proc(5): fields 14 and 15 count hundredths of seconds; the name, in parentheses before them, may hold blanks.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return undefined;
    }
  }

  /** The answer to one request; rejects where the harness ends instead. */
  ask(request) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    });
  }

  async end() {
    this.#child.stdin.end();
    await this.#closed;
  }

  /** Answers come in the order of the requests; one out of its turn is as wrong as none. */
  #take(line) {
    const [next] = this.#waiting.keys();
    const { resolve, reject } = this.#waiting.get(next) ?? {};
    this.#waiting.delete(next);
    try {
      const { id, ...answer } = JSON.parse(line);
      if (id !== next) {
        throw new Error(`an answer to ${id} where one to ${next} is due`);
      }
      resolve?.(answer);
    } catch (error) {
      reject?.(error);
    }
  }
}
