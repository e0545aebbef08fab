import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { isObject, type JsonObject } from '../http/checked.js';
import type { CfParameters } from '../platform/cfResources.js';
import {
  allowedValues,
  numberOf,
  onlyPath,
  putAt,
  schemaProperties,
  wordsOf,
  type SchemaProperty,
} from './planSchema.js';

/** How a service key is to be made. */
export type KeyWish =
  | {
      readonly type: 'externalCertificate';
      /** The sender's own certificate alone, as PEM, without its chain. */
      readonly leafPem: string;
      /** Whether only exactly this certificate is to be taken; undefined leaves it to SAP's default. */
      readonly pin: boolean | undefined;
    }
  | {
      readonly type: 'certificateBySap';
      readonly validityDays: number;
      readonly keyLength: number;
    }
  | { readonly type: 'clientSecret' };

/** Parameters to send, and what a person must know of what could not be sent. */
export interface KeyParameters {
  readonly parameters: JsonObject;
  /** What was left out because the plan does not tell its property, and what SAP does then. */
  readonly leftOut: readonly { readonly what: 'pin' | 'keyType'; readonly text: string }[];
}

/** What a plan tells of the parameters of its keys; this file is the one place that decides it. */
export interface KeyProperties {
  /** False where the plan publishes no schema for keys. */
  readonly hasSchema: boolean;
  /** Undefined where the schema does not tell, or tells several. */
  readonly pin: SwitchProperty | undefined;
  /** The value of `key-type` for a client secret; undefined where it is not told, and then the property is left out. */
  readonly secretKeyType: string | undefined;
  readonly validityDays: { readonly minimum: number; readonly maximum: number; readonly proposed: number };
  readonly keyLengths: readonly number[];
  /** Names that the plan demands of an external certificate besides its own. */
  readonly demandsValidity: boolean;
  readonly demandsKeyLength: boolean;
}

/** A property that is on or off. */
export interface SwitchProperty {
  readonly path: readonly string[];
  readonly on: unknown;
  readonly off: unknown;
  /** What holds where the property is not sent; undefined where the schema does not say. */
  readonly byDefault: boolean | undefined;
}

/** Whether a key takes only exactly its certificate. */
export type Pinning =
  { readonly kind: 'pinned' | 'unpinned' } | { readonly kind: 'notKnown'; readonly reason: string };

/** SAP's documentation of the plan `integration-flow`: 1 to 365 days, a key of 2048 bits unless told otherwise. */
const documented = { minimum: 1, maximum: 365, keyLengths: [2048, 3072, 4096] } as const;

/** Reads the schema that a plan publishes for creating keys (`schemas.service_binding.create.parameters`). */
export function readKeyProperties(schema: JsonObject | undefined): KeyProperties {
  const properties = schemaProperties(schema);
  const named = (name: string): readonly SchemaProperty[] =>
    properties.filter(({ path }) => path.length === 1 && path[0] === name);
  const [validity] = named('validity');
  const maximum = numberOf(validity, 'maximum') ?? documented.maximum;
  const lengths = named('key-length').flatMap(allowedValues).map(Number).filter(Number.isInteger);
  return {
    hasSchema: schema !== undefined,
    pin: pinProperty(properties),
    secretKeyType: secretKeyType(named('key-type')),
    validityDays: {
      minimum: numberOf(validity, 'minimum') ?? documented.minimum,
      maximum,
      proposed: Math.min(numberOf(validity, 'default') ?? documented.maximum, maximum),
    },
    keyLengths: lengths.length > 0 ? [...new Set(lengths)].sort((a, b) => a - b) : documented.keyLengths,
    demandsValidity: schemaDemands(schema, 'validity'),
    demandsKeyLength: schemaDemands(schema, 'key-length'),
  };
}

/**
 * The parameters of a new key. Documented names are sent as documented; a name that only the plan's schema can tell is
 * taken from there, and left out where it does not. Throws `invalid-input` with an explanation for values out of range.
 */
export function serviceKeyParameters(wish: KeyWish, properties: KeyProperties): KeyParameters {
  const parameters: Record<string, unknown> = {};
  const leftOut: { what: 'pin' | 'keyType'; text: string }[] = [];
  switch (wish.type) {
    case 'externalCertificate':
      parameters['key-type'] = 'certificate_external';
      parameters['X.509'] = checkedLeaf(wish.leafPem);
      // SAP's sample sends these two, SAP's form says that they do not apply.
      if (properties.demandsValidity) {
        parameters['validity'] = properties.validityDays.proposed;
      }
      if (properties.demandsKeyLength) {
        parameters['key-length'] = properties.keyLengths[0];
      }
      if (wish.pin !== undefined) {
        leftOut.push(...addPin(parameters, wish.pin, properties));
      }
      break;
    case 'certificateBySap':
      parameters['key-type'] = 'certificate';
      parameters['validity'] = checkedValidity(wish.validityDays, properties);
      parameters['key-length'] = checkedKeyLength(wish.keyLength, properties);
      break;
    case 'clientSecret':
      if (properties.secretKeyType === undefined) {
        leftOut.push({ what: 'keyType', text: noSecretKeyType(properties) });
      } else {
        parameters['key-type'] = properties.secretKeyType;
      }
      break;
  }
  return { parameters, leftOut };
}

