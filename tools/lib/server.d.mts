/** How a server is started; every part may be left out. */
export interface ServerOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether workspace trust is on; the folder is then untrusted. */
  readonly trust?: boolean;
  readonly locale?: string;
  /** Folders of unpacked extensions that are copied. */
  readonly extensions?: readonly string[];
  /** Folders of unpacked extensions that are linked. */
  readonly linkedExtensions?: readonly string[];
  /** Whether an extension under development and its tests can be named in the address. */
  readonly driver?: boolean;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names the log file. */
  readonly name?: string;
}

export interface RunningServer {
  readonly port: number;
  readonly origin: string;
  readonly userData: string;
  readonly workspace: string;
  readonly logFile: string;
  readonly pid: number;
  readonly ended: Promise<unknown>;
  url(options: {
    readonly folder?: string | undefined;
    readonly extensionPath?: string | undefined;
    readonly testsPath?: string | undefined;
  }): string;
  changeSettings(changes: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export function installServer(): { readonly node: string; readonly entry: string };
export function startServer(options?: ServerOptions): Promise<RunningServer>;
export function serverVersion(): string;
