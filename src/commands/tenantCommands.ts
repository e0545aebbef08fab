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
  const same = knownAs(environment, address);
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

/**
 * "Sign In Again…": only what is secret is asked for: a password, a client secret, or a whole service key, such as one made anew;
 * a service key of another tenant is refused.
 */
export async function signIn(environment: Environment, argument: unknown): Promise<void> {
  const title = l10n.t('Sign In Again');
  const connection = await chooseTenant(environment, argument, title, (other) => !other.practice);
  const answer = await environment.prompts.input({
    title: l10n.t('Sign In to "{0}"', connection.name),
    prompt: signInPrompt(connection),
    password: true,
    validate: (value) => problemOf(() => signedInWith(connection, value)),
  });
  if (answer.kind === 'value') {
    const { address, secret } = signedInWith(connection, answer.value);
    await environment.connections.update({ ...connection, address }, secret);
    environment.keystores.load(connection.id);
  }
}

function signInPrompt({ address: { authentication } }: Connection): string {
  switch (authentication.kind) {
    case 'basic':
      return l10n.t('Password of {0}', authentication.user);
    case 'clientSecret':
      return l10n.t('Client secret of {0}, or a whole service key of this tenant', authentication.clientId);
    case 'clientCertificate':
      return l10n.t('A whole service key of this tenant, with its certificate and private key');
  }
}

/** The connection's address and secret with what was typed; throws `invalid-input` where it is of no use for this tenant. */
function signedInWith({ address, name }: Connection, typed: string): Access {
  const { authentication } = address;
  if (typed.trim() === '') {
    throw new KeystoreError('invalid-input', l10n.t('The secret is empty.'));
  }
  if (authentication.kind === 'basic') {
    return { address, secret: { kind: 'basic', password: typed } };
  }
  // No client secret is a JSON object, so braces mean that a service key was pasted.
  if (authentication.kind === 'clientSecret' && !/[{}]/.test(typed)) {
    return { address, secret: { kind: 'clientSecret', clientSecret: typed.trim() } };
  }
  const reading = readServiceKey(typed);
  if (reading.kind !== 'api') {
    throw new KeystoreError('invalid-input', serviceKeyProblem(reading));
  }
  if (reading.address.url !== address.url) {
    throw new KeystoreError(
      'invalid-input',
      l10n.t(
        'This service key is of {0}, not of "{1}". "Edit Tenant…" changes the address.',
        new URL(reading.address.url).host,
        name,
      ),
    );
  }
  return { address: reading.address, secret: reading.secret };
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
  const hasToken = connection.address.authentication.kind !== 'basic';
  const roles = await withProgress(l10n.t('Testing "{0}"', connection.name), async ({ signal, report }) => {
    const { client, grantedScopes } = await environment.keystores.access(connection.id);
    report(l10n.t('Token'));
    const scopes = await grantedScopes(signal);
    report(l10n.t('API'));
    try {
      await client.readServiceDocument(signal);
    } catch (error) {
      throw hasToken ? refusedAfterToken(error, connection, scopes) : error;
    }
    return describeRoles(scopes);
  });
  // A state of failure in the tree is out of date by now.
  const shown = environment.keystores.tenants().find(({ id }) => id === connection.id);
  if (shown?.status.kind !== 'loaded') {
    void environment.keystores.refresh(connection.id);
  }
  await environment.prompts.inform(
    hasToken
      ? l10n.t('"{0}": the token was given and the API answers. {1}', connection.name, roles)
      : l10n.t('"{0}": the API answers and takes the password. {1}', connection.name, roles),
  );
}

/** A refusal of the API says what the token, which was given before, tells of the roles. */
function refusedAfterToken(
  error: unknown,
  { name }: Connection,
  scopes: readonly string[] | undefined,
): unknown {
  if (!KeystoreError.is(error, 'forbidden') && !KeystoreError.is(error, 'unauthorized')) {
    return error;
  }
  const said = error.details['said'];
  const explanation = l10n.t(
    '"{0}": the token was given, but the API refuses it ({1}). {2}',
    name,
    typeof said === 'string' ? said : String(error.details['status']),
    describeRoles(scopes),
  );
  return new KeystoreError(error.code, error.message, {
    cause: error.cause,
    details: { ...error.details, explanation },
  });
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
          return l10n.t('{0}: not known, since nothing tells. {1}', role, forbids);
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

/** The connection that has the same address and user already. */
function knownAs({ connections }: Environment, address: TenantAddress): Connection | undefined {
  return connections
    .list()
    .find((other) => other.address.url === address.url && sameUser(other.address, address));
}

interface Access {
  readonly address: TenantAddress;
  readonly secret: TenantSecret;
}

function complete(draft: Draft): Access {
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
        problemOf(() => options.check?.(value)) ??
        (value.trim() === '' ? l10n.t('A value is needed.') : undefined),
    });
  return [
    {
      isNeeded: (draft) => draft.way === 'clipboard',
      ask: async (draft) => {
        fromKey(draft, await prompts.readClipboard());
        return 'passed';
      },
    },
    {
      isNeeded: (draft) => draft.way === 'file',
      ask: async (draft) => {
        const uri = await prompts.openFile({
          title: l10n.t('Service Key'),
          filters: { JSON: ['json', 'txt'], '*': ['*'] },
        });
        // PowerShell writes what a command prints as UTF-16.
        const { decodeText } = await import('../pki/pem.js');
        fromKey(draft, decodeText(await readFile(uri)));
        return 'passed';
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
          draft.clientId = value.trim();
        }),
    },
    {
      isNeeded: (draft) => draft.way === 'basic',
      ask: async (draft, position) =>
        take(await text(position, { prompt: l10n.t('User'), value: draft.user }), (value) => {
          draft.user = value.trim();
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
              draft.secret = { kind: 'clientSecret', clientSecret: value.trim() };
            }
          },
        ),
    },
  ];
}

function askName(environment: Environment): Step<Draft> {
  const { prompts, connections } = environment;
  return {
    ask: async (draft, position) => {
      const proposed = draft.url === undefined ? '' : proposeNameAndStage(draft.url).name;
      const same = draft.address === undefined ? undefined : knownAs(environment, draft.address);
      const own = draft.name ?? same?.name;
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

function askStage(environment: Environment): Step<Draft> {
  const { prompts } = environment;
  return {
    ask: async (draft, position) => {
      const same = draft.address === undefined ? undefined : knownAs(environment, draft.address);
      const proposed =
        draft.stage ??
        same?.stage ??
        (draft.url === undefined ? undefined : proposeNameAndStage(draft.url).stage);
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
