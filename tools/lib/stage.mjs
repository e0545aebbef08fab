// A copy of the built extension, so that what a test runs does not change under it.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from './paths.mjs';

const parts = ['package.json', 'package.nls.json', 'dist', 'l10n', 'media'];

/** Copies what the package holds, and further parts, into `.cache/<name>` and returns that folder. */
export function stageExtension(name, furtherParts = []) {
  const folder = join(cacheFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of [...parts, ...furtherParts]) {
    if (existsSync(join(root, part))) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
  }
  return folder;
}
