import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { Connection } from '../services/connection.js';
import {
  checkTenantUrl,
  checkTokenUrl,
  type Stage,
  type TenantAddress,
  type TenantSecret,
} from '../tenant/tenantAddress.js';
import { proposeNameAndStage, proposeTokenUrl } from '../tenant/tenantProposal.js';
import { judgeRoles } from '../tenant/tenantRoles.js';
import { readServiceKey, type ServiceKeyReading } from '../tenant/serviceKey.js';
import { runFlow, take, type Step } from '../ui/flow.js';
import type { Position } from '../ui/prompts.js';
import type { ActionContext, Environment } from './environment.js';
import { chooseTenant } from './targets.js';
import type { ReadFile } from './files.js';

type Way = 'clipboard' | 'file' | 'paste' | 'clientSecret' | 'basic';

interface Draft {
  way?: Way;
  address?: TenantAddress;
  secret?: TenantSecret;
  url?: string;
  tokenUrl?: string;
  clientId?: string;
  user?: string;
  name?: string;
  stage?: Stage | undefined;
}

/** "Add Tenant…": from a service key of plan api, or by hand. */
export async function addTenant(environment: Environment, readFile: ReadFile): Promise<void> {
  const draft = await runFlow<Draft>(l10n.t('Add Tenant'), {}, [
    askWay(environment),
    ...askAccess(environment, readFile),
    askName(environment),
    askStage(environment),
  ]);
  const { address, secret } = complete(draft);
  const same = environment.connections
    .list()
    .find((other) => other.address.url === address.url && sameUser(other.address, address));
  if (same !== undefined) {
    await environment.connections.update(
      { ...same, address, name: draft.name ?? same.name, stage: draft.stage },
      secret,
    );
    await environment.navigator.revealTenant(same.id);
    environment.prompts.note(l10n.t('"{0}" was known already; its service key was renewed.', same.name));
    return;
  }
  const added = await environment.connections.add(
    { name: draft.name ?? address.url, stage: draft.stage, practice: false, address },
    secret,
  );
  environment.keystores.load(added.id);
  await environment.navigator.revealTenant(added.id);
}

/** "Edit Tenant…": the address and credentials anew, name and stage kept unless changed. */
export async function editTenant(
  environment: Environment,
  argument: unknown,
  readFile: ReadFile,
): Promise<void> {
  const title = l10n.t('Edit Tenant');
  const connection = await chooseTenant(environment, argument, title, (other) => !other.practice);
  const draft = await runFlow<Draft>(
    l10n.t('Edit Tenant "{0}"', connection.name),
    { ...startFrom(connection), name: connection.name, stage: connection.stage },
    [askWay(environment), ...askAccess(environment, readFile), askName(environment), askStage(environment)],
  );
  const { address, secret } = complete(draft);
  await environment.connections.update(
    { ...connection, address, name: draft.name ?? connection.name, stage: draft.stage },
    secret,
  );
}

/** "Rename Tenant…": name and stage. */
export async function renameTenant(environment: Environment, argument: unknown): Promise<void> {
  const connection = await chooseTenant(environment, argument, l10n.t('Rename Tenant'));
  const draft = await runFlow<Draft>(
    l10n.t('Rename Tenant "{0}"', connection.name),
    { name: connection.name, stage: connection.stage, url: connection.address.url },
    connection.practice ? [askName(environment)] : [askName(environment), askStage(environment)],
  );
  await environment.connections.update({
    ...connection,
    name: draft.name ?? connection.name,
    stage: draft.stage,
  });
}

/** "Sign In Again…": only the secret is asked for; a service key of another tenant is refused. */
export async function signIn(environment: Environment, argument: unknown, readFile: ReadFile): Promise<void> {
  const title = l10n.t('Sign In Again');
  const connection = await chooseTenant(environment, argument, title, (other) => !other.practice);
  const { authentication } = connection.address;
  if (authentication.kind === 'clientCertificate') {
    await editTenant(environment, { tenantId: connection.id }, readFile);
    return;
  }
  const answer = await environment.prompts.input({
    title: l10n.t('Sign In to "{0}"', connection.name),
    prompt:
      authentication.kind === 'basic'
        ? l10n.t('Password of {0}', authentication.user)
        : l10n.t('Client secret of {0}', authentication.clientId),
    password: true,
    validate: required(l10n.t('The secret is empty.')),
  });
  if (answer.kind === 'value') {
    await environment.connections.update(
      connection,
      authentication.kind === 'basic'
        ? { kind: 'basic', password: answer.value }
        : { kind: 'clientSecret', clientSecret: answer.value },
    );
    environment.keystores.load(connection.id);
  }
}

