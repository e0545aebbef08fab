import { trustListsFor } from '../../src/services/trust.js';
import type { Environment } from '../../src/commands/environment.js';

/** The lists that come along, as commands get them, without any setting. */
export const builtInTrust: Environment['trust'] = (connection) =>
  trustListsFor(connection, { extensionPath: process.cwd(), listFiles: [] });
