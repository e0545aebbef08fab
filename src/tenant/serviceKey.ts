import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, type JsonObject } from '../http/checked.js';
import { findJsonObject } from './jsonInText.js';
import { findPemBlocks, formatPemBlocks } from './pemText.js';
import {
  checkTenantUrl,
  checkTokenUrl,
  isRuntimeHost,
  type TenantAddress,
  type TenantSecret,
} from './tenantAddress.js';

/** What is wrong with one field of a service key, in words for a person; never with a value of the key. */
export interface ServiceKeyProblem {
  /** The field as the key writes it, such as `clientid`; `json` for the text as a whole. */
  readonly field: string;
  readonly problem: string;
}

/** What a pasted service key turned out to be. */
export type ServiceKeyReading =
  | { readonly kind: 'api'; readonly address: TenantAddress; readonly secret: TenantSecret }
  | {
      readonly kind: 'integration-flow';
      /** The runtime's address, which senders call. */
      readonly url: string | undefined;
      readonly explanation: string;
    }
  | { readonly kind: 'invalid'; readonly problems: readonly ServiceKeyProblem[] };

/**
 * Reads a service key as the cockpit shows it or as a command line prints it: with or without lines around the JSON, with
 * or without `credentials`, with its fields under `oauth` or at the top. `now` decides whether its certificate still holds.
 */
export function readServiceKey(text: string, now: number = Date.now()): ServiceKeyReading {
  const found = findJsonObject(text);
  switch (found.kind) {
    case 'none':
      return invalidText(l10n.t('This text holds no JSON. A service key begins with "{".'));
    case 'cut-off':
      return invalidText(l10n.t('The JSON is cut off: its last "}" is missing. Copy the whole service key.'));
    case 'malformed':
      return invalidText(l10n.t('The JSON is damaged. Copy the whole service key again.'));
    case 'object':
      return readKey(new KeyFields(found.object), now);
  }
}

function readKey(fields: KeyFields, now: number): ServiceKeyReading {
  const url = fields.text('url');
  const clientId = fields.text('clientid');
  if (isIntegrationFlowKey(url, clientId)) {
    return {
      kind: 'integration-flow',
      url,
      explanation: l10n.t(
        'This service key is of plan "integration-flow": senders use it to call integration flows. The keystore needs a service key of plan "api" with the roles MonitoringDataRead and SecurityMaterialEdit.',
      ),
    };
  }
  const checkedUrl = fields.check('url', checkTenantUrl);
  const tokenUrl = fields.check('tokenurl', checkTokenUrl);
  fields.check('clientid', (value) => value);
  const secret = readSecret(fields, now);
  if (
    fields.problems.length > 0 ||
    checkedUrl === undefined ||
    tokenUrl === undefined ||
    clientId === undefined ||
    secret === undefined
  ) {
    return { kind: 'invalid', problems: fields.problems };
  }
  return {
    kind: 'api',
    address: { url: checkedUrl, authentication: { kind: secret.kind, tokenUrl, clientId } },
    secret,
  };
}

type KeySecret = Exclude<TenantSecret, { kind: 'basic' }>;

function readSecret(fields: KeyFields, now: number): KeySecret | undefined {
  if (fields.has('clientsecret')) {
    const clientSecret = fields.check('clientsecret', (value) => value);
    return clientSecret === undefined ? undefined : { kind: 'clientSecret', clientSecret };
  }
  if (!fields.has('certificate') && !fields.has('key')) {
    fields.add(
      'clientsecret',
      l10n.t('Missing: the key holds neither a client secret nor a certificate with its key.'),
    );
    return undefined;
  }
  if (fields.has('certificate') && !fields.has('key')) {
    fields.add(
      'key',
      l10n.t(
        'Missing: the key was made for a certificate of your own, whose private key it does not hold. Use one of type "ClientId/Secret" or "Certificate".',
      ),
    );
  }
  const certificate = fields.check('certificate', (value) => readCertificateChain(value, now));
  const key = fields.check('key', readPrivateKey);
  if (certificate === undefined || key === undefined) {
    return undefined;
  }
  if (!certificate.leaf.checkPrivateKey(key.object)) {
    fields.add('key', l10n.t('The private key does not belong to the certificate.'));
    return undefined;
  }
  return { kind: 'clientCertificate', certificate: certificate.pem, key: key.pem };
}