/** Whether a key with an external certificate is pinned, from the parameters it was created with. */
export function pinningOf(parameters: CfParameters, properties: KeyProperties): Pinning {
  switch (parameters.kind) {
    case 'notRetrievable':
      return notKnown(l10n.t('SAP does not give out with which parameters a key was created.'));
    case 'forbidden':
      return notKnown(
        l10n.t('Your Cloud Foundry user may not read with which parameters a key was created.'),
      );
    case 'gone':
      return notKnown(l10n.t('The key is not there any more.'));
    case 'known':
      break;
  }
  const { pin } = properties;
  const found =
    pin === undefined ? guessedValue(parameters.parameters) : valueAt(parameters.parameters, pin.path);
  if (isSameValue(found, pin?.on ?? true)) {
    return { kind: 'pinned' };
  }
  if (isSameValue(found, pin?.off ?? false)) {
    return { kind: 'unpinned' };
  }
  if (pin !== undefined && found === undefined) {
    // SAP documents that pinning is on unless it is switched off.
    return { kind: (pin.byDefault ?? true) ? 'pinned' : 'unpinned' };
  }
  return notKnown(
    l10n.t("Neither the key's parameters nor the service plan tell whether its certificate is pinned."),
  );
}

function notKnown(reason: string): Pinning {
  return { kind: 'notKnown', reason };
}

const pinName = /pin(?:ned|ning)?(?![a-z])/i;
/** Names that would mean the opposite; what they do is not guessed. */
const negation = /(?:^|[^a-z])(?:no|not|un|without|disable|disabled|skip|ignore)(?:[^a-z]|$)|un-?pin/i;

function pinProperty(properties: readonly SchemaProperty[]): SwitchProperty | undefined {
  const switches = properties.flatMap((property) => {
    const name = property.path.at(-1) ?? '';
    return pinName.test(wordsOf(name)) && !negation.test(wordsOf(name)) ? (asSwitch(property) ?? []) : [];
  });
  return onlyPath(switches);
}

function asSwitch(property: SchemaProperty): SwitchProperty | undefined {
  const { path, schema } = property;
  if (schema['type'] === 'boolean') {
    return { path, on: true, off: false, byDefault: defaultOf(schema, true, false) };
  }
  const values = allowedValues(property);
  const text = (wanted: string): unknown => values.find((value) => String(value).toLowerCase() === wanted);
  const [on, off] = [text('true'), text('false')];
  return values.length === 2 && on !== undefined && off !== undefined
    ? { path, on, off, byDefault: defaultOf(schema, on, off) }
    : undefined;
}

function defaultOf(schema: JsonObject, on: unknown, off: unknown): boolean | undefined {
  const { default: value } = schema;
  return value === on ? true : value === off ? false : undefined;
}

function secretKeyType(properties: readonly SchemaProperty[]): string | undefined {
  const values = properties.flatMap(allowedValues).filter((value) => typeof value === 'string');
  const secrets = [...new Set(values)].filter((value) => /secret/i.test(value));
  return secrets.length === 1 ? secrets[0] : undefined;
}

function addPin(
  parameters: Record<string, unknown>,
  pin: boolean,
  { pin: property, hasSchema }: KeyProperties,
): readonly { what: 'pin'; text: string }[] {
  if (property !== undefined) {
    putAt(parameters, property.path, pin ? property.on : property.off);
    return [];
  }
  const reason = hasSchema
    ? l10n.t('The service plan does not tell how pinning is switched')
    : l10n.t('The service plan publishes no description of its parameters');
  const text = pin
    ? l10n.t('{0}, so it is left out. SAP pins the certificate by default, which is what you chose.', reason)
    : l10n.t(
        '{0}, so it is left out. SAP pins the certificate by default: the key will take exactly this certificate and no renewed one. A key without pinning can be made in the cockpit.',
        reason,
      );
  return [{ what: 'pin', text }];
}

function noSecretKeyType({ hasSchema }: KeyProperties): string {
  const reason = hasSchema
    ? l10n.t('The service plan does not tell the key type of a client secret')
    : l10n.t('The service plan publishes no description of its parameters');
  return l10n.t(
    '{0}, so the key type is left out. SAP makes a key with client id and client secret by default, which is what you chose.',
    reason,
  );
}

function checkedValidity(days: number, { validityDays: { minimum, maximum } }: KeyProperties): number {
  if (!Number.isInteger(days) || days < minimum || days > maximum) {
    throw invalid(
      l10n.t(
        'The validity of a certificate made by SAP is a whole number of days from {0} to {1}.',
        minimum,
        maximum,
      ),
    );
  }
  return days;
}

function checkedKeyLength(length: number, { keyLengths }: KeyProperties): number {
  if (!keyLengths.includes(length)) {
    throw invalid(l10n.t('The length of the key is one of {0}.', keyLengths.join(', ')));
  }
  return length;
}

function checkedLeaf(pem: string): string {
  const text = pem.trim();
  if (!/^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----$/.test(text)) {
    throw invalid(
      l10n.t("A service key takes exactly one certificate, the sender's own, without its chain."),
    );
  }
  return text;
}

function invalid(explanation: string): KeystoreError {
  return new KeystoreError('invalid-input', 'A parameter of a service key is not right', {
    details: { explanation },
  });
}

function schemaDemands(schema: JsonObject | undefined, name: string): boolean {
  // An alternative may demand it for a certificate by SAP; only the root demands it of every key.
  const required = schema?.['required'];
  return Array.isArray(required) && required.includes(name);
}

function valueAt(source: JsonObject, path: readonly string[]): unknown {
  let value: unknown = source;
  for (const name of path) {
    value = isObject(value) ? value[name] : undefined;
  }
  return value;
}

/** A value under the only name that speaks of pinning, where the plan tells none. */
function guessedValue(parameters: JsonObject): unknown {
  const found = Object.entries(parameters).filter(
    ([name]) => pinName.test(wordsOf(name)) && !negation.test(wordsOf(name)),
  );
  return found.length === 1 ? found[0]?.[1] : undefined;
}

function isSameValue(found: unknown, wanted: unknown): boolean {
  return (
    found === wanted || (typeof found === 'string' && found.toLowerCase() === String(wanted).toLowerCase())
  );
}
