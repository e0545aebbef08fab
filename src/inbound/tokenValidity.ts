import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import type { JsonObject } from '../http/checked.js';
import { numberOf, onlyPath, schemaProperties, wordsOf } from './planSchema.js';

/** How an instance is told for how long its access tokens are valid; nobody documents the name, so it is the plan's own. */
export interface TokenValidity {
  readonly path: readonly string[];
  readonly minimum: number;
  /** Undefined where the schema sets no bound. */
  readonly maximum: number | undefined;
  /** What holds where it is not sent; undefined where the schema does not say, and then it is SAP's own. */
  readonly byDefault: number | undefined;
}

/** Reads the schema that a plan publishes for creating instances; undefined where it does not tell, or tells several. */
export function readTokenValidity(schema: JsonObject | undefined): TokenValidity | undefined {
  const found = onlyPath(
    schemaProperties(schema).filter(({ path, schema: { type } }) => {
      const name = wordsOf(path.at(-1) ?? '');
      return (
        (type === 'integer' || type === 'number') &&
        /token/i.test(name) &&
        /validity|lifetime|expir/i.test(name) &&
        !/refresh/i.test(name)
      );
    }),
  );
  return found === undefined
    ? undefined
    : {
        path: found.path,
        minimum: Math.max(1, numberOf(found, 'minimum') ?? 1),
        maximum: numberOf(found, 'maximum'),
        byDefault: numberOf(found, 'default'),
      };
}

/** What a person is asked; leaving it empty is the default. */
export function tokenValidityQuestion({ minimum, maximum, byDefault }: TokenValidity): string {
  const bounds =
    maximum === undefined ? l10n.t('at least {0}', minimum) : l10n.t('from {0} to {1}', minimum, maximum);
  return byDefault === undefined
    ? l10n.t("Seconds for which access tokens are valid, {0}; empty for SAP's default", bounds)
    : l10n.t(
        'Seconds for which access tokens are valid, {0}; empty for the default of {1}',
        bounds,
        byDefault,
      );
}

/** What is wrong with a number of seconds as a person typed it; undefined where nothing is. */
export function tokenValidityProblem(text: string, { minimum, maximum }: TokenValidity): string | undefined {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(seconds) &&
    seconds >= minimum &&
    seconds <= (maximum ?? Number.MAX_SAFE_INTEGER)
    ? undefined
    : maximum === undefined
      ? l10n.t('The validity of access tokens is a whole number of at least {0}.', minimum)
      : l10n.t('The validity of access tokens is a whole number from {0} to {1}.', minimum, maximum);
}

/** The same for a number that is to be sent; throws `invalid-input` with the explanation. */
export function checkedTokenValidity(seconds: number, validity: TokenValidity): number {
  const explanation = tokenValidityProblem(String(seconds), validity);
  if (explanation !== undefined) {
    throw new KeystoreError('invalid-input', 'A parameter of a service instance is not right', {
      details: { explanation },
    });
  }
  return seconds;
}

/** For how long the access tokens of a new instance will be valid, for its review. */
export function tokenValidityText(seconds: number | undefined, validity: TokenValidity | undefined): string {
  if (validity === undefined) {
    return l10n.t(
      'The service plan does not tell how the validity of access tokens is set, so it is left out. SAP sets its own default then.',
    );
  }
  if (seconds !== undefined) {
    return l10n.t('Access tokens are valid for {0} seconds.', seconds);
  }
  return validity.byDefault === undefined
    ? l10n.t('Access tokens are valid for as long as SAP sets by default.')
    : l10n.t('Access tokens are valid for {0} seconds, which is the default.', validity.byDefault);
}
