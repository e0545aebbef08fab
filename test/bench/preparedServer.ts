import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild, temporaryFolder } from '../../tools/lib/children.mjs';
import { inParallel } from '../../src/services/inParallel.js';

/** A server whose answers are prepared, in a process of its own, so that its work does not count. */
export interface PreparedServer {
  readonly origin: string;
  /** Paths and queries that were asked for since this was called last. */
  asked(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Serves texts by path and query; `{origin}` in them becomes the server's own address. */
export async function servePrepared(answers: Readonly<Record<string, unknown>>): Promise<PreparedServer> {
  const folder = temporaryFolder('bench');
  const file = join(folder, 'answers.json');
  const texts = Object.entries(answers).map(([path, body]) => [path, JSON.stringify(body)]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(texts)));
  const script = fileURLToPath(new URL('answersProcess.mjs', import.meta.url));
  const child = startChild(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  rmSync(folder, { recursive: true, force: true });
  const origin = chunk.toString('utf8').trim();
  return {
    origin,
    asked: async () => (await (await fetch(`${origin}/bench/asked`)).json()) as readonly string[],
    stop: async () => {
      await stopChild(child);
    },
  };
}

/** The least that can be done: the GETs, so many at a time, and JSON.parse. */
export async function bareGets(origin: string, paths: readonly string[], atATime = 1): Promise<void> {
  await inParallel(paths, atATime, async (path) => {
    JSON.parse((await bareGet(origin + path)).toString('utf8'));
  });
}

function bareGet(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
        response.on('error', reject);
      })
      .on('error', reject);
  });
}
