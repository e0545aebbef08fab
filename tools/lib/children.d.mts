import type { ChildProcess, ChildProcessByStdio, SpawnOptions } from 'node:child_process';
import type { Readable } from 'node:stream';

/** With standard output as a pipe. */
export function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcessByStdio<null, Readable, null>;
export function stopChild(child: ChildProcess): Promise<void>;
export function delay(ms: number): Promise<void>;
export function temporaryFolder(prefix: string): string;
export function removeFolder(folder: string): void;
export function onEnd(cleanUp: () => unknown): () => void;
export function endAll(): Promise<void>;
