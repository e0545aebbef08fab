import { pathToFileURL } from 'node:url';
import type { KeyDerivation } from '../pki/keyDerivation.js';
import { threadedKeyDerivation } from '../pki/threadedKeyDerivation.js';

/** Derives keys from passwords beside the extension host's own thread; `extensionPath` is the folder that holds `dist`. */
export function hostKeyDerivation(extensionPath: string): KeyDerivation {
  return threadedKeyDerivation(new URL('dist/keyDerivationWorker.js', pathToFileURL(`${extensionPath}/`)));
}
