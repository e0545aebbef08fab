import { randomBytes } from 'node:crypto';
import type { PracticeAuthority } from '../authority.js';
import type { PracticeFiles } from '../practiceFiles.js';
import { CfBroker } from './cfBroker.js';
import { parseCfContent } from './cfContent.js';
import { seedCloudFoundry } from './cfSeed.js';
import { PracticeCloudFoundry } from './practiceCloudFoundry.js';
import { PracticeUaa } from './practiceUaa.js';

const contentFile = 'practice-cloud-foundry.json';

/** The Cloud Foundry beside the practice tenant; its content is made or read with the first request that needs it. */
export function openCloudFoundry(options: {
  readonly files: PracticeFiles;
  readonly authority: PracticeAuthority;
  readonly clock: () => number;
  readonly tenantUrl: () => string;
  /** Outlives restarts, as the sessions do that it signs. */
  readonly sessionSecret: string;
  readonly keystoreCertificate: (alias: string) => Uint8Array | undefined;
}): { readonly cloudFoundry: PracticeCloudFoundry; readonly reset: () => Promise<void> } {
  const { files, authority, clock } = options;
  const broker = new CfBroker(authority, options.tenantUrl);
  const person = { user: 'practice@practice.example', password: randomBytes(12).toString('base64url') };
  const cloudFoundry = new PracticeCloudFoundry({
    load: async () => {
      const known = parseCfContent(await files.read(contentFile));
      if (known !== undefined) {
        return known;
      }
      const content = await seedCloudFoundry(authority, broker, options.keystoreCertificate);
      await files.write(contentFile, content);
      return content;
    },
    save: (content) => files.write(contentFile, content),
    broker,
    uaa: new PracticeUaa(person, clock, options.sessionSecret),
    clock,
  });
  return {
    cloudFoundry,
    reset: async () => {
      await files.remove(contentFile);
      cloudFoundry.reload();
    },
  };
}
