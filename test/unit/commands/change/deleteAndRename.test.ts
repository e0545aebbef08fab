import assert from 'node:assert/strict';
import { deleteEntries } from '../../../../src/commands/change/deleteEntries.js';
import { renameEntry } from '../../../../src/commands/change/renameEntry.js';
import { Cancelled, KeystoreError } from '../../../../src/errors.js';
import { actionContext as context } from '../../../support/actionContext.js';
import { PracticeWorld } from '../../../support/practiceWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const yes: ScriptedAnswer = { wish: 'yes' };

describe('Delete and Rename', function () {
  this.timeout(30_000);
  let world: PracticeWorld;
  before(async () => {
    world = await PracticeWorld.open();
  });
  after(() => world.dispose());
  beforeEach(async () => {
    if (world.tenant.journal.performed.length > 0) {
      await world.tenant.reset();
    }
    world.tenant.faults.clear();
    world.tenant.journal.clear();
    world.connection = { ...world.connection, stage: undefined };
    world.revealed.length = 0;
  });

  const performed = (): readonly string[] =>
    world.tenant.journal.performed.map(({ operation, alias }) => `${operation} ${alias}`);
  const aliases = async (): Promise<readonly string[]> => (await world.entries()).map(({ alias }) => alias);

  async function remove(
    answers: ScriptedAnswer[],
    argument?: unknown,
    selection?: unknown,
  ): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    await deleteEntries(world.environment(prompts), { argument, selection }, context);
    prompts.done();
    return prompts;
  }

  async function rename(answers: ScriptedAnswer[], argument?: unknown): Promise<ScriptedPrompts> {
    const prompts = new ScriptedPrompts(answers);
    await renameEntry(world.environment(prompts), argument, context);
    prompts.done();
    return prompts;
  }

  it('deletes a key pair after telling that its key is gone for good', async () => {
    const before = await aliases();
    const prompts = await remove([yes], world.row('warehouse'));
    assert.deepEqual(performed(), ['delete warehouse']);
    assert.deepEqual(
      await aliases(),
      before.filter((alias) => alias !== 'warehouse'),
    );
    assert.match(prompts.messages[0] ?? '', /Delete "warehouse" of "Practice Tenant"\?/);
    assert.match(prompts.messages[0] ?? '', /A private key is gone for good/);
    assert.equal(prompts.messages.at(-1), '"warehouse" deleted.');
  });

  it('deletes several in one request, odd aliases among them, rows of a chain left out', async () => {
    const rows = ['eu/west;blue\\green', 'carrier 🚚', 'partner bank'].map((alias) => world.row(alias));
    const chain = { ...world.row('warehouse'), kind: 'chainCertificate' };
    const group = { kind: 'group', tenantId: 't1' };
    const prompts = await remove([yes], rows[0], [...rows, chain, group]);
    assert.deepEqual(performed(), ['massDelete eu/west\\;blue\\\\green;carrier 🚚;partner bank']);
    assert.match(prompts.messages[0] ?? '', /^Delete 3 entries of "Practice Tenant"\?/);
    const left = await aliases();
    assert.ok(
      !left.includes('eu/west;blue\\green') && !left.includes('partner bank') && left.includes('warehouse'),
    );
  });

  it('takes an array of entries, and asks where it is called without any', async () => {
    await remove([yes], [world.row('warehouse'), world.row('warehouse')]);
    assert.deepEqual(performed(), ['delete warehouse']);
    await remove(['partner-customs', yes]);
    assert.deepEqual(performed(), ['delete warehouse', 'delete partner-customs']);
  });

  it('refuses what SAP owns, alone or among others, and sends nothing', async () => {
    const sap = world.row('sap_cloudintegrationcertificate');
    for (const selection of [undefined, [world.row('warehouse'), sap]]) {
      await assert.rejects(
        remove([], sap, selection),
        (error) => KeystoreError.is(error, 'refused') && /SAP owns "sap_/.test(explanation(error)),
      );
    }
    assert.deepEqual(performed(), []);
  });

  it('deletes nothing without agreement', async () => {
    await assert.rejects(remove([{ wish: 'no' }], world.row('warehouse')), Cancelled);
    assert.deepEqual(performed(), []);
  });

  it('asks for the alias, or the tenant’s name for several, on a productive tenant', async () => {
    world.connection = { ...world.connection, stage: 'PRD' };
    const row = world.row('warehouse');
    await assert.rejects(remove([yes, 'Warehouse'], row), /is refused/);
    await assert.rejects(remove([yes, { wish: 'escape' }], row), Cancelled);
    assert.deepEqual(performed(), []);
    await remove([yes, 'warehouse'], row);
    await remove([yes, 'Practice Tenant'], undefined, [
      world.row('partner bank'),
      world.row('orders-sender'),
    ]);
    assert.deepEqual(performed(), ['delete warehouse', 'massDelete partner bank;orders-sender']);
  });

  it('says that entries were deleted where only the answer was lost', async () => {
    world.tenant.faults.add({ operation: 'delete', fault: { kind: 'dropAfter' }, times: 1 });
    const single = await remove([yes], world.row('warehouse'));
    assert.equal(single.messages.at(-1), '"warehouse" was deleted; the answer was lost.');
    world.tenant.faults.add({ operation: 'massDelete', fault: { kind: 'dropAfter' }, times: 1 });
    const several = await remove([yes], undefined, [world.row('partner bank'), world.row('partner-customs')]);
    assert.equal(several.messages.at(-1), '2 entries were deleted; the answer was lost.');
    assert.equal(performed().length, 2);
  });

  it('deletes nothing that has changed since it was shown', async () => {
    const row = world.row('partner bank');
    const prompts = new ScriptedPrompts([yes]);
    const confirm = prompts.confirm.bind(prompts);
    prompts.confirm = async (options) => {
      const other = await world.client.readCertificate(
        world.row('partner-customs').hexalias,
        'leaf',
        context.signal,
      );
      await world.client.importCertificate(
        row.hexalias,
        other,
        { fingerprintVerified: true, update: true },
        context.signal,
      );
      return await confirm(options);
    };
    await assert.rejects(
      deleteEntries(world.environment(prompts), { argument: row, selection: undefined }, context),
      (error) => KeystoreError.is(error, 'refused') && /has changed in the tenant/.test(explanation(error)),
    );
    assert.deepEqual(performed(), ['importCertificate partner bank']);
  });

  it('renames, tells what names the old alias, and reveals the new row', async () => {
    const before = await world.entry('eu/west;blue\\green');
    const prompts = await rename(['eu west ✓'], world.row('eu/west;blue\\green'));
    assert.deepEqual(performed(), ['rename eu/west;blue\\green']);
    const after = await world.entry('eu west ✓');
    assert.equal(after?.fingerprintSha256, before?.fingerprintSha256);
    assert.equal(await world.entry('eu/west;blue\\green'), undefined);
    assert.match(prompts.asked[0] ?? '', /Integration flows that name the old one fail/);
    assert.deepEqual(world.revealed, [world.row('eu west ✓').hexalias]);
  });

  it('renames what is picked, and asks once more on a productive tenant', async () => {
    world.connection = { ...world.connection, stage: 'PRD' };
    await assert.rejects(rename(['warehouse', 'depot', { wish: 'no' }]), Cancelled);
    assert.deepEqual(performed(), []);
    await rename(['warehouse', 'depot', yes]);
    assert.deepEqual(performed(), ['rename warehouse']);
  });

  it('refuses taken, reserved, long and similar aliases while typing, and what SAP owns', async () => {
    for (const alias of ['warehouse', 'orders-sender', 'sap_x', 'ORDERS-sender', 'x'.repeat(251), '']) {
      await assert.rejects(rename([alias], world.row('warehouse')), /is refused/, alias);
    }
    await rename(['Warehouse'], world.row('warehouse'));
    await assert.rejects(
      rename([], world.row('sap_cloudintegrationcertificate')),
      (error) => KeystoreError.is(error, 'refused') && /SAP owns/.test(explanation(error)),
    );
    assert.deepEqual(performed(), ['rename warehouse']);
  });

  it('says that the entry was renamed where only the answer was lost', async () => {
    world.tenant.faults.add({ operation: 'rename', fault: { kind: 'dropAfter' }, times: 1 });
    const prompts = await rename(['depot'], world.row('warehouse'));
    assert.equal(prompts.messages.at(-1), '"warehouse" was renamed to "depot"; the answer was lost.');
    assert.deepEqual(performed(), ['rename warehouse']);
  });
});

function explanation(error: KeystoreError): string {
  return String(error.details['explanation']);
}
