import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

/** The files of the practice tenant; all are readable for their owner alone. */
export class PracticeFiles {
  constructor(private readonly directory: string) {}

  /** The parsed content, or undefined where there is none or it is damaged. */
  async read(name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(this.directory, name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Replaces a file whole; a crash leaves the old or the new one. */
  async write(name: string, content: unknown): Promise<void> {
    await this.writeText(name, JSON.stringify(content));
  }

  async writeText(name: string, text: string): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const target = join(this.directory, name);
    const temporary = `${target}.${randomBytes(4).toString('hex')}.new`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    await chmod(target, 0o600);
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.directory, name), { force: true });
  }
}
