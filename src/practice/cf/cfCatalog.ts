import type { JsonObject } from './cfValues.js';

/** The plans of the practice service, by their unchanging guids. */
export const plans = [
  { guid: '5d1a0c1e-0001-4000-8000-000000000001', name: 'integration-flow' },
  { guid: '5d1a0c1e-0002-4000-8000-000000000002', name: 'api' },
] as const;
export const offeringGuid = '5d1a0c1e-0000-4000-8000-000000000000';

/** What an instance takes; the names of properties that SAP does not document are the practice tenant's own. */
export const instanceSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  additionalProperties: false,
  properties: {
    'grant-types': { type: 'array', items: { type: 'string' }, default: ['client_credentials'] },
    'redirect-uris': { type: 'array', items: { type: 'string' } },
    roles: { type: 'array', items: { type: 'string' } },
    'token-validity': { type: 'integer', minimum: 3600, maximum: 86400 },
  },
};

/** What a key takes; pinning is for plan `integration-flow` only. */
export function keySchema(planName: string): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      'key-type': {
        type: 'string',
        enum: ['client_secret', 'certificate', 'certificate_external'],
        default: 'client_secret',
      },
      'X.509': { type: 'string' },
      validity: { type: 'integer', minimum: 1, maximum: 365, default: 365 },
      'key-length': { type: 'integer', enum: [2048, 3072, 4096], default: 2048 },
      ...(planName === 'integration-flow' ? { 'pin-certificate': { type: 'boolean', default: true } } : {}),
    },
  };
}
