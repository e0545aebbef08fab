import assert from 'node:assert/strict';
import { continueRenewal, renewClientCertificate } from '../../../../src/commands/inbound/renew.js';
import type { RenewPorts } from '../../../../src/commands/inbound/renewalPlace.js';
import { KeystoreError } from '../../../../src/errors.js';
import { Renewals } from '../../../../src/services/renewals.js';
import { mappingId } from '../../../../src/tenant/certificateUserMappings.js';
import { NeoWorld } from '../../../support/neoWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;
const day = 86_400_000;

describe('commands/inbound: renewal at a mapping of Neo', function () {
  this.timeout(30_000);
  let world: NeoWorld;
  before(async () => {
    world = await NeoWorld.open();
  });
  beforeEach(async () => {
    await world.begin();
    await world.state.update('renewals', undefined);
  });
  after(() => world.dispose());

  const ports = (): RenewPorts =>
    ({
      keys: world.ports,
      userMappings: world.ports,
      renewals: new Renewals(world.state),
    }) as unknown as RenewPorts;
  const renew = async (argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await renewClientCertificate(world.environment(prompts), argument, ports(), world.context);
    prompts.done();
    return prompts;
  };
  const goOn = async (...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await continueRenewal(world.environment(prompts), ports(), world.context);
    prompts.done();
    return prompts;
  };
  const fromFile = async (subject: string): Promise<{ answers: ScriptedAnswer[]; id: string }> => {
    const { uri, leaf } = await world.senderFile(subject);
    return {
      id: mappingId(leaf.der),
      answers: [/Choose the Renewed Certificate/, /^From a file, the clipboard/, /file/i, { uri }],
    };
  };

  it('maps the new certificate to the same user beside the old one, and deletes the old one after its day', async () => {
    const old = await world.row('edi');
    const next = await fromFile('CN=edi.partner.example,O=Partner,C=FR');
    const told: string[][] = [];
    const listen = () =>
      world.mappings.onDidChange(() => {
        told.push([...(world.mappings.tenant(world.tenantId)?.renewing ?? ['no tenant'])]);
      });
    listen();
    const first = await renew(old, ...next.answers, /Map the New Certificate/, yes, 'Continue Later');
    assert.deepEqual(told.at(-1), [old.mappingId]);
    assert.match(first.messages[0] ?? '', /Map the certificate to the user "edi"/);
    assert.match(first.messages[0] ?? '', /The user has 1 certificate already, which goes on working/);
    assert.deepEqual(world.performed(), ['map']);
    assert.deepEqual(
      [(await world.held()).get(old.mappingId), (await world.held()).get(next.id)],
      ['edi', 'edi'],
    );

    // A new window, and another process that serves: everything is read anew, and the plan is still there.
    await world.restart();
    world.reload();
    await goOn(/Confirm a Good Call/, yes, keep, /Delete "edi, until/);
    assert.deepEqual(world.performed(), []);
    world.clock.now += 8 * day;
    listen();
    const last = await goOn(/Delete "edi, until/, yes);
    assert.deepEqual(told.at(-1), []);
    assert.deepEqual(world.performed(), ['unmap']);
    assert.deepEqual(
      [(await world.held()).get(old.mappingId), (await world.held()).get(next.id)],
      [undefined, 'edi'],
    );
    assert.match(last.messages.join('\n'), /that of the new certificate has taken its place/);
    await assert.rejects(goOn(), (error) => KeystoreError.is(error, 'refused'));
  });

  it('sees what was done elsewhere: a new certificate that is mapped already, an old one that is gone', async () => {
    const old = await world.row('edi');
    const next = await fromFile('CN=edi.partner.example,O=Partner,C=FR');
    await renew(old, ...next.answers, 'Continue Later');
    const plan = new Renewals(world.state).list()[0];
    assert.ok(plan?.next?.pem !== undefined);
    const { mappings } = await world.access(world.tenantId);
    const { readCertificates } = await import('../../../../src/pki/container.js');
    const [leaf] = readCertificates(Buffer.from(plan.next.pem)).certificates;
    assert.ok(leaf !== undefined);
    const { signal } = new AbortController();
    await mappings.map({ der: leaf.der, user: 'someone-else' }, signal);
    // Mapped to another user it stands beside nothing: the step is open, and shows old and new user.
    const shown = await goOn(/Map the New Certificate/, yes, 'Continue Later');
    assert.match(shown.messages[0] ?? '', /User now: someone-else\nUser new: edi/);
    await mappings.delete(old.mappingId, signal);
    const last = await goOn(/Confirm a Good Call/, yes, keep);
    assert.match(last.messages.join('\n'), /The renewal is finished/);
  });

  it('refuses the certificate that is mapped already as its own successor', async () => {
    const old = await world.row('warehouse');
    const prompts = await renew(
      old,
      /Choose the Renewed Certificate/,
      /^Of a keystore entry/,
      'Practice Tenant',
      'warehouse',
      'Continue Later',
    );
    assert.deepEqual(world.performed(), []);
    assert.equal(prompts.asked.length, 5);
  });
});
