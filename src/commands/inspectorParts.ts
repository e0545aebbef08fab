/** What the inspector's pages borrow from the commands. */
export { openWithPassphrase } from './passphrase.js';
export { keyFiles } from './workspacePorts.js';