/** "Remove Tenant…": forgets the tenant and its secret here; the tenant itself keeps everything. */
export async function removeTenant(environment: Environment, argument: unknown): Promise<void> {
  const connection = await chooseTenant(environment, argument, l10n.t('Remove Tenant'));
  const agreed = await environment.prompts.confirm({
    message: l10n.t('Remove "{0}" from this list?', connection.name),
    detail: l10n.t(
      'Its address and secret are forgotten on this machine. The tenant and its keystore are not changed.',
    ),
    action: l10n.t('Remove Tenant'),
  });
  if (agreed) {
    await environment.connections.remove(connection.id);
  }
}

/** "Test Connection": token, API, and the roles in the token's scope with what each missing one forbids. */
export async function testConnection(
  environment: Environment,
  argument: unknown,
  { withProgress }: ActionContext,
): Promise<void> {
  const connection = await chooseTenant(environment, argument, l10n.t('Test Connection'));
  const lines = await withProgress(l10n.t('Testing "{0}"', connection.name), async ({ signal, report }) => {
    const { client, grantedScopes } = await environment.keystores.access(connection.id);
    report(l10n.t('Token'));
    const scopes = await grantedScopes(signal);
    report(l10n.t('API'));
    await client.readServiceDocument(signal);
    return describeRoles(scopes);
  });
  environment.keystores.load(connection.id);
  await environment.prompts.inform(
    l10n.t('"{0}": the token was given and the API answers. {1}', connection.name, lines),
  );
}

/** What the scopes allow, in one paragraph. */
export function describeRoles(scopes: readonly string[] | undefined): string {
  return judgeRoles(scopes)
    .map(({ role, standing, forbids }) => {
      switch (standing) {
        case 'granted':
          return l10n.t('{0}: present.', role);
        case 'missing':
          return l10n.t('{0}: missing. {1}', role, forbids);
        case 'not-known':
          return l10n.t('{0}: not known, since the token does not tell. {1}', role, forbids);
      }
    })
    .join(' ');
}

function startFrom(connection: Connection): Draft {
  const { url, authentication } = connection.address;
  return authentication.kind === 'basic'
    ? { url, user: authentication.user }
    : { url, tokenUrl: authentication.tokenUrl, clientId: authentication.clientId };
}

function sameUser(one: TenantAddress, other: TenantAddress): boolean {
  const identity = ({ authentication }: TenantAddress): string =>
    authentication.kind === 'basic' ? authentication.user : authentication.clientId;
  return identity(one) === identity(other);
}

function complete(draft: Draft): { address: TenantAddress; secret: TenantSecret } {
  if (draft.address === undefined || draft.secret === undefined) {
    throw new KeystoreError('invalid-input', 'the address is incomplete');
  }
  return { address: draft.address, secret: draft.secret };
}

function askWay({ prompts }: Environment): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<Way>({
          ...position,
          placeholder: l10n.t('A service key of plan "api" holds everything that is needed'),
          items: [
            {
              label: l10n.t('Service key from the clipboard'),
              detail: l10n.t('JSON as the cockpit shows it or as "cf service-key" prints it'),
              separatorBefore: l10n.t('Service key'),
              value: 'clipboard',
            },
            { label: l10n.t('Service key from a file…'), value: 'file' },
            { label: l10n.t('Paste a service key…'), value: 'paste' },
            {
              label: l10n.t('Client id and secret…'),
              detail: l10n.t('Address, token address, client id and client secret by hand'),
              separatorBefore: l10n.t('By hand'),
              value: 'clientSecret',
            },
            {
              label: l10n.t('User and password…'),
              detail: l10n.t('Basic authentication, as Neo tenants use it'),
              value: 'basic',
            },
          ],
        }),
        (way) => {
          draft.way = way;
        },
      ),
  };
}

