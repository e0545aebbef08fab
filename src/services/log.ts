import type { LogOutputChannel } from 'vscode';
import { KeystoreError } from '../errors.js';

/** Writes technical lines to the output channel; takes facts, never bodies, headers, queries or secrets. */
export class Log {
  constructor(private readonly channel: LogOutputChannel) {}

  info(message: string): void {
    this.channel.info(message);
  }

  /** One entry for a failure: the code and technical message of each error in the chain of causes, without foreign text. */
  failure(action: string, error: unknown): void {
    this.channel.error(`${action}: ${describe(error)}`);
  }

  show(): void {
    this.channel.show(true);
  }
}

/** A foreign error's message may quote what it was given, so only its name and code are told. */
function describe(error: unknown): string {
  if (KeystoreError.is(error)) {
    const cause = error.cause === undefined ? '' : `; caused by ${describe(error.cause)}`;
    return `[${error.code}] ${error.message}${cause}`;
  }
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    return typeof code === 'string' ? `${error.name} ${code}` : error.name;
  }
  return typeof error;
}
