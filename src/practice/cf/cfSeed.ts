import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from './cfValues.js';
import { KeyPurpose } from '../../pki/oids.js';
import { encodePem } from '../../pki/pem.js';
import { nameOf, spkiOf, type PracticeAuthority } from '../authority.js';
import { makeKeys } from '../keys.js';
import { plans } from './cfCatalog.js';
import type { CfBroker } from './cfBroker.js';
import type { CfContent, PracticeInstance, PracticeKey, PracticeLastOperation } from './cfContent.js';

const day = 86_400_000;

interface SenderFacts {
  readonly subject: string;
  /** Days until it expires; negative for one that has expired. */
  readonly days: number;
  readonly purposes?: readonly string[];
}

/** A subaccount of some years, with the conflicts that its people have made. `known` are certificates of the keystore by alias. */
export async function seedCloudFoundry(
  authority: PracticeAuthority,
  broker: CfBroker,
  known: (alias: string) => Uint8Array | undefined,
): Promise<CfContent> {
  const now = authority.now();
  const organization = { guid: randomUUID(), name: 'practice-subaccount' };
  const other = { guid: randomUUID(), name: 'practice-sandbox' };
  const space = (name: string, role: 'developer' | 'auditor', organizationGuid = organization.guid) => ({
    guid: randomUUID(),
    name,
    organizationGuid,
    role,
  });
  const [dev, prod, audit] = [
    space('dev', 'developer'),
    space('prod', 'developer'),
    space('audit', 'auditor'),
  ];
  const done = (at: number): PracticeLastOperation => ({
    type: 'create',
    state: 'succeeded',
    description: '',
    createdAt: at,
    updatedAt: at,
  });
  const instances: PracticeInstance[] = [];
  const keys: PracticeKey[] = [];
  const instance = (
    name: string,
    spaceGuid: string,
    parameters: JsonObject,
    plan: 0 | 1 = 0,
  ): PracticeInstance => {
    const at = now - 700 * day;
    const made: PracticeInstance = {
      guid: randomUUID(),
      name,
      spaceGuid,
      planGuid: plans[plan].guid,
      createdAt: at,
      updatedAt: at,
      parameters,
      lastOperation: done(at),
    };
    instances.push(made);
    return made;
  };
  const addKey = (
    to: PracticeInstance,
    name: string,
    parameters: JsonObject,
    credentials: JsonObject,
    age = 40,
  ): void => {
    const at = now - age * day;
    keys.push({
      guid: randomUUID(),
      name,
      instanceGuid: to.guid,
      createdAt: at,
      updatedAt: at,
      parameters,
      credentials,
      lastOperation: done(at),
    });
  };
  // What two keys share is planted around the service's own check, as happened before there was one.
  const external = async (
    to: PracticeInstance,
    name: string,
    der: Uint8Array,
    pin?: boolean,
  ): Promise<void> => {
    const parameters = {
      'key-type': 'certificate_external',
      'X.509': encodePem('CERTIFICATE', der),
      ...(pin === undefined ? {} : { 'pin-certificate': pin }),
    };
    const planned = { parameters: { 'grant-types': ['client_credentials'] }, planName: 'integration-flow' };
    addKey(to, name, parameters, await broker.makeKey(planned, parameters, []));
  };
  const sender = async (facts: SenderFacts): Promise<Uint8Array> =>
    authority.issue(
      {
        subject: nameOf(facts.subject),
        spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
        notBefore: new Date(now - (facts.days < 0 ? 400 : 100) * day),
        notAfter: new Date(now + (facts.days + 0.5) * day),
        ...(facts.purposes === undefined ? {} : { purposes: facts.purposes }),
      },
      authority.intermediate,
    );
  const send = { 'grant-types': ['client_credentials'], 'redirect-uris': [], roles: ['ESBMessaging.send'] };
  const ordersName = 'CN=orders.acme.example,OU=Integration,O=ACME,C=DE';
  const flow = instance('pi-rt-iflow', dev.guid, send);
  await external(
    flow,
    'orders-pinned',
    known('orders-sender') ?? (await sender({ subject: ordersName, days: 9 })),
    true,
  );
  await external(flow, 'orders-unpinned', await sender({ subject: ordersName, days: 300 }), false);
  const warehouse =
    known('warehouse') ?? (await sender({ subject: 'CN=warehouse.acme.example,O=ACME,C=DE', days: 320 }));
  await external(flow, 'warehouse', warehouse);
  await external(flow, 'legacy', await sender({ subject: 'CN=legacy.acme.example,O=ACME,C=DE', days: -43 }));
  await external(flow, 'customs', await sender({ subject: 'CN=customs.example,O=Customs,C=FR', days: 12 }));
  const old = (await broker.makeKey({ parameters: send, planName: 'integration-flow' }, {}, []))[
    'oauth'
  ] as JsonObject;
  const oldDate = new Date(now - 600 * day).toISOString();
  addKey(flow, 'reporting-secret', {}, { oauth: { ...old, createdate: oldDate } }, 600);
  const bySap = { 'key-type': 'certificate', validity: 365, 'key-length': 2048 };
  addKey(
    flow,
    'crm-by-sap',
    bySap,
    await broker.makeKey({ parameters: send, planName: 'integration-flow' }, bySap, []),
    1,
  );

  const custom = instance('pi-rt-custom', dev.guid, { ...send, roles: ['Orders.send'] });
  await external(custom, 'warehouse-copy', warehouse);
  await external(
    custom,
    'web-server',
    await sender({
      subject: 'CN=www.acme.example,O=ACME,C=DE',
      days: 200,
      purposes: [KeyPurpose.serverAuth],
    }),
  );
  await external(
    custom,
    'self-signed',
    authority.selfSigned({
      subject: nameOf('CN=erp.acme.example,O=ACME,C=DE'),
      keys: await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' }),
      notBefore: new Date(now - 100 * day),
      notAfter: new Date(now + 200.5 * day),
    }),
  );
  const deprecated = instance('pi-rt-2021', dev.guid, { ...send, 'grant-types': ['client_x509'] });
  await external(
    deprecated,
    'invoices',
    await sender({ subject: 'CN=invoices.old.example,O=ACME,C=DE', days: 90 }),
  );
  instance('pi-rt-browser', dev.guid, { ...send, 'grant-types': ['authorization_code'] });
  const production = instance('pi-rt-prod', prod.guid, send);
  const carrier = 'CN=carrier.example,O=Carrier,C=PL';
  await external(production, 'carrier-2025', await sender({ subject: carrier, days: 30 }), false);
  await external(production, 'carrier-2026', await sender({ subject: carrier, days: 330 }), false);
  const api = {
    'grant-types': ['client_credentials'],
    roles: ['MonitoringDataRead', 'SecurityMaterialEdit'],
  };
  const apiInstance = instance('pi-api', prod.guid, api, 1);
  addKey(
    apiInstance,
    'workbench',
    {},
    {
      oauth: {
        ...((await broker.makeKey({ parameters: api, planName: 'api' }, {}, []))['oauth'] as JsonObject),
        clientsecret: `${randomUUID()}$${randomBytes(32).toString('base64')}`,
      },
    },
  );
  const audited = instance('pi-rt-audit', audit.guid, send);
  await external(
    audited,
    'payroll',
    await sender({ subject: 'CN=payroll.acme.example,O=ACME,C=DE', days: 250 }),
  );
  return {
    version: 1,
    organizations: [organization, other],
    spaces: [dev, prod, audit, space('playground', 'developer', other.guid)],
    instances,
    keys,
    jobs: [],
  };
}
