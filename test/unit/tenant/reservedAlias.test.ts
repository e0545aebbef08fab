import assert from 'node:assert/strict';
import { isPredelivered, isReservedAlias, isReservedByRule } from '../../../src/tenant/reservedAlias.js';

describe('reserved aliases', () => {
  const cases: readonly (readonly [string, { rule: boolean; safe: boolean; delivered: boolean }])[] = [
    ['sap_cloudintegrationcertificate', { rule: true, safe: true, delivered: true }],
    ['sap_', { rule: true, safe: true, delivered: false }],
    ['SAP_x', { rule: false, safe: true, delivered: false }],
    ['sapx', { rule: false, safe: false, delivered: false }],
    ['hcicertificate', { rule: true, safe: true, delivered: true }],
    ['hcicertificate1', { rule: true, safe: true, delivered: true }],
    ['hcicertificate2', { rule: false, safe: true, delivered: false }],
    ['HCICertificate', { rule: false, safe: true, delivered: false }],
    ['hcimsgcertificate', { rule: true, safe: true, delivered: false }],
    ['hcimsgcertificate2', { rule: false, safe: false, delivered: false }],
    ['my_sap_', { rule: false, safe: false, delivered: false }],
    ['acme', { rule: false, safe: false, delivered: false }],
  ];
  for (const [alias, expected] of cases) {
    it(`judges "${alias}"`, () => {
      assert.deepEqual(
        { rule: isReservedByRule(alias), safe: isReservedAlias(alias), delivered: isPredelivered(alias) },
        expected,
      );
    });
  }
});
