import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, parseJson, textMember, type JsonObject } from '../http/checked.js';
import { checkCfApiUrl } from './cfEndpoint.js';
import { claimedEnd, isTokenText, publicClient, userOf, type CfTokens, type CfUser } from './cfTokens.js';

/** An organization or space as the command line remembers it. */
export interface CfTarget {
  readonly guid: string;
  readonly name: string;
}

/** What the configuration of the `cf` command line tool holds. */
export type CfCliReading =
  | {
      readonly kind: 'session';
      readonly file: string;
      readonly apiUrl: string;
      readonly tokens: CfTokens;
      readonly user: CfUser | undefined;
      /** What `cf target` was set to. */
      readonly organization: CfTarget | undefined;
      readonly space: CfTarget | undefined;
    }
  /** There is no configuration: the tool was never used here. */
  | { readonly kind: 'none'; readonly file: string }
  /** The tool is installed, and nobody is signed in with it. */
  | { readonly kind: 'signedOut'; readonly file: string; readonly apiUrl: string | undefined }
  | { readonly kind: 'unreadable'; readonly file: string; readonly explanation: string };

/** Where the tool looks: `CF_HOME` replaces the home directory. */
export interface CfCliPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** Text of a file; undefined where there is none. Throws where it cannot be read. */
  readonly readText?: (file: string) => Promise<string | undefined>;
}

const maximumBytes = 1024 * 1024;

/** The file in which the `cf` command line tool keeps its session. */
export function cfCliConfigFile({ environment, homeDirectory }: CfCliPlace): string {
  const cfHome = environment['CF_HOME'];
  return join(cfHome === undefined || cfHome === '' ? homeDirectory : cfHome, '.cf', 'config.json');
}

/** Reads the session that the `cf` command line tool holds; the file is never written. Never throws. */
export async function readCfCliSession(place: CfCliPlace): Promise<CfCliReading> {
  const file = cfCliConfigFile(place);
  let text: string | undefined;
  try {
    text = await (place.readText ?? readSmallFile)(file);
  } catch {
    return {
      kind: 'unreadable',
      file,
      explanation: l10n.t('"{0}" cannot be read. Sign in by passcode instead.', file),
    };
  }
  return text === undefined ? { kind: 'none', file } : parseConfig(text, file);
}

function parseConfig(text: string, file: string): CfCliReading {
  // Windows editors put a byte order mark in front.
  const json = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isObject(json)) {
    return {
      kind: 'unreadable',
      file,
      explanation: l10n.t('"{0}" is no configuration of the cf tool. Sign in by passcode instead.', file),
    };
  }
  const apiUrl = apiUrlOf(json);
  const accessToken = bareToken(textMember(json, 'AccessToken'));
  if (apiUrl === undefined || accessToken === undefined) {
    return { kind: 'signedOut', file, apiUrl };
  }
  const refreshToken = textMember(json, 'RefreshToken');
  const tokens: CfTokens = {
    accessToken,
    expiresAt: claimedEnd(accessToken),
    refreshToken: refreshToken !== undefined && isTokenText(refreshToken) ? refreshToken : undefined,
    client: {
      id: textMember(json, 'UAAOAuthClient') ?? publicClient.id,
      secret: textMember(json, 'UAAOAuthClientSecret') ?? publicClient.secret,
    },
  };
  return {
    kind: 'session',
    file,
    apiUrl,
    tokens,
    user: userOf(tokens),
    organization: targetOf(json['OrganizationFields']),
    space: targetOf(json['SpaceFields']),
  };
}

function apiUrlOf(json: JsonObject): string | undefined {
  try {
    return checkCfApiUrl(textMember(json, 'Target') ?? '');
  } catch {
    return undefined;
  }
}

/** The tool stores the token with its type in front. */
function bareToken(text: string | undefined): string | undefined {
  const token = text?.replace(/^bearer\s+/i, '').trim();
  return token !== undefined && isTokenText(token) ? token : undefined;
}

function targetOf(json: unknown): CfTarget | undefined {
  const guid = isObject(json) ? (textMember(json, 'GUID') ?? textMember(json, 'Guid')) : undefined;
  const name = isObject(json) ? textMember(json, 'Name') : undefined;
  return guid === undefined || name === undefined ? undefined : { guid, name };
}

async function readSmallFile(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > maximumBytes) {
      throw new KeystoreError('file-system', 'The configuration is too large');
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
