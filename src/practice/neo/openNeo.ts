import { randomBytes } from 'node:crypto';
import type { PracticeAuthority } from '../authority.js';
import type { PracticeFlows } from '../flows/practiceFlows.js';
import { FaultKnobs } from '../faults.js';
import { Journal } from '../journal.js';
import { isPracticeEntry } from '../practiceEntry.js';
import type { PracticeFiles } from '../practiceFiles.js';
import { PracticeKeystore } from '../practiceKeystore.js';
import { PracticeServer } from '../practiceServer.js';
import { seedNeo, type NeoContent } from './neoSeed.js';
import { PracticeMappings, type StoredMapping } from './practiceMappings.js';

const contentFile = 'practice-neo.json';

/** The user of its basic authentication. */
export const neoUser = 'S0000000001';

/** The practice tenant of Neo as it is served: knobs and journal are for tests. */
export interface PracticeNeo {
  readonly server: PracticeServer;
  readonly faults: FaultKnobs;
  readonly journal: Journal;
  readonly password: string;
  /** Begins anew with the content of a fresh tenant. */
  readonly reset: () => Promise<void>;
}

/**
 * A practice tenant of the Neo environment: basic authentication, a keystore of its own, and certificate-to-user mappings. Its
 * content is made or read with the first request that needs it.
 */
export function openNeo(options: {
  readonly files: PracticeFiles;
  readonly authority: PracticeAuthority;
  readonly clock: () => number;
  /** The same integration flows as those of the other practice tenant. */
  readonly flows: () => PracticeFlows;
  /** Of the basic authentication; a new one where left out. */
  readonly password: string | undefined;
  /** A certificate of an entry of the other practice tenant. */
  readonly keystoreCertificate: (alias: string) => Uint8Array | undefined;
}): PracticeNeo {
  const { files, authority, clock } = options;
  const password = options.password ?? randomBytes(18).toString('base64url');
  const faults = new FaultKnobs();
  const journal = new Journal();
  let content: Promise<{ keystore: PracticeKeystore; mappings: PracticeMappings }> | undefined;
  const opened = async () => {
    const opening = (content ??= open());
    try {
      return await opening;
    } catch (error) {
      content = content === opening ? undefined : content;
      throw error;
    }
  };
  const open = async () => {
    let known = parse(await files.read(contentFile));
    if (known === undefined) {
      known = await seedNeo(authority, options.keystoreCertificate('warehouse'));
      await files.write(contentFile, { version: 2, ...known });
    }
    return {
      keystore: new PracticeKeystore(known.entries, authority, clock),
      mappings: new PracticeMappings(known.mappings, clock),
    };
  };
  const server = new PracticeServer({
    credentials: { clientId: neoUser, clientSecret: password },
    content: opened,
    flows: options.flows,
    save: async () => {
      const { keystore, mappings } = await opened();
      await files.write(contentFile, { version: 2, entries: keystore.list(), mappings: mappings.list() });
    },
    otherClient: () => Promise.resolve(undefined),
    faults,
    journal,
    clock,
    extraRows: [],
    control: () => Promise.resolve(undefined),
  });
  return {
    server,
    faults,
    journal,
    password,
    reset: async () => {
      // Whoever asks meanwhile waits, and does not read what is about to go.
      content = files.remove(contentFile).then(open);
      await opened();
    },
  };
}

function parse(content: unknown): NeoContent | undefined {
  if (typeof content !== 'object' || content === null) {
    return undefined;
  }
  const mappings: unknown = Reflect.get(content, 'mappings');
  const entries: unknown = Reflect.get(content, 'entries');
  // What an earlier release kept had no keystore, and begins anew.
  return Array.isArray(mappings) &&
    mappings.every(isMapping) &&
    Array.isArray(entries) &&
    entries.every(isPracticeEntry)
    ? { mappings, entries }
    : undefined;
}

function isMapping(row: unknown): row is StoredMapping {
  return (
    typeof row === 'object' &&
    row !== null &&
    ['id', 'user', 'certificate'].every((name) => typeof Reflect.get(row, name) === 'string') &&
    ['created', 'modified', 'validUntil'].every((name) => typeof Reflect.get(row, name) === 'number')
  );
}
