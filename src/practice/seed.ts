import { certifyName, nameOf, spkiOf, type Issuer, type PracticeAuthority } from './authority.js';
import { makeKeys, type Keys, type KeyWish } from './keys.js';
import type { PracticeEntry } from './practiceEntry.js';

const day = 86_400_000;
const rsa: KeyWish = { type: 'RSA', size: 2048, curve: undefined };
const ec: KeyWish = { type: 'EC', size: undefined, curve: 'P-256' };

/** A pair that the seed holds. */
interface SeededPair {
  readonly alias: string;
  readonly subject: string;
  readonly key: KeyWish;
  /** Days until it expires; negative for one that has expired. */
  readonly days: number;
  readonly signed: boolean;
}

const pairs: readonly SeededPair[] = [
  {
    alias: 'orders-sender',
    subject: 'CN=orders.acme.example,OU=Integration,O=ACME,C=DE',
    key: rsa,
    days: 9,
    signed: true,
  },
  {
    alias: 'invoices-sender',
    subject: 'CN=invoices.acme.example,O=ACME,C=DE',
    key: rsa,
    days: 211,
    signed: true,
  },
  { alias: 'warehouse', subject: 'CN=warehouse.acme.example,O=ACME,C=DE', key: ec, days: 320, signed: true },
  {
    alias: 'legacy.partner.2021',
    subject: 'CN=legacy.acme.example,O=ACME,C=DE',
    key: ec,
    days: -43,
    signed: true,
  },
  {
    alias: 'payroll (new)',
    subject: 'CN=payroll.acme.example,O=ACME,C=DE',
    key: ec,
    days: 1090,
    signed: false,
  },
  {
    alias: 'Müller & Söhne',
    subject: 'CN=mueller.acme.example,O=Müller & Söhne,C=DE',
    key: ec,
    days: 25,
    signed: true,
  },
  {
    alias: 'eu/west;blue\\green',
    subject: 'CN=deployments.acme.example,O=ACME,C=NL',
    key: ec,
    days: 410,
    signed: true,
  },
  { alias: 'id_rsa', subject: 'CN=sftp.acme.example,O=ACME,C=DE', key: rsa, days: 2400, signed: false },
];

/** Certificates of partners; the last ones are text that somebody meant to be run. */
const partners: readonly { alias: string; subject: string; days: number }[] = [
  { alias: 'smtp.mail.yahoo.com', subject: 'CN=smtp.mail.example,O=Mail,C=US', days: 64 },
  { alias: 'partner bank', subject: 'CN=api.bank.example,O="Bank, AG",C=CH', days: 18 },
  { alias: 'partner-customs', subject: 'CN=customs.example,O=Customs,C=FR', days: 700 },
  { alias: 'carrier 🚚', subject: 'CN=carrier.example,O=Carrier,C=PL', days: 150 },
  { alias: 'supplier portal', subject: 'CN=portal.supplier.example,O=Supplier,C=IT', days: -3 },
  {
    alias: '<img src=x onerror=alert(1)>',
    subject: 'CN=\\<b\\>bold\\</b\\>,O=[link](command:workbench.action.quit),C=DE',
    days: 90,
  },
  {
    alias: '[x](command:workbench.action.quit) $(trash)',
    subject: 'CN=$(flame) `code`,O=ACME,C=DE',
    days: 91,
  },
];

const roots: readonly string[] = [
  'CN=Practice Global Root G2,OU=Practice Trust,O=Practice Certificates Inc,C=US',
  'CN=Practice Cloud Root CA,O=Practice Cloud,L=Walldorf,C=DE',
  'CN=Practice Public Root R46,O=Practice Public Limited,C=GB',
  'CN=Practice ECC Root,O=Practice Trust Services,C=US',
];

