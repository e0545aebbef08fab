import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { isObject, type JsonObject } from '../../http/checked.js';
import type { CfServiceKey } from '../../platform/cfServiceKeys.js';
import { readServiceKeyCredentials } from '../../platform/cfServiceKeys.js';
import type { CloudFoundryAccess } from '../../services/cloudFoundryAccess.js';
import type { ActionContext, Environment } from '../environment.js';
import { asFileName } from '../fileName.js';
import { askSecretPlace, writeToSecretPlace, type SecretPlace } from '../secretPlace.js';
import { chooseKey } from './chooseKey.js';
import { halfDone } from './halfDone.js';
import type { CloudFoundryPorts } from './ports.js';
import { requireWorkplace } from './session.js';
import { chooseCloudFoundryTenant } from './tenant.js';

/** "Save Credentials…": all that a key holds, as JSON, into a file that only its owner may read. */
export async function saveCredentials(
  environment: Environment,
  argument: unknown,
  ports: CloudFoundryPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Save Credentials');
  const { prompts } = environment;
  const connection = await chooseCloudFoundryTenant(environment, argument, title);
  const workplace = await requireWorkplace(environment, connection, ports, context);
  const { key } = await chooseKey(environment, workplace, argument, { title, context });
  const place = await askSecretPlace(prompts, {
    title: l10n.t('Save Credentials of "{0}"', key.name),
    fileName: asFileName(key.name, '.json'),
    filters: { [l10n.t('Service key')]: ['json'] },
    workspaceFolders: ports.workspaceFolders(),
  });
  await withCredentials({ access: workplace.access, key, context }, async (credentials) => {
    await writeToSecretPlace(
      prompts,
      place,
      Buffer.from(`${JSON.stringify(credentials, undefined, 2)}\n`, 'utf8'),
    );
  });
  void prompts.inform(
    l10n.t(
      'The credentials of "{0}" are in "{1}". Whoever reads the file may call as this sender: delete it once it is not needed any more.',
      key.name,
      place.uri.fsPath,
    ),
  );
}

/** Asks where the private key of a certificate made by SAP goes, before there is one. */
export async function askKeyFile(
  { prompts }: Environment,
  name: string,
  ports: CloudFoundryPorts,
): Promise<SecretPlace> {
  return await askSecretPlace(prompts, {
    title: l10n.t('File for the Private Key and the Certificate of "{0}"', name),
    fileName: asFileName(name, '.pem'),
    filters: { [l10n.t('Private key and certificate')]: ['pem'] },
    workspaceFolders: ports.workspaceFolders(),
  });
}

/**
 * Writes private key and certificates of a new key as PEM with real line breaks. What goes wrong loses nothing, since the key
 * keeps them: the error says how they are saved then.
 */
export async function writeCertificateKey(
  { prompts }: Environment,
  {
    access,
    key,
    place,
    context,
  }: {
    readonly access: CloudFoundryAccess;
    readonly key: Pick<CfServiceKey, 'guid' | 'name'>;
    readonly place: SecretPlace;
    readonly context: ActionContext;
  },
): Promise<void> {
  try {
    await withCredentials({ access, key, context }, async (credentials) => {
      const pem = certificateKeyPem(credentials);
      if (pem === undefined) {
        throw new KeystoreError('bad-answer', 'the key holds no private key', {
          details: { explanation: l10n.t('Cloud Foundry gives no private key for it.') },
        });
      }
      await writeToSecretPlace(prompts, place, Buffer.from(pem, 'utf8'));
    });
  } catch (error) {
    throw halfDone(error, (reason) =>
      l10n.t(
        'The service key "{0}" has been created, but its private key is in no file yet. {1} "Save Credentials…" writes it to a file of yours.',
        key.name,
        reason,
      ),
    );
  }
}

/** Private key, then certificates; undefined where the credentials hold no private key. */
export function certificateKeyPem(credentials: JsonObject): string | undefined {
  const level = isObject(credentials['oauth']) ? { ...credentials, ...credentials['oauth'] } : credentials;
  const { key, certificate } = level;
  if (typeof key !== 'string' || !key.includes('PRIVATE KEY')) {
    return undefined;
  }
  return [key, typeof certificate === 'string' ? certificate : '']
    .filter((pem) => pem.trim() !== '')
    .map((pem) => `${pem.replaceAll('\\n', '\n').replaceAll('\r\n', '\n').trim()}\n`)
    .join('');
}

/** The secrets live in this call only; a key that is created keeps them, so a failure to read or write loses nothing. */
async function withCredentials(
  {
    access,
    key,
    context,
  }: {
    readonly access: CloudFoundryAccess;
    readonly key: Pick<CfServiceKey, 'guid' | 'name'>;
    readonly context: ActionContext;
  },
  use: (credentials: JsonObject) => Promise<void>,
): Promise<void> {
  const credentials = await context.withProgress(
    l10n.t('Reading the service key "{0}"', key.name),
    ({ signal }) => readServiceKeyCredentials(access.api, key, signal),
  );
  if (credentials === undefined) {
    throw new KeystoreError('not-found', 'the key is gone', {
      details: {
        where: 'cf',
        explanation: l10n.t('The service key "{0}" is not there any more. Refresh the view.', key.name),
      },
    });
  }
  await use(credentials);
}
