import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServiceKey, type KeyPorts } from '../../../../src/commands/cloudFoundry/createKey.js';
import { deleteServiceKey } from '../../../../src/commands/cloudFoundry/deleteKey.js';
import { saveCredentials } from '../../../../src/commands/cloudFoundry/keySecrets.js';
import { KeystoreError } from '../../../../src/errors.js';
import { readKeyContent } from '../../../../src/inbound/keyContent.js';
import { listServiceInstances } from '../../../../src/platform/cfServiceInstances.js';
import {
  listServiceKeys,
  readServiceKeyCredentials,
  readServiceKeyParameters,
} from '../../../../src/platform/cfServiceKeys.js';
import { encodePem } from '../../../../src/pki/pem.js';
import { KeyMemory } from '../../../../src/services/keyMemory.js';
import { readServiceKey } from '../../../../src/tenant/serviceKey.js';
import { CloudFoundryWorld } from '../../../support/cloudFoundryWorld.js';
import { fileUri } from '../../../support/localWorld.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const { signal } = new AbortController();
const yes = { wish: 'yes' } as const;
const keep = { wish: 'keep' } as const;

describe('commands/cloudFoundry: service keys', function () {
  this.timeout(30_000);
  let world: CloudFoundryWorld;
  let memory: KeyMemory;
  let setUps: ReturnType<KeyPorts['setUps']> = [];
  const run = async (
    work: (...parameters: Parameters<typeof createServiceKey>) => Promise<void>,
    argument: unknown,
    ...answers: ScriptedAnswer[]
  ): Promise<ScriptedPrompts> => {
    const prompts = new ScriptedPrompts(answers);
    await work(
      world.environment(prompts),
      argument,
      { ...world.ports, memory, setUps: () => setUps },
      world.context,
    );
    prompts.done();
    return prompts;
  };
  const api = async () => (await world.cloudFoundry.access(world.tenantId)).api;
  const instance = async (name: string) => {
    const { resources } = await listServiceInstances(await api(), {}, { signal });
    const found = resources.find((one) => one.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };
  const keyOf = async (instanceName: string, name: string) => {
    const { guid } = await instance(instanceName);
    const { resources } = await listServiceKeys(await api(), { instanceGuids: [guid] }, { signal });
    return resources.find((one) => one.name === name);
  };
  const keyRow = async (instanceName: string, name: string) => {
    const key = await keyOf(instanceName, name);
    assert.ok(key !== undefined, name);
    return {
      kind: 'serviceKey',
      tenantId: world.tenantId,
      instanceGuid: key.instanceGuid,
      keyGuid: key.guid,
    };
  };
  const sent = async (instanceName: string, name: string): Promise<Record<string, unknown>> => {
    const key = await keyOf(instanceName, name);
    assert.ok(key !== undefined, name);
    const read = await readServiceKeyParameters(await api(), key.guid, signal);
    assert.ok(read.kind === 'known');
    return read.parameters;
  };
  const entry = async (alias: string) => {
    const environment = world.environment(new ScriptedPrompts([]));
    const entries = await environment.keystores.entriesOrRead(world.tenantId, signal);
    const found = entries.find((one) => one.alias === alias);
    assert.ok(found !== undefined, alias);
    return { tenantId: world.tenantId, hexalias: found.hexalias };
  };
  const explains = (code: string, pattern: RegExp) => (error: unknown) => {
    assert.ok(KeystoreError.is(error), String(error));
    assert.equal(error.code, code);
    assert.match(String(error.details.explanation), pattern);
    return true;
  };
  const orders = 'CN=shop.example,O=Shop,C=DE';
  beforeEach(async () => {
    world = await CloudFoundryWorld.open();
    memory = new KeyMemory(world.cloudFoundry);
    setUps = [];
    await world.choose('dev');
  });
  afterEach(async () => {
    await world.dispose();
  });

  it('sends the leaf only of a file with its chain, pinned, after one review', async () => {
    const { uri, leafPem } = await world.senderFile(orders);
    const prompts = await run(createServiceKey, uri, 'pi-rt-iflow', keep, /^Pinned/, yes);
    const parameters = await sent('pi-rt-iflow', 'shop.example');
    assert.equal(parameters['key-type'], 'certificate_external');
    assert.equal(String(parameters['X.509']).trim(), leafPem.trim());
    assert.equal(parameters['pin-certificate'], true);
    assert.equal(parameters['validity'], undefined);
    assert.deepEqual(world.performed(), ['createKey']);
    const review = prompts.messages[0] ?? '';
    assert.match(review, /Certificate of .*shop\.example/);
    assert.match(review, /Only this certificate is sent/);
    assert.match(review, /Will SAP's load balancer accept it\? /);
    assert.match(review, /practice tenant's own list/);
    assert.match(review, /valid for 300 days more/);
    assert.match(review, /Roles of the instance: ESBMessaging\.send/);
    assert.match(review, /No conflict with any of the \d+ keys|Not known: /);
    assert.equal(prompts.asked.filter((question) => /Create the service key/.test(question)).length, 1);
  });

  it('finds the issuers of a certificate that stands alone in the keystore, so that its root can be judged', async () => {
    const { leafPem } = await world.senderFile(orders);
    const path = join(world.directory, 'alone.pem');
    writeFileSync(path, leafPem);
    const prompts = await run(createServiceKey, fileUri(path), 'pi-rt-iflow', 'alone', /^Pinned/, yes);
    assert.match(prompts.messages[0] ?? '', /accept it\? Yes/);
    assert.doesNotMatch(prompts.messages[0] ?? '', /Problem/);
  });

  it('tells the role that the set-up of the sender needs and the instance does not grant', async () => {
    const { uri, leafPem } = await world.senderFile(orders);
    const setUp = {
      id: 's1',
      name: 'shop',
      tenantId: world.tenantId,
      certificate: { kind: 'file', uri: 'file:///shop.pem', pem: leafPem },
      way: 'mapping',
      endpoint: { address: '/orders', flow: undefined },
      userRole: 'Orders.send',
    } as const;
    setUps = [setUp];
    const prompts = await run(createServiceKey, uri, 'pi-rt-iflow', 'one', /^Pinned/, yes);
    assert.match(
      prompts.messages[0] ?? '',
      /^.*\nProblem: The instance does not grant the role Orders\.send: calls would get 403/,
    );
    setUps = [{ ...setUp, tenantId: 'another' }];
    const other = await world.senderFile('CN=other.example,O=Shop,C=DE', { name: 'other.pem' });
    const fine = await run(createServiceKey, other.uri, 'pi-rt-iflow', 'two', /^Pinned/, yes);
    assert.ok(!/Problem/.test(fine.messages[0] ?? ''));
  });

  it('takes certificate and receiver of a set-up: neither is asked for, and its file may be gone', async () => {
    const { leafPem } = await world.senderFile(orders);
    await world.connections.add(
      { ...world.connection, name: 'Another' },
      { kind: 'clientSecret', clientSecret: 'another' },
    );
    setUps = [
      {
        id: 's1',
        name: 'shop',
        tenantId: world.tenantId,
        certificate: { kind: 'file', uri: 'file:///nowhere/shop.pem', pem: leafPem },
        way: 'mapping',
        endpoint: undefined,
        userRole: 'ESBMessaging.send',
      },
    ];
    await run(createServiceKey, { setUpId: 's1' }, 'pi-rt-iflow', 'from-page', /^Pinned/, yes);
    assert.equal(String((await sent('pi-rt-iflow', 'from-page'))['X.509']).trim(), leafPem.trim());
    setUps = [{ ...setUps[0], certificate: undefined } as (typeof setUps)[number]];
    await assert.rejects(
      run(createServiceKey, { setUpId: 's1' }),
      explains('refused', /No certificate is chosen for "shop" yet/),
    );
  });

  it('maps the key pair of SAP of a calling tenant in the receiving one, asking for neither', async () => {
    const { hexalias } = await entry('sap_cloudintegrationcertificate');
    const { address } = world.connection;
    const reading = readServiceKey(world.tenant.serviceKey);
    assert.ok(reading.kind === 'api');
    const caller = await world.connections.add(
      { name: 'Caller', stage: undefined, practice: true, address },
      reading.secret,
    );
    setUps = [
      {
        id: 's1',
        name: 'caller to receiver',
        tenantId: world.tenantId,
        certificate: { kind: 'entry', tenantId: caller.id, hexalias, fingerprintSha256: undefined },
        way: 'mapping',
        endpoint: undefined,
        userRole: 'ESBMessaging.send',
      },
    ];
    const prompts = await run(
      createServiceKey,
      { setUpId: 's1' },
      'pi-rt-iflow',
      'from-caller',
      /^Pinned/,
      yes,
    );
    const sentPem = String((await sent('pi-rt-iflow', 'from-caller'))['X.509']);
    assert.equal(sentPem.split('BEGIN CERTIFICATE').length, 2);
    assert.match(prompts.messages[0] ?? '', /Certificate of /);
    assert.deepEqual(world.performed(), ['createKey']);
  });

  it('creates a service instance on the way where none of the space fits', async () => {
    const { uri } = await world.senderFile(orders);
    await run(
      createServiceKey,
      uri,
      'Create Service Instance…',
      'integration-flow',
      'pi-rt-orders',
      'Orders.send',
      'Continue',
      keep,
      yes,
      'pi-rt-orders',
      'orders',
      /^Pinned/,
      yes,
    );
    assert.deepEqual(world.performed(), ['createInstance', 'createKey']);
    assert.ok((await keyOf('pi-rt-orders', 'orders')) !== undefined);
  });

  it('asks before it reads what very many keys hold, and says what is not known without', async () => {
    await api();
    const file = join(world.directory, 'practice-cloud-foundry.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as { keys: { guid: string; name: string }[] };
    const [first] = content.keys;
    assert.ok(first !== undefined);
    content.keys.push(
      ...Array.from({ length: 120 }, (_, index) => ({
        ...first,
        guid: `more-${index}`,
        name: `more-${index}`,
      })),
    );
    writeFileSync(file, JSON.stringify(content));
    world.tenant.cloudFoundry.reload();
    const { uri } = await world.senderFile(orders);
    const reads = () =>
      world.tenant.cloudFoundry.journal.received.filter(({ operation }) => operation === 'readDetails')
        .length;
    const before = reads();
    const prompts = await run(
      createServiceKey,
      uri,
      'pi-rt-iflow',
      'Go on without',
      'unread',
      /^Pinned/,
      yes,
    );
    assert.equal(reads(), before);
    assert.match(prompts.messages[0] ?? '', /Not known: Whether the certificate is in another key/);
  });

  it('switches pinning off by the name that the plan tells', async () => {
    const { uri } = await world.senderFile(orders);
    await run(createServiceKey, uri, 'pi-rt-iflow', 'shop-unpinned', /^Not pinned/, yes);
    assert.equal((await sent('pi-rt-iflow', 'shop-unpinned'))['pin-certificate'], false);
  });

  it('maps the certificate of an entry', async () => {
    const prompts = await run(
      createServiceKey,
      await entry('invoices-sender'),
      'pi-rt-custom',
      'invoices',
      /^Pinned/,
      yes,
    );
    const parameters = await sent('pi-rt-custom', 'invoices');
    const [certificate, ...more] = String(parameters['X.509']).split('-----BEGIN CERTIFICATE-----').slice(1);
    assert.ok(certificate !== undefined && more.length === 0);
    assert.match(
      prompts.messages[0] ?? '',
      /private key cannot leave the tenant|holds the private key|Option/,
    );
  });

  it('names the key that holds the certificate already, what would happen, and what to do', async () => {
    const key = await keyOf('pi-rt-iflow', 'customs');
    const credentials = await readServiceKeyCredentials(
      await api(),
      { guid: key?.guid ?? '', name: '' },
      signal,
    );
    const pem = String((credentials?.['oauth'] as Record<string, unknown>)['certificate']);
    const path = join(world.directory, 'customs.pem');
    writeFileSync(path, pem);
    const prompts = new ScriptedPrompts(['pi-rt-custom', keep, /^Pinned/, { wish: 'no' }]);
    await assert.rejects(
      createServiceKey(
        world.environment(prompts),
        fileUri(path),
        { ...world.ports, memory, setUps: () => setUps },
        world.context,
      ),
      { name: 'Cancelled' },
    );
    assert.match(
      prompts.messages[0] ?? '',
      /Problem: The certificate is in "customs" of "pi-rt-iflow" already.*401.*Use the key that is there/,
    );
    assert.deepEqual(world.performed(), []);
  });

  it('tells pinned beside unpinned with equal names, in both directions, before it is created', async () => {
    const { uri } = await world.senderFile('CN=carrier.example,O=Carrier,C=PL');
    const review = async (pin: RegExp): Promise<string> => {
      const prompts = new ScriptedPrompts(['pi-rt-iflow', keep, pin, { wish: 'no' }]);
      await assert.rejects(
        createServiceKey(
          world.environment(prompts),
          uri,
          { ...world.ports, memory, setUps: () => setUps },
          world.context,
        ),
        { name: 'Cancelled' },
      );
      return prompts.messages[0] ?? '';
    };
    assert.match(
      await review(/^Pinned/),
      /Subject and issuer are those of "carrier-2025".*which is not pinned.*calls of both fail/,
    );
    assert.match(await review(/^Not pinned/), /neither would be pinned/);
    assert.deepEqual(world.performed(), []);
  });

  it('reads each key once over several creations, and tells what cancelling left unread', async () => {
    const { uri } = await world.senderFile(orders);
    const reads = () =>
      world.tenant.cloudFoundry.journal.received.filter(({ operation }) => operation === 'readDetails')
        .length;
    await run(createServiceKey, uri, 'pi-rt-iflow', 'one', /^Pinned/, yes);
    const first = reads();
    assert.ok(first > 10);
    const second = await world.senderFile('CN=two.example,O=Two,C=DE', { name: 'two.pem' });
    await run(createServiceKey, second.uri, 'pi-rt-iflow', 'two', /^Pinned/, yes);
    assert.ok(reads() - first <= 2, `${reads() - first} reads`);
    memory.of(world.tenantId).clear();
    world.onProgress = (message, controller) => {
      if (/of \d+ keys/.test(message)) {
        controller.abort();
      }
    };
    const third = await world.senderFile('CN=three.example,O=Three,C=DE', { name: 'three.pem' });
    const prompts = await run(createServiceKey, third.uri, 'pi-rt-iflow', 'three', /^Pinned/, yes);
    assert.match(
      prompts.messages[0] ?? '',
      /Not known: Whether the certificate is in another key is not certain/,
    );
  });

  it('refuses what SAP would refuse before anything is sent: deprecated grant type, missing grant type', async () => {
    const { uri } = await world.senderFile(orders);
    const at = (name: string) => run(createServiceKey, uri, name, keep, /^Pinned/);
    await assert.rejects(at('pi-rt-2021'), explains('refused', /client_x509.*Mend Grant Types/));
    await assert.rejects(
      at('pi-rt-browser'),
      explains('refused', /lacks the grant type "client_credentials".*Mend/),
    );
    assert.deepEqual(world.performed(), []);
  });

  it('refuses a certificate for a trial tenant with the way out, and lets a client secret through', async () => {
    const { uri } = await world.senderFile(orders);
    world.entries = [];
    await assert.rejects(
      run(createServiceKey, uri),
      explains('refused', /lacks the key pair that SAP delivers.*client id and secret/),
    );
    assert.deepEqual(world.performed(), []);
    await run(
      createServiceKey,
      { tenantId: world.tenantId },
      'Client secret',
      'pi-rt-iflow',
      'on-trial',
      yes,
    );
  });

  it('reads the keystore to tell a trial tenant where no view has read it, and asks where it cannot be read', async () => {
    const { uri } = await world.senderFile(orders);
    world.unread = () => [];
    await assert.rejects(
      run(createServiceKey, uri),
      explains('refused', /lacks the key pair that SAP delivers/),
    );
    world.unread = () => {
      throw new KeystoreError('offline', 'offline');
    };
    await assert.rejects(
      run(createServiceKey, uri, 'Yes, a trial tenant'),
      explains('refused', /Trial tenants take no client certificates.*client id and secret/),
    );
    await run(createServiceKey, uri, 'No, not a trial tenant', 'pi-rt-iflow', keep, /^Pinned/, yes);
    assert.deepEqual(world.performed(), ['createKey']);
    await run(createServiceKey, { tenantId: world.tenantId }, 'Client secret', 'pi-rt-iflow', keep, yes);
  });

  it('reads what other keys hold only for a certificate that may clash with theirs', async () => {
    const reads = () =>
      world.tenant.cloudFoundry.journal.received.filter(({ operation }) => operation === 'readDetails')
        .length;
    const prompts = await run(
      createServiceKey,
      { tenantId: world.tenantId },
      ...['Client secret', 'pi-rt-iflow', keep, yes],
    );
    assert.equal(reads(), 0);
    assert.doesNotMatch(prompts.messages[0] ?? '', /that were compared/);
    await run(
      createServiceKey,
      { tenantId: world.tenantId },
      ...[
        'Certificate made by SAP',
        'pi-rt-iflow',
        keep,
        keep,
        '2048 bits',
        { uri: fileUri(join(world.directory, 'by-sap.pem')) },
        yes,
      ],
    );
    // Only its own, for the private key.
    assert.equal(reads(), 1);
  });

  it('refuses a taken and a bad name while it is typed', async () => {
    const { uri } = await world.senderFile(orders);
    await assert.rejects(run(createServiceKey, uri, 'pi-rt-iflow', 'customs'), /has a key of this name/);
    await assert.rejects(run(createServiceKey, uri, 'pi-rt-iflow', 'a b'), /SAP allows the letters/);
    await assert.rejects(run(createServiceKey, uri, 'pi-rt-iflow', ''), /The name is missing/);
  });

  it('tells an expired certificate, an unknown issuer and one that lives longer than 365 days', async () => {
    const review = async (options: Parameters<CloudFoundryWorld['senderFile']>[1]): Promise<string> => {
      const { uri } = await world.senderFile(orders, options);
      const prompts = new ScriptedPrompts(['pi-rt-iflow', keep, /^Pinned/, { wish: 'no' }]);
      await assert.rejects(
        createServiceKey(
          world.environment(prompts),
          uri,
          { ...world.ports, memory, setUps: () => setUps },
          world.context,
        ),
        { name: 'Cancelled' },
      );
      return prompts.messages[0] ?? '';
    };
    assert.match(await review({ days: -3 }), /Problem: The certificate expired on/);
    assert.match(await review({ isStranger: true }), /Not known: .*The chain is not complete/);
    assert.match(
      await review({ days: 700 }),
      /valid for 700 days more.*365 days concerns certificates that SAP makes/,
    );
    assert.match(await review({ days: 20 }), /Warning: The certificate expires on/);
  });

  it('refuses files without a certificate with what to do', async () => {
    const path = join(world.directory, 'text.pem');
    writeFileSync(path, 'nothing here');
    await assert.rejects(run(createServiceKey, fileUri(path)), explains('malformed', /holds no certificate/));
  });

  it('writes private key and certificate made by SAP once, with mode 0600 and real line breaks', async () => {
    const path = join(world.directory, 'crm.pem');
    await run(
      createServiceKey,
      { tenantId: world.tenantId },
      /^Certificate made by SAP/,
      'pi-rt-iflow',
      'crm-2026',
      '90',
      /^2048/,
      { uri: fileUri(path) },
      yes,
    );
    const text = readFileSync(path, 'utf8');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(!text.includes('\\n'));
    const key = createPrivateKey(text);
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE')));
    assert.ok(certificate.checkPrivateKey(key));
    const parameters = await sent('pi-rt-iflow', 'crm-2026');
    assert.deepEqual(parameters, { 'key-type': 'certificate', validity: 90, 'key-length': 2048 });
    assert.ok(!world.public().includes(text.split('\n')[1] ?? ''));
  });

  it('asks for the place of the private key before there is one: Escape creates nothing', async () => {
    await assert.rejects(
      run(
        createServiceKey,
        { tenantId: world.tenantId },
        /^Certificate made by SAP/,
        'pi-rt-iflow',
        keep,
        keep,
        /^2048/,
        {
          wish: 'escape',
        },
      ),
      { name: 'Cancelled' },
    );
    assert.deepEqual(world.performed(), []);
  });

  it('refuses a validity beyond what SAP allows', async () => {
    await assert.rejects(
      run(
        createServiceKey,
        { tenantId: world.tenantId },
        /^Certificate made by SAP/,
        'pi-rt-iflow',
        keep,
        '366',
      ),
      /from 1 to 365/,
    );
  });

  it('creates a client secret and shows it nowhere; it is saved by an act of its own', async () => {
    const prompts = await run(
      createServiceKey,
      { tenantId: world.tenantId },
      'Client secret',
      'pi-rt-iflow',
      'batch-secret',
      yes,
    );
    assert.match(prompts.messages.at(-1) ?? '', /Save Credentials/);
    const path = join(world.directory, 'batch.json');
    const saved = await run(saveCredentials, await keyRow('pi-rt-iflow', 'batch-secret'), {
      uri: fileUri(path),
    });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const { oauth } = JSON.parse(readFileSync(path, 'utf8')) as { oauth: Record<string, string> };
    const secret = oauth['clientsecret'];
    assert.ok(secret !== undefined && secret.length > 20);
    const told = [...prompts.messages, ...saved.messages, saved.clipboard, prompts.clipboard, world.public()];
    assert.ok(!told.join().includes(secret));
  });

  it('asks before it overwrites a file, and tells where details are forbidden; nothing is written then', async () => {
    const path = join(world.directory, 'there.json');
    world.faults.detailsForbidden = true;
    await assert.rejects(
      run(saveCredentials, await keyRow('pi-rt-iflow', 'reporting-secret'), { uri: fileUri(path) }),
      explains('forbidden', /Space Developer/),
    );
    assert.ok(!existsSync(path));
    world.faults.detailsForbidden = false;
    writeFileSync(path, 'mine');
    await run(
      saveCredentials,
      await keyRow('pi-rt-iflow', 'reporting-secret'),
      { uri: fileUri(path) },
      { wish: 'no' },
      {
        uri: fileUri(join(world.directory, 'other.json')),
      },
    );
    assert.equal(readFileSync(path, 'utf8'), 'mine');
  });

  it('names what stops working before a key is deleted', async () => {
    const prompts = await run(deleteServiceKey, await keyRow('pi-rt-iflow', 'customs'), yes);
    assert.match(prompts.messages[0] ?? '', /Calls with the certificate of .*customs\.example.* get 401/);
    assert.equal(await keyOf('pi-rt-iflow', 'customs'), undefined);
    assert.deepEqual(world.performed(), ['deleteKey']);
  });

  it('tells that the certificate of two keys is let in again, whose set-ups call by it, and what is not known', async () => {
    const copy = await keyOf('pi-rt-custom', 'warehouse-copy');
    assert.ok(copy !== undefined);
    const content = readKeyContent((await readServiceKeyCredentials(await api(), copy, signal)) ?? {});
    const [leaf] = content.certificates;
    assert.ok(leaf !== undefined);
    const setUp = (name: string, pem: string): ReturnType<KeyPorts['setUps']>[number] => ({
      id: name,
      name,
      tenantId: world.tenantId,
      certificate: { kind: 'file', uri: 'file:///x', pem },
      way: 'mapping',
      endpoint: undefined,
      userRole: 'ESBMessaging.send',
    });
    const other = await world.senderFile('CN=other.example', { name: 'other.pem' });
    setUps = [setUp('Warehouse', encodePem('CERTIFICATE', leaf.der)), setUp('Other', other.leafPem)];
    const declined = async (): Promise<string> => {
      const prompts = new ScriptedPrompts([{ wish: 'no' }]);
      await assert.rejects(
        deleteServiceKey(
          world.environment(prompts),
          await keyRow('pi-rt-iflow', 'warehouse'),
          { ...world.ports, memory, setUps: () => setUps },
          world.context,
        ),
        { name: 'Cancelled' },
      );
      return prompts.messages[0] ?? '';
    };
    // No other key was read in this window.
    const first = await declined();
    assert.match(first, /get 401 from then on\.\nWhether another key lets it in is not certain: what /);
    assert.match(first, /Sender set-ups that call by it: "Warehouse"\n/);
    memory
      .of(world.tenantId)
      .set(copy.guid, { reading: { kind: 'read', content }, pinning: { kind: 'pinned' } });
    const second = await declined();
    assert.match(
      second,
      /is in "warehouse-copy" of "pi-rt-custom" as well, and calls with it get 401 as long as both/,
    );
    assert.doesNotMatch(second, /from then on/);
  });

  it('deletes nothing where the person declines, also from the palette', async () => {
    const prompts = new ScriptedPrompts(['pi-rt-iflow', 'reporting-secret', { wish: 'no' }]);
    await assert.rejects(
      deleteServiceKey(
        world.environment(prompts),
        undefined,
        { ...world.ports, memory, setUps: () => [] },
        world.context,
      ),
      { name: 'Cancelled' },
    );
    assert.match(prompts.messages[0] ?? '', /gets tokens by its client secret gets none/);
    assert.deepEqual(world.performed(), []);
  });

  it('wants the name typed on a production tenant, and says where it cannot tell what stops', async () => {
    await world.connections.update({ ...world.connection, stage: 'PRD' });
    const row = await keyRow('pi-rt-iflow', 'warehouse');
    await assert.rejects(run(deleteServiceKey, row, yes, 'wrong'), /This is not "warehouse"/);
    assert.deepEqual(world.performed(), []);
    world.faults.detailsForbidden = true;
    const prompts = await run(deleteServiceKey, row, yes, 'warehouse');
    assert.match(prompts.messages[0] ?? '', /What it holds cannot be read/);
    assert.deepEqual(world.performed(), ['deleteKey']);
  });

  it('tells that a key is gone', async () => {
    const row = { ...(await keyRow('pi-rt-iflow', 'warehouse')), keyGuid: 'nothing' };
    await assert.rejects(run(deleteServiceKey, row), explains('not-found', /not there any more/));
    await assert.rejects(run(saveCredentials, row), explains('not-found', /not there any more/));
  });
});