function readCertificateChain(value: string, now: number): { pem: string; leaf: X509Certificate } {
  const blocks = findPemBlocks(value).filter(({ label }) => label === 'CERTIFICATE');
  const [first] = blocks;
  if (first === undefined || blocks.some(({ body }) => body === '')) {
    throw problem(l10n.t('Damaged: this is no certificate in PEM form.'));
  }
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(formatPemBlocks([first]));
  } catch {
    throw problem(l10n.t('Damaged: this is no certificate in PEM form.'));
  }
  if (Date.parse(leaf.validTo) < now) {
    const expiry = new Date(leaf.validTo).toISOString().slice(0, 10);
    throw problem(l10n.t('Expired on {0}. Create a new service key.', expiry));
  }
  return { pem: formatPemBlocks(blocks), leaf };
}

function readPrivateKey(value: string): { pem: string; object: KeyObject } {
  const block = findPemBlocks(value).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block?.label === 'ENCRYPTED PRIVATE KEY' || /Proc-Type: 4,ENCRYPTED/.test(value)) {
    throw problem(l10n.t('The private key is encrypted. A service key holds it unencrypted.'));
  }
  if (block === undefined || block.body === '') {
    throw problem(l10n.t('Damaged: this is no private key in PEM form.'));
  }
  const pem = formatPemBlocks([block]);
  try {
    return { pem, object: createPrivateKey(pem) };
  } catch {
    throw problem(l10n.t('Damaged: this is no private key in PEM form.'));
  }
}

function isIntegrationFlowKey(url: string | undefined, clientId: string | undefined): boolean {
  if (clientId?.includes('|it-rt-') === true) {
    return true;
  }
  try {
    return url !== undefined && isRuntimeHost(new URL(url).hostname);
  } catch {
    return false;
  }
}

/** The fields of a key wherever they are nested, and what was found wrong with them. */
class KeyFields {
  readonly problems: ServiceKeyProblem[] = [];
  private readonly levels: readonly JsonObject[];

  constructor(key: JsonObject) {
    const credentials = isObject(key['credentials']) ? key['credentials'] : key;
    this.levels = isObject(credentials['oauth']) ? [credentials['oauth'], credentials] : [credentials];
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    const trimmed = typeof value === 'string' ? value.trim() : '';
    return trimmed === '' ? undefined : trimmed;
  }

  /** The field as `read` returns it; a missing field, and what `read` finds wrong, become a problem of that field. */
  check<T>(name: string, read: (value: string) => T): T | undefined {
    const value = this.text(name);
    if (value === undefined) {
      if (!this.problems.some(({ field }) => field === name)) {
        const wrongType = this.has(name) && typeof this.value(name) !== 'string';
        this.add(name, wrongType ? l10n.t('This is not a text.') : l10n.t('Missing.'));
      }
      return undefined;
    }
    try {
      return read(value);
    } catch (error) {
      if (!KeystoreError.is(error, 'invalid-input')) {
        throw error;
      }
      this.add(name, error.message);
      return undefined;
    }
  }

  add(field: string, text: string): void {
    this.problems.push({ field, problem: text });
  }

  private value(name: string): unknown {
    return this.levels.map((level) => level[name]).find((value) => value !== undefined && value !== null);
  }
}

function problem(text: string): KeystoreError {
  return new KeystoreError('invalid-input', text);
}

function invalidText(text: string): ServiceKeyReading {
  return { kind: 'invalid', problems: [{ field: 'json', problem: text }] };
}