/** What a tenant of some years holds; keys are made at once and are real. */
export async function seedEntries(authority: PracticeAuthority): Promise<readonly PracticeEntry[]> {
  const now = authority.now();
  const own = pairs.map(async (pair) => {
    const keys = await makeKeys(pair.key);
    return pairEntry(authority, pair, keys, now);
  });
  const partnerKeys = await Promise.all(partners.map(() => makeKeys(ec)));
  const partnerEntries = partners.map((partner, index): PracticeEntry => {
    const keys = partnerKeys[index];
    if (keys === undefined) {
      throw new Error('unreachable');
    }
    const certificate = authority.issue({
      subject: nameOf(partner.subject),
      spki: spkiOf(keys),
      notBefore: new Date(now - 300 * day),
      notAfter: new Date(now + (partner.days + 0.5) * day),
    });
    return entry(partner.alias, { chain: [certificate], now, age: 300 });
  });
  const rootIssuers = await Promise.all(
    roots.map(async (subject): Promise<Issuer> =>
      certifyName(nameOf(subject), await makeKeys(ec), undefined, now),
    ),
  );
  const rootEntries = rootIssuers.map(({ certificate }, index): PracticeEntry => ({
    ...entry(`sap_practice_root_${index + 1}`, { chain: [certificate.der], now, age: 900 }),
    owner: 'SAP',
  }));
  return [
    ...(await Promise.all(own)),
    await predeliveredPair(authority, {
      alias: 'sap_cloudintegrationcertificate',
      subject: 'CN=practice.it-cpi.example,OU=Cloud Integration,O=Practice Cloud,C=DE',
      issuer: rootIssuers[1] ?? authority.root,
    }),
    entry('practice issuing ca', { chain: [authority.intermediate.certificate.der], now, age: 380 }),
    {
      ...entry('sap_practice_root_0', { chain: [authority.root.certificate.der], now, age: 900 }),
      owner: 'SAP',
    },
    ...partnerEntries,
    ...rootEntries,
  ];
}

/** A key pair that SAP delivers with a tenant, signed already. */
export async function predeliveredPair(
  authority: PracticeAuthority,
  { alias, subject, issuer }: { readonly alias: string; readonly subject: string; readonly issuer: Issuer },
): Promise<PracticeEntry> {
  const now = authority.now();
  const keys = await makeKeys(rsa);
  const certificate = authority.issue(
    {
      subject: nameOf(subject),
      spki: spkiOf(keys),
      notBefore: new Date(now - 154 * day),
      notAfter: new Date(now + 211.5 * day),
    },
    issuer,
  );
  return {
    ...entry(alias, {
      chain: [certificate, issuer.certificate.der],
      keys,
      now,
      age: 154,
    }),
    owner: 'SAP',
  };
}

function pairEntry(authority: PracticeAuthority, pair: SeededPair, keys: Keys, now: number): PracticeEntry {
  const subject = nameOf(pair.subject);
  const notBefore = new Date(
    now - (pair.days < 365 ? 365 - Math.max(pair.days, 0) : 5) * day - Math.max(0, -pair.days) * day,
  );
  const notAfter = new Date(now + (pair.days + 0.5) * day);
  const chain = pair.signed
    ? [
        authority.issue({ subject, spki: spkiOf(keys), notBefore, notAfter }),
        authority.intermediate.certificate.der,
        authority.root.certificate.der,
      ]
    : [authority.selfSigned({ subject, keys, notBefore, notAfter })];
  return entry(pair.alias, { chain, keys, now, age: 20 });
}

/** An entry that holds one certificate and no key. */
export function certificateEntry(
  alias: string,
  certificate: Uint8Array,
  facts: { readonly now: number; readonly age: number },
): PracticeEntry {
  return entry(alias, { chain: [certificate], ...facts });
}

function entry(
  alias: string,
  facts: {
    readonly chain: readonly Uint8Array[];
    readonly keys?: Keys;
    readonly now: number;
    readonly age: number;
  },
): PracticeEntry {
  const time = facts.now - facts.age * day;
  return {
    alias,
    type: facts.keys === undefined ? 'Certificate' : 'Key Pair',
    owner: 'Tenant Administrator',
    key: facts.keys?.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    chain: facts.chain.map((der) => Buffer.from(der).toString('base64')),
    created: time,
    modified: time,
  };
}
