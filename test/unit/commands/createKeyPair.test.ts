import assert from 'node:assert/strict';
import { createKeyPair } from '../../../src/commands/createKeyPair.js';
import { SubjectMemory } from '../../../src/services/subjectMemory.js';
import { memento } from '../../support/memento.js';
import { actionContext as context } from '../../support/actionContext.js';
import { PracticeWorld } from '../../support/practiceWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../support/scriptedPrompts.js';

const back: ScriptedAnswer = { wish: 'back' };

describe('Create Key Pair', function () {
  this.timeout(30_000);
  let world: PracticeWorld;
  before(async () => {
    world = await PracticeWorld.open();
  });
  after(() => world.dispose());

  async function run(answers: ScriptedAnswer[]): Promise<readonly string[]> {
    const prompts = new ScriptedPrompts(answers);
    const memory = new SubjectMemory(memento());
    const row = { kind: 'tenant', tenantId: world.connection.id };
    await createKeyPair(world.environment(prompts), row, memory, context);
    prompts.done();
    return prompts.asked;
  }

  const subject = ['made.example', '', 'ACME', '', '', 'DE', ''];

  it('goes back from the signature algorithm to the keys behind "More…", and from there to the others', async () => {
    const asked = await run([
      'made',
      'More…',
      /^EC secp521r1/,
      back,
      back,
      'More…',
      /^EC secp384r1/,
      'SHA-512/ECDSA',
      back,
      'SHA-256/ECDSA',
      ...subject,
      '3 years',
    ]);
    const keys = asked.filter((question) => question === 'Key').length;
    assert.equal(keys, 5);
    const entry = await world.entry('made');
    assert.equal(entry?.keyType, 'EC');
    assert.deepEqual(world.revealed, [world.row('made').hexalias]);
  });
});
