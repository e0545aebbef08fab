import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs openssl on this input and gives what it prints; throws with its message where it fails. */
export function openssl(args: readonly string[], input?: Uint8Array | string): Buffer {
  return execFileSync('openssl', [...args], {
    ...(input === undefined ? {} : { input }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** A folder of its own for tools that read and write files; removed after the tests of the `describe` it is made in. */
export function temporaryFolder(): {
  path(name: string): string;
  write(name: string, content: Uint8Array | string): string;
  read(name: string): Uint8Array;
} {
  const folder = mkdtempSync(join(tmpdir(), 'pki-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: (name, content) => {
      writeFileSync(path(name), content);
      return path(name);
    },
    read: (name) => new Uint8Array(readFileSync(path(name))),
  };
}
