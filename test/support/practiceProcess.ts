import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PracticeTenant } from '../../src/practice/practiceTenant.js';

/** A practice tenant that the tests serve themselves, so that a workbench meets it as any other tenant. */
export interface ServedPractice {
  readonly tenant: PracticeTenant;
  readonly stop: () => Promise<void>;
}

/** Serves one with so many entries, in a folder of its own. */
export async function servePractice(entryCount = 0): Promise<ServedPractice> {
  const directory = mkdtempSync(join(tmpdir(), 'practice-'));
  const tenant = await PracticeTenant.open({ directory, entryCount });
  return {
    tenant,
    stop: async () => {
      await tenant.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
