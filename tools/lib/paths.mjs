// Folders that several tools share.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Git-ignored: what is installed or written on the way. */
export const cacheFolder = join(root, '.cache');
