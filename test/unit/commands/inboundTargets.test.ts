import assert from 'node:assert/strict';
import { inboundTargetOf, serviceKeyTargetOf } from '../../../src/commands/inboundTargets.js';

describe('What a row of Inbound Clients hands to a command', () => {
  const key = { kind: 'serviceKey', tenantId: 't', instanceGuid: 'i', keyGuid: 'k', id: 'row', more: 1 };

  it('is an instance or a key by its guids, whatever else the row has', () => {
    assert.deepEqual(inboundTargetOf(key), {
      kind: 'serviceKey',
      tenantId: 't',
      instanceGuid: 'i',
      keyGuid: 'k',
    });
    assert.deepEqual(inboundTargetOf({ ...key, kind: 'serviceInstance' }), {
      kind: 'serviceInstance',
      tenantId: 't',
      instanceGuid: 'i',
    });
    const noKeys = { kind: 'state', tenantId: 't', instanceGuid: 'i', keyGuid: undefined };
    assert.equal(inboundTargetOf(noKeys)?.kind, 'serviceInstance');
    assert.equal(serviceKeyTargetOf(key)?.keyGuid, 'k');
    assert.equal(serviceKeyTargetOf({ ...key, kind: 'serviceInstance' }), undefined);
  });

  it('is nothing for the palette, rows of other views and rows that are not whole', () => {
    const withoutKey = { kind: 'serviceKey', tenantId: 't', instanceGuid: 'i' };
    for (const argument of [undefined, 'x', { tenantId: 't' }, { ...key, kind: 'entry' }, withoutKey]) {
      assert.equal(inboundTargetOf(argument), undefined);
    }
  });
});
