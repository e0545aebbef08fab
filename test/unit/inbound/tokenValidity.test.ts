import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { newInstanceParameters } from '../../../src/inbound/serviceInstanceParameters.js';
import {
  readTokenValidity,
  tokenValidityProblem,
  tokenValidityText,
} from '../../../src/inbound/tokenValidity.js';

const grants = { roles: ['ESBMessaging.send'], grantTypes: ['client_credentials'] };
const schema = (properties: Record<string, unknown>) => ({ type: 'object', properties });
const token = { type: 'integer', minimum: 3600, maximum: 86_400 };

describe('inbound/tokenValidity', () => {
  it('is read from the schema of instances, with bounds and default', () => {
    assert.deepEqual(
      readTokenValidity(
        schema({ 'token-validity': { ...token, default: 43_200 }, 'refresh-token-validity': token }),
      ),
      { path: ['token-validity'], minimum: 3600, maximum: 86_400, byDefault: 43_200 },
    );
    assert.deepEqual(
      readTokenValidity(schema({ oauth: schema({ accessTokenLifetime: { type: 'number' } }) })),
      {
        path: ['oauth', 'accessTokenLifetime'],
        minimum: 1,
        maximum: undefined,
        byDefault: undefined,
      },
    );
  });

  it('is not known where the schema does not tell, or tells several', () => {
    for (const one of [
      undefined,
      schema({ roles: { type: 'array' }, 'token-validity': { type: 'string' } }),
      schema({ 'token-validity': token, 'access-token-validity': token }),
    ]) {
      assert.equal(readTokenValidity(one), undefined);
    }
    assert.match(tokenValidityText(undefined, undefined), /left out\. SAP sets its own default then/);
  });

  it('is sent where the plan has it, left out where the person leaves it, and refused out of bounds', () => {
    const validity = readTokenValidity(schema({ oauth: schema({ 'token-validity': token }) }));
    assert.ok(validity !== undefined);
    const made = (seconds: number | undefined) =>
      newInstanceParameters('integration-flow', grants, { validity, seconds });
    assert.deepEqual(made(7200)['oauth'], { 'token-validity': 7200 });
    assert.equal(made(undefined)['oauth'], undefined);
    assert.match(tokenValidityText(7200, validity), /7200 seconds/);
    assert.match(tokenValidityText(undefined, validity), /as long as SAP sets by default/);
    assert.match(tokenValidityText(undefined, { ...validity, byDefault: 43_200 }), /43200 seconds.*default/);
    assert.throws(
      () => made(60),
      (error) => KeystoreError.is(error, 'invalid-input'),
    );
    for (const text of ['3599', '86401', '1.5', 'x', '-1']) {
      assert.match(tokenValidityProblem(text, validity) ?? '', /from 3600 to 86400/);
    }
    assert.equal(tokenValidityProblem('3600', validity), undefined);
    assert.match(
      tokenValidityProblem('0', { ...validity, minimum: 1, maximum: undefined }) ?? '',
      /at least 1/,
    );
  });
});
