import assert from 'node:assert/strict';
import { textOf } from '../../../../src/commands/mapping/copySteps.js';
import type { InboundInstance } from '../../../../src/inbound/inboundClients.js';
import { namePairOf } from '../../../../src/inbound/keyContent.js';
import type { MappingFact } from '../../../../src/inbound/mappingStage.js';
import type { ChosenPlace } from '../../../../src/inbound/plannedMapping.js';
import { certificateOfFile } from '../../../../src/inbound/senderCertificate.js';
import { readCertificates } from '../../../../src/pki/container.js';
import type { KnownOfSetUp } from '../../../../src/services/setUpFacts.js';
import { external, inboundInstance, inboundKey, InboundWorld } from '../../../support/inboundWorld.js';

const role = 'ESBMessaging.send';
const forms = ['cf', 'terraform', 'cockpit'] as const;

describe('steps to copy for a set-up', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => {
    world.dispose();
  });

  const dev = { guid: 's1', name: 'dev' };
  const prod = { guid: 's2', name: 'prod' };
  const inSpace = ({ guid, name }: typeof dev) => ({ spaceGuid: guid, spaceName: name });
  const granted = (...grantTypes: readonly string[]): Pick<InboundInstance, 'grants'> => ({
    grants: { kind: 'known', roles: [role], grantTypes },
  });
  const place = (space: typeof dev): ChosenPlace => ({
    apiUrl: 'https://api.cf.eu10.hana.ondemand.com',
    organization: { guid: 'o1', name: 'acme' },
    space,
  });
  const listed = (instances: readonly InboundInstance[], isEverySpace = true): MappingFact => ({
    kind: 'serviceKeys',
    place: 'acme',
    isEverySpace,
    instances,
  });

  function textsOf(mapping: MappingFact, chosen: ChosenPlace) {
    const [leaf] = readCertificates(Buffer.from(world.current.certificate)).certificates;
    assert.ok(leaf);
    const known: KnownOfSetUp = {
      setUp: {
        id: 's',
        name: 'shop',
        tenantId: 't',
        certificate: undefined,
        way: 'mapping',
        endpoint: undefined,
        userRole: role,
      },
      receiver: {
        id: 't',
        name: 'ACME',
        stage: undefined,
        practice: false,
        address: {
          url: 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com',
          authentication: { kind: 'clientSecret', clientId: 'c', tokenUrl: 'https://x/oauth/token' },
        },
      },
      caller: undefined,
      certificate: { kind: 'known', certificate: certificateOfFile(leaf, 'shop.cer') },
      leaf,
      namePair: namePairOf(leaf),
      acceptance: { kind: 'reading' },
      mapping,
      endpoint: { kind: 'notChosen' },
      redeployed: [],
      now: Date.now(),
      warningDays: 30,
    };
    const [cf, terraform, cockpit] = forms.map((form) => textOf(form, known, chosen));
    return { cf: cf ?? '', terraform: terraform ?? '', cockpit: cockpit ?? '' };
  }

  const names = (text: Readonly<Record<(typeof forms)[number], string>>, space: string, instance: string) => {
    assert.ok(text.cf.includes(`\ncf target -o acme -s ${space}\n`), text.cf);
    assert.ok(text.cf.includes(`\ncf create-service-key ${instance} shop -c `), text.cf);
    assert.match(
      text.terraform,
      new RegExp(`data "cloudfoundry_space" "space" \\{\\n  name = "${space}"\\n`),
    );
    assert.ok(text.terraform.includes(`name  = "${instance}"`) || text.terraform.includes(`= "${instance}"`));
    assert.ok(text.cockpit.includes(`The space is "${space}".`), text.cockpit);
    assert.ok(text.cockpit.includes(`In the row of the instance "${instance}" choose`), text.cockpit);
  };

  it('go to the space of the instance that fits, and say that it is another than the chosen one', () => {
    const texts = textsOf(listed([inboundInstance([], { name: 'pi-dev', ...inSpace(dev) })]), place(prod));
    names(texts, 'dev', 'pi-dev');
    for (const form of forms) {
      assert.match(texts[form], /"pi-dev" is in the space "dev", not in "prod"/, form);
    }
  });

  it('prefer an instance of the chosen space to one elsewhere with more keys', () => {
    const elsewhere = inboundInstance([inboundKey('a', external(world.other))], {
      name: 'pi-dev',
      ...inSpace(dev),
    });
    const here = inboundInstance([], { guid: 'i2', name: 'pi-prod', ...inSpace(prod) });
    const texts = textsOf(listed([elsewhere, here]), place(prod));
    names(texts, 'prod', 'pi-prod');
    assert.doesNotMatch(texts.cf, /pi-dev/);
  });

  it('make a new instance in the chosen space where no grant types fit', () => {
    for (const types of [['client_x509'], ['client_x509', 'client_credentials'], ['password']]) {
      const unfit = inboundInstance([], { name: 'pi-prod', ...inSpace(prod), ...granted(...types) });
      const texts = textsOf(listed([unfit]), place(prod));
      names(texts, 'prod', 'shop-inbound');
      assert.match(texts.cf, /\ncf create-service it-rt integration-flow shop-inbound -c /);
      assert.match(texts.terraform, /resource "cloudfoundry_service_instance"/);
      assert.match(texts.cockpit, /Instance Name: shop-inbound\./);
    }
  });

  it('name a new instance as none of its space is named', () => {
    const unfit = { ...granted('password'), name: 'shop-inbound' };
    const there = inboundInstance([], { ...unfit, ...inSpace(prod) });
    const elsewhere = inboundInstance([], { ...unfit, guid: 'i2', name: 'shop-inbound-2', ...inSpace(dev) });
    names(textsOf(listed([there, elsewhere]), place(prod)), 'prod', 'shop-inbound-2');
  });

  it('take no instance of another organization or of a space without a known name', () => {
    const strange = inboundInstance([], { organizationGuid: 'o2' });
    const nameless = inboundInstance([], { guid: 'i2', spaceGuid: 's9', spaceName: undefined });
    names(textsOf(listed([strange, nameless]), place(prod)), 'prod', 'shop-inbound');
  });

  it('tell that the key will be pinned, and nothing of conflicts where every key was read', () => {
    const read = inboundInstance([inboundKey('a', external(world.other))], inSpace(prod));
    const texts = textsOf(listed([read]), place(prod));
    for (const form of forms) {
      assert.match(texts[form], /SAP pins it by default .*exactly this certificate/, form);
      assert.doesNotMatch(texts[form], /conflict|Not read/, form);
    }
  });

  it('tell that a conflict is not excluded where keys were not read or not listed', () => {
    const key = inboundKey('a', { kind: 'notRead' });
    const unread = listed([inboundInstance([key], inSpace(prod))]);
    const nothing: MappingFact = { kind: 'notKnown', reason: 'Nobody is signed in.' };
    for (const [mapping, words] of [
      [unread, /Not read: "a" of "orders-inbound"/],
      [nothing, /Nobody is signed in\./],
      [listed([], false), /Not every service key could be listed\./],
    ] as const) {
      const texts = textsOf(mapping, place(prod));
      for (const form of forms) {
        assert.match(texts[form], words, form);
        assert.match(texts[form], /conflict .* is not excluded/, form);
      }
    }
  });

  it('tell what a key that was read and the new one would do to each other', () => {
    const unpinned = inboundKey('k', external(world.renewed), { pinning: { kind: 'unpinned' } });
    const texts = textsOf(listed([inboundInstance([unpinned], inSpace(prod))]), place(prod));
    for (const form of forms) {
      assert.match(texts[form], /Subject and issuer are those of "k" of "orders-inbound"/, form);
    }
  });

  it('hold no name of a server as something to be run', () => {
    const hostile = 'k\n$(touch x)`touch y`\'"';
    const key = inboundKey('k', external(world.renewed), { name: hostile, pinning: { kind: 'unpinned' } });
    const texts = textsOf(listed([inboundInstance([key], inSpace(prod))]), place(prod));
    for (const line of texts.cf.split('\n').filter((one) => one.includes('touch'))) {
      // Within single quotation marks nothing is special; a person may paste into a shell without comments.
      assert.match(line, /^echo '(?:[^']|'\\'')*'$/);
    }
    for (const line of texts.terraform.split('\n').filter((one) => one.includes('touch'))) {
      assert.match(line, /^# /);
    }
  });
});
