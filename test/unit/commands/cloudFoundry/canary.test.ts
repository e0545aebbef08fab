import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { createServiceInstance } from '../../../../src/commands/cloudFoundry/createInstance.js';
import { createServiceKey } from '../../../../src/commands/cloudFoundry/createKey.js';
import { deleteServiceKey } from '../../../../src/commands/cloudFoundry/deleteKey.js';
import { saveCredentials } from '../../../../src/commands/cloudFoundry/keySecrets.js';
import { signInToCloudFoundry } from '../../../../src/commands/cloudFoundry/session.js';
import { Cancelled } from '../../../../src/errors.js';
import type { CfFault } from '../../../../src/practice/cf/cfFaults.js';
import { Log } from '../../../../src/services/log.js';
import { failureMessage } from '../../../../src/ui/failureMessage.js';
import { KeyMemory } from '../../../../src/services/keyMemory.js';
import { CanaryWatch, privatePartOf } from '../../../support/canary.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { fileUri } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';
import { watchedPrompts } from '../../../support/watchedPrompts.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;
type Work = (
  environment: ReturnType<CloudFoundryWorld['environment']>,
  argument: unknown,
  ports: Parameters<typeof createServiceKey>[2],
  context: CloudFoundryWorld['context'],
) => Promise<void>;

describe('commands/cloudFoundry: canary', function () {
  this.timeout(60_000);
  let world: CloudFoundryWorld;
  let watch: CanaryWatch;
  const secrets = new Set<string>();

  /** Runs a command with everything that people and logs get of it under watch; failures as well. */
  const run = async (work: Work, argument: unknown, ...answers: ScriptedAnswer[]): Promise<void> => {
    const prompts = watchedPrompts(new ScriptedPrompts(answers), watch);
    const line = (text: string): void => watch.see(text);
    const log = new Log({ info: line, error: line } as unknown as vscode.LogOutputChannel);
    try {
      await work(
        world.environment(prompts),
        argument,
        { ...world.ports, memory: new KeyMemory(world.cloudFoundry), setUps: () => [] },
        world.context,
      );
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        log.failure('Command', error);
        watch.see(error, failureMessage(error, 'Command', 'Practice'));
      }
    }
    rememberTokens();
  };
  /** Tokens that are or were in SecretStorage. */
  const rememberTokens = (): void => {
    for (const text of world.secrets.stored.values()) {
      const { accessToken, refreshToken, clientSecret } = JSON.parse(text) as Record<
        string,
        string | undefined
      >;
      for (const secret of [accessToken, refreshToken, clientSecret]) {
        if (secret !== undefined) {
          secrets.add(secret);
        }
      }
    }
  };
  beforeEach(async () => {
    secrets.clear();
    world = await CloudFoundryWorld.open();
    watch = new CanaryWatch();
  });
  afterEach(async () => {
    await world.dispose();
  });

  const faults: readonly (CfFault | undefined)[] = [
    undefined,
    { kind: 'status', status: 500 },
    { kind: 'html', status: 502 },
    { kind: 'dropAfter' },
    { kind: 'truncated' },
    { kind: 'expireTokens' },
    { kind: 'jobFails', description: 'no' },
  ];
  for (const fault of faults) {
    it(`shows tokens, passwords, client secrets and private keys to nobody${fault === undefined ? '' : `, with ${fault.kind}`}`, async () => {
      const { uaa } = world.tenant.cloudFoundry;
      const passcode = uaa.passcode();
      secrets.add(passcode);
      secrets.add(uaa.person.password);
      await run(signInToCloudFoundry, undefined, /^User/, uaa.person.user, `${uaa.person.password}x`, '', '');
      await run(
        signInToCloudFoundry,
        undefined,
        /^User/,
        uaa.person.user,
        uaa.person.password,
        '',
        '',
        'dev',
      );
      await run(signInToCloudFoundry, undefined, /^One-time/, passcode);
      if (fault !== undefined) {
        for (const operation of ['createKey', 'createInstance', 'deleteKey', 'readDetails']) {
          world.faults.add({ operation, fault, times: 1 });
        }
      }
      const pem = join(world.directory, 'by-sap.pem');
      const json = join(world.directory, 'secret.json');
      const bySap: ScriptedAnswer[] = ['pi-rt-iflow', 'by-sap', keep, /^2048/, { uri: fileUri(pem) }, yes];
      await run(createServiceKey, { tenantId: world.tenantId }, /^Certificate made by SAP/, ...bySap);
      await run(
        createServiceKey,
        { tenantId: world.tenantId },
        'Client secret',
        'pi-rt-iflow',
        'one-secret',
        yes,
      );
      await run(saveCredentials, undefined, 'pi-rt-iflow', 'reporting-secret', { uri: fileUri(json) });
      await run(createServiceInstance, { tenantId: world.tenantId }, 'api', 'keystore-api', keep, yes);
      await run(deleteServiceKey, undefined, 'pi-rt-iflow', 'reporting-secret', yes);
      world.faults.clear();
      if (!existsSync(json)) {
        await run(saveCredentials, undefined, 'pi-rt-iflow', 'reporting-secret', { uri: fileUri(json) });
      }
      const planted: (string | Uint8Array)[] = [...secrets];
      if (existsSync(json)) {
        const { oauth } = JSON.parse(readFileSync(json, 'utf8')) as { oauth: Record<string, string> };
        planted.push(oauth['clientsecret'] ?? '');
      }
      if (existsSync(pem)) {
        planted.push(privatePartOf(readFileSync(pem, 'utf8')));
      }
      watch.see(world.public());
      // A client secret begins with the guid of its client id, which is no secret.
      watch.expectNone(
        planted
          .map((secret) => (typeof secret === 'string' ? (secret.split('$').at(-1) ?? secret) : secret))
          .filter((secret) => secret.length > 0),
      );
    });
  }
});