function askAccess({ prompts }: Environment, readFile: ReadFile): readonly Step<Draft>[] {
  const fromKey = (draft: Draft, text: string): void => {
    const reading = readServiceKey(text);
    if (reading.kind !== 'api') {
      throw new KeystoreError('invalid-input', 'not a usable service key', {
        details: { explanation: serviceKeyProblem(reading) },
      });
    }
    draft.address = reading.address;
    draft.secret = reading.secret;
    draft.url = reading.address.url;
  };
  const byHand = (draft: Draft): boolean => draft.way === 'clientSecret' || draft.way === 'basic';
  const withSecret = (draft: Draft): boolean => draft.way === 'clientSecret';
  const text = (
    position: Position,
    options: {
      prompt: string;
      placeholder?: string;
      value?: string | undefined;
      password?: boolean;
      check?: (value: string) => unknown;
    },
  ): ReturnType<typeof prompts.input> =>
    prompts.input({
      ...position,
      prompt: options.prompt,
      ...(options.placeholder === undefined ? {} : { placeholder: options.placeholder }),
      ...(options.value === undefined ? {} : { value: options.value }),
      password: options.password ?? false,
      validate: (value) =>
        problemOf(() => options.check?.(value)) ?? (value === '' ? l10n.t('A value is needed.') : undefined),
    });
  return [
    {
      isNeeded: (draft) => draft.way === 'clipboard',
      ask: async (draft) => {
        fromKey(draft, await prompts.readClipboard());
        return 'next';
      },
    },
    {
      isNeeded: (draft) => draft.way === 'file',
      ask: async (draft) => {
        const uri = await prompts.openFile({
          title: l10n.t('Service Key'),
          filters: { JSON: ['json', 'txt'], '*': ['*'] },
        });
        fromKey(draft, new TextDecoder().decode(await readFile(uri)));
        return 'next';
      },
    },
    {
      isNeeded: (draft) => draft.way === 'paste',
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Paste the whole service key; it is kept in the secret store of VS Code'),
            password: true,
            validate: (value) => {
              const reading = readServiceKey(value);
              return reading.kind === 'api' ? undefined : serviceKeyProblem(reading);
            },
          }),
          (value) => fromKey(draft, value),
        ),
    },
    {
      isNeeded: byHand,
      ask: async (draft, position) =>
        take(
          await text(position, {
            prompt: l10n.t('Address of the tenant'),
            placeholder: 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com',
            value: draft.url,
            check: checkTenantUrl,
          }),
          (value) => {
            draft.url = checkTenantUrl(value);
          },
        ),
    },
    {
      isNeeded: withSecret,
      ask: async (draft, position) =>
        take(
          await text(position, {
            prompt: l10n.t('Token address'),
            value: draft.tokenUrl ?? proposeTokenUrl(draft.url ?? ''),
            check: checkTokenUrl,
          }),
          (value) => {
            draft.tokenUrl = checkTokenUrl(value);
          },
        ),
    },
    {
      isNeeded: withSecret,
      ask: async (draft, position) =>
        take(await text(position, { prompt: l10n.t('Client id'), value: draft.clientId }), (value) => {
          draft.clientId = value;
        }),
    },
    {
      isNeeded: (draft) => draft.way === 'basic',
      ask: async (draft, position) =>
        take(await text(position, { prompt: l10n.t('User'), value: draft.user }), (value) => {
          draft.user = value;
        }),
    },
    {
      isNeeded: byHand,
      ask: async (draft, position) =>
        take(
          await text(position, {
            prompt: draft.way === 'basic' ? l10n.t('Password') : l10n.t('Client secret'),
            password: true,
          }),
          (value) => {
            const url = draft.url ?? '';
            if (draft.way === 'basic') {
              draft.address = { url, authentication: { kind: 'basic', user: draft.user ?? '' } };
              draft.secret = { kind: 'basic', password: value };
            } else {
              draft.address = {
                url,
                authentication: {
                  kind: 'clientSecret',
                  tokenUrl: draft.tokenUrl ?? '',
                  clientId: draft.clientId ?? '',
                },
              };
              draft.secret = { kind: 'clientSecret', clientSecret: value };
            }
          },
        ),
    },
  ];
}

function askName({ prompts, connections }: Environment): Step<Draft> {
  return {
    ask: async (draft, position) => {
      const proposed = draft.url === undefined ? '' : proposeNameAndStage(draft.url).name;
      const own = draft.name;
      const taken = new Set(connections.list().map((connection) => connection.name));
      return take(
        await prompts.input({
          ...position,
          prompt: l10n.t('Name of the tenant in this list'),
          value: own ?? proposed,
          validate: (value) =>
            value.trim() === ''
              ? l10n.t('A name is needed.')
              : value !== own && taken.has(value.trim())
                ? l10n.t('Another tenant has this name.')
                : undefined,
        }),
        (value) => {
          draft.name = value.trim();
        },
      );
    },
  };
}

function askStage({ prompts }: Environment): Step<Draft> {
  return {
    ask: async (draft, position) => {
      const proposed =
        draft.stage ?? (draft.url === undefined ? undefined : proposeNameAndStage(draft.url).stage);
      const stages: readonly { value: Stage | 'none'; description: string }[] = [
        { value: 'DEV', description: l10n.t('development') },
        { value: 'QA', description: l10n.t('test') },
        { value: 'PRD', description: l10n.t('production') },
        { value: 'none', description: '' },
      ];
      return take(
        await prompts.pick<Stage | 'none'>({
          ...position,
          placeholder: l10n.t('Stage of the tenant'),
          items: stages.map(({ value, description }) => ({
            label: value === 'none' ? l10n.t('No stage') : value,
            description,
            picked: value === (proposed ?? 'none'),
            value,
          })),
        }),
        (value) => {
          draft.stage = value === 'none' ? undefined : value;
        },
      );
    },
  };
}

function serviceKeyProblem(reading: Exclude<ServiceKeyReading, { kind: 'api' }>): string {
  return reading.kind === 'integration-flow'
    ? reading.explanation
    : reading.problems
        .map(({ field, problem }) => (field === 'json' ? problem : `${field}: ${problem}`))
        .join(' ');
}

function required(message: string): (value: string) => string | undefined {
  return (value) => (value === '' ? message : undefined);
}

/** The reason that a check throws, as validation text. */
function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (KeystoreError.is(error)) {
      return error.message;
    }
    throw error;
  }
}
