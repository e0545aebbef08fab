import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { readCfCliSession, type CfCliReading } from '../../platform/cfCliSession.js';
import {
  checkCfApiUrl,
  listCfEndpoints,
  passcodeUrl,
  proposeCfEndpoints,
  type CfEndpoint,
} from '../../platform/cfEndpoint.js';
import type { SignIn } from '../../platform/uaaClient.js';
import type { CloudFoundryState } from '../../services/cloudFoundry.js';
import type { Connection } from '../../services/connection.js';
import { runFlow, take, type Step } from '../../ui/flow.js';
import type { PickItem } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { plainLabel } from '../targets.js';
import type { CloudFoundryPorts } from './ports.js';

type Way = 'passcode' | 'password' | 'cli';

interface Draft {
  way?: Way;
  apiUrl?: string;
  endpoint?: CfEndpoint;
  passcode?: string;
  user?: string;
  password?: string;
  origin?: string;
  code?: string;
}

/** Signs in, whatever was before; Escape is `Cancelled`. */
export async function signIn(
  environment: Environment,
  connection: Connection,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Sign In to the Cloud Foundry of "{0}"', connection.name);
  const { cloudFoundry } = environment;
  const proposals = await endpointItems(environment, connection, ports);
  const [only] = proposals;
  const draft: Draft = proposals.length === 1 && only !== undefined ? { apiUrl: only.value } : {};
  // The endpoint itself tells where people sign in; it is asked before anything secret is typed.
  const discover = async (): Promise<CfEndpoint> => {
    const { apiUrl = '' } = draft;
    if (draft.endpoint?.apiUrl !== apiUrl) {
      draft.endpoint = await context.withProgress(l10n.t('Asking "{0}"', apiUrl), ({ signal }) =>
        cloudFoundry.discover(apiUrl, signal),
      );
    }
    return draft.endpoint;
  };
  await runFlow<Draft>(title, draft, [
    askWay(environment, connection),
    ...askEndpoint(environment, proposals),
    ...askCredentials(environment, { ports, discover }),
  ]);
  if (draft.way === 'cli') {
    await signInByCli(environment, connection, ports, context);
    return;
  }
  const { endpoint } = draft;
  const proof = proofOf(draft);
  if (endpoint === undefined || proof === undefined) {
    throw new Cancelled();
  }
  await context.withProgress(title, ({ signal }) =>
    cloudFoundry.signIn(connection.id, endpoint, proof, signal),
  );
}

/** What is known of a session that can be used. */
export function signedIn(
  { cloudFoundry }: Pick<Environment, 'cloudFoundry'>,
  { id }: Connection,
): Extract<CloudFoundryState, { kind: 'signedIn' | 'expired' }> | undefined {
  const state = cloudFoundry.state(id);
  return state.kind === 'signedIn' ? state : undefined;
}

function proofOf({ way, passcode = '', user = '', password = '', code, origin }: Draft): SignIn | undefined {
  switch (way) {
    case 'passcode':
      return { kind: 'passcode', passcode };
    case 'password':
      return { kind: 'password', user, password, code, origin };
    default:
      return undefined;
  }
}

function askWay({ prompts }: Environment, connection: Connection): Step<Draft> {
  return {
    ask: async (draft, position) =>
      take(
        await prompts.pick<Way>({
          ...position,
          placeholder: l10n.t('How do you sign in to Cloud Foundry?'),
          items: [
            {
              label: l10n.t('One-time passcode (single sign-on)'),
              detail: l10n.t('Opens the passcode page in the browser; paste the code that it shows'),
              value: 'passcode',
            },
            {
              label: l10n.t('User and password…'),
              detail: l10n.t(
                'With the origin key of an identity provider, and a second factor, where needed',
              ),
              value: 'password',
            },
            ...(connection.practice
              ? []
              : [
                  {
                    label: l10n.t('Session of the cf command line'),
                    detail: l10n.t('Reads its configuration; nothing is written there'),
                    value: 'cli' as const,
                  },
                ]),
          ],
        }),
        (way) => {
          draft.way = way;
        },
      ),
  };
}

/** The likeliest first: what was used last, then what the host of the tenant suggests. */
async function endpointItems(
  { cloudFoundry }: Environment,
  connection: Connection,
  ports: CloudFoundryPorts,
): Promise<readonly PickItem<string>[]> {
  if (connection.practice) {
    const apiUrl = await ports.practiceEndpoint();
    if (apiUrl !== undefined) {
      return [{ label: apiUrl, value: apiUrl }];
    }
  }
  const last = cloudFoundry.lastEndpoint(connection.id)?.apiUrl;
  const proposed = proposeCfEndpoints(connection.address.url);
  const listed = proposed.length > 0 ? proposed : listCfEndpoints();
  return [
    ...(last === undefined ? [] : [{ label: last, description: l10n.t('used last'), value: last }]),
    ...listed
      .filter(({ apiUrl }) => apiUrl !== last)
      .map(({ apiUrl, place }) => ({
        label: apiUrl,
        ...(place === undefined ? {} : { description: place }),
        value: apiUrl,
      })),
  ];
}

