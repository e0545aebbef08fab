import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { signWithPracticeCa } from '../../src/practice/practiceSigning.js';
import type { Workbench } from './workbench.js';

/** What tests about Cloud Foundry see of the extension in its host. */
export interface CloudFoundryExports {
  readonly connections: { list(): readonly { readonly id: string; readonly practice: boolean }[] };
  readonly cloudFoundry: {
    discover(url: string, signal: AbortSignal): Promise<unknown>;
    signIn(id: string, endpoint: unknown, signIn: object, signal: AbortSignal): Promise<unknown>;
    access(id: string): Promise<{
      readonly api: {
        list(
          path: string,
          filters: object,
          options: object,
        ): Promise<{ readonly resources: readonly { readonly guid: string; readonly name: string }[] }>;
      };
    }>;
    choosePlace(id: string, place: object): Promise<void>;
  };
  readonly practice: {
    readonly folder: string;
    tenant(): Promise<{
      readonly cloudFoundryUrl: string;
      readonly cloudFoundry: {
        readonly faults: { jobMilliseconds: number };
        readonly uaa: { passcode(): string };
        readonly journal: { readonly performed: readonly { readonly operation: string }[] };
      };
    }>;
  };
}

/** Signs in to the practice Cloud Foundry without the questions, which another test asks, and chooses a space. */
export async function signInToCloudFoundry(workbench: Workbench, space: string): Promise<void> {
  await workbench.inHost(
    async ({ connections, cloudFoundry, practice }: CloudFoundryExports, spaceName: string) => {
      const { signal } = new AbortController();
      const tenant = await practice.tenant();
      const id = connections.list().find((connection) => connection.practice)?.id ?? '';
      const endpoint = await cloudFoundry.discover(tenant.cloudFoundryUrl, signal);
      const passcode = tenant.cloudFoundry.uaa.passcode();
      await cloudFoundry.signIn(id, endpoint, { kind: 'passcode', passcode }, signal);
      const { api } = await cloudFoundry.access(id);
      const parse = (row: object): object => row;
      const spaces = await api.list('/v3/spaces', { names: spaceName }, { parse, signal });
      const organizations = await api.list(
        '/v3/organizations',
        { names: 'practice-subaccount' },
        { parse, signal },
      );
      await cloudFoundry.choosePlace(id, {
        space: spaces.resources[0],
        organization: organizations.resources[0],
      });
    },
    space,
  );
}

/** What the practice Cloud Foundry has performed since the window was opened. */
export async function performedWrites(workbench: Workbench): Promise<unknown> {
  return await workbench.inHost(async ({ practice }: CloudFoundryExports) =>
    (await practice.tenant()).cloudFoundry.journal.performed.map(({ operation }) => operation),
  );
}

/** The folder that holds the practice CA and all that the practice tenant keeps. */
export async function practiceFolder(workbench: Workbench): Promise<string> {
  return String(await workbench.inHost(({ practice }: CloudFoundryExports) => practice.folder));
}

/** A sender's certificate, signed by the practice CA, and its key, as the sender's own tool would write them. */
export async function writeSenderFiles(
  directory: string,
  subject: string,
  paths: { readonly certificate: string; readonly key?: string },
): Promise<void> {
  const csr = execFileSync(
    'openssl',
    [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-outform',
      'DER',
    ].concat(['-keyout', paths.key ?? '/dev/null', '-subj', subject]),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  writeFileSync(paths.certificate, await signWithPracticeCa({ directory, csr, form: 'pem' }));
}