function askEndpoint(
  { prompts }: Environment,
  proposals: readonly PickItem<string>[],
): readonly Step<Draft>[] {
  const another = '';
  let byHand = false;
  return [
    {
      isNeeded: ({ way }) => way !== 'cli' && proposals.length !== 1,
      ask: async (draft, position) =>
        take(
          await prompts.pick({
            ...position,
            placeholder: l10n.t('API endpoint, as the overview page of the subaccount shows it'),
            items: [...proposals, { label: l10n.t('Another API endpoint…'), value: another }],
          }),
          (apiUrl) => {
            byHand = apiUrl === another;
            draft.apiUrl = byHand ? (draft.apiUrl ?? '') : apiUrl;
          },
        ),
    },
    {
      isNeeded: ({ way }) => way !== 'cli' && byHand,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('API endpoint'),
            placeholder: 'https://api.cf.eu10.hana.ondemand.com',
            value: draft.apiUrl ?? '',
            validate: endpointProblem,
          }),
          (value) => {
            draft.apiUrl = checkCfApiUrl(value.trim());
          },
        ),
    },
  ];
}

function endpointProblem(value: string): string | undefined {
  try {
    checkCfApiUrl(value.trim());
    return undefined;
  } catch (error) {
    return KeystoreError.is(error) ? String(error.details.explanation ?? error.message) : undefined;
  }
}

function askCredentials(
  { prompts }: Environment,
  { ports, discover }: { readonly ports: CloudFoundryPorts; readonly discover: () => Promise<CfEndpoint> },
): readonly Step<Draft>[] {
  const byPassword = ({ way }: Draft): boolean => way === 'password';
  return [
    {
      isNeeded: ({ way }) => way === 'passcode',
      ask: async (draft, position) => {
        const url = passcodeUrl(await discover());
        await ports.openLink(url);
        return take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Passcode, as {0} shows it after signing in', url),
            password: true,
            validate: (value) =>
              value.trim() === '' ? l10n.t('Paste the passcode that the page shows.') : undefined,
          }),
          (value) => {
            draft.passcode = value.trim();
          },
        );
      },
    },
    {
      isNeeded: byPassword,
      ask: async (draft, position) => {
        await discover();
        return take(
          await prompts.input({
            ...position,
            prompt: l10n.t('User, most often an e-mail address'),
            value: draft.user ?? '',
            validate: (value) => (value.trim() === '' ? l10n.t('The user is missing.') : undefined),
          }),
          (value) => {
            draft.user = value.trim();
          },
        );
      },
    },
    {
      isNeeded: byPassword,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Password of {0}, without the code of a second factor', draft.user ?? ''),
            password: true,
            validate: (value) => (value === '' ? l10n.t('The password is missing.') : undefined),
          }),
          (value) => {
            draft.password = value;
          },
        ),
    },
    {
      isNeeded: byPassword,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t("Origin key of the identity provider; empty for the platform's own (sap.ids)"),
            value: draft.origin ?? '',
          }),
          (value) => {
            draft.origin = value.trim();
          },
        ),
    },
    {
      isNeeded: byPassword,
      ask: async (draft, position) =>
        take(
          await prompts.input({
            ...position,
            prompt: l10n.t('Code of the second factor; empty where there is none'),
            password: true,
          }),
          (value) => {
            draft.code = value.trim();
          },
        ),
    },
  ];
}

async function signInByCli(
  { prompts, cloudFoundry }: Environment,
  connection: Connection,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const reading = await readCfCliSession(ports.cli);
  if (reading.kind !== 'session') {
    throw new KeystoreError('refused', 'the cf tool holds no session', {
      details: { explanation: cliProblem(reading) },
    });
  }
  const agreed = await prompts.confirm({
    message: l10n.t('Use the session of the cf command line for "{0}"?', connection.name),
    detail: l10n.t(
      'It belongs to {0} at {1}. Its tokens are copied into the secret storage of VS Code and renewed there; "{2}" stays as it is.',
      plainLabel(reading.user?.name ?? l10n.t('a user that it does not name')),
      reading.apiUrl,
      reading.file,
    ),
    action: l10n.t('Use Session'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  const { tokens, apiUrl, organization, space } = reading;
  const title = l10n.t('Sign In to the Cloud Foundry of "{0}"', connection.name);
  await context.withProgress(title, async ({ signal }) => {
    const endpoint = await cloudFoundry.discover(apiUrl, signal);
    await cloudFoundry.adopt(connection.id, endpoint, tokens);
  });
  if (organization !== undefined && space !== undefined && cloudFoundryPlace() === undefined) {
    await cloudFoundry.choosePlace(connection.id, { organization, space });
  }

  function cloudFoundryPlace() {
    const state = cloudFoundry.state(connection.id);
    return state.kind === 'signedOut' ? undefined : state.place;
  }
}

function cliProblem(reading: Exclude<CfCliReading, { kind: 'session' }>): string {
  switch (reading.kind) {
    case 'none':
      return l10n.t(
        'The cf command line was never used here ("{0}" does not exist). Sign in by passcode instead.',
        reading.file,
      );
    case 'signedOut':
      return l10n.t(
        'Nobody is signed in with the cf command line. Run "cf login --sso" in a terminal, or sign in by passcode here.',
      );
    case 'unreadable':
      return reading.explanation;
  }
}
