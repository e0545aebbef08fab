import { encodePem } from '../../pki/pem.js';
import { readCertificate } from '../../pki/certificate.js';
import { KeyPurpose } from '../../pki/oids.js';
import { nameOf, spkiOf, type PracticeAuthority } from '../authority.js';
import { makeKeys } from '../keys.js';
import type { PracticeEntry } from '../practiceEntry.js';
import { certificateEntry, predeliveredPair } from '../seed.js';
import { storedMapping, type StoredMapping } from './practiceMappings.js';

const day = 86_400_000;

/** What a tenant of Neo holds: its keystore and its certificate-to-user mappings. */
export interface NeoContent {
  readonly entries: readonly PracticeEntry[];
  readonly mappings: readonly StoredMapping[];
}

/** A mapping of the seed whose certificate is made for it. */
interface SeededMapping {
  readonly user: string;
  readonly subject: string;
  /** Days until it ends; negative for one that has expired. */
  readonly days: number;
  /** Days since it was issued. */
  readonly age: number;
  readonly isStranger?: boolean;
  readonly isForServers?: boolean;
}

const orders = 'CN=orders.neo.example,OU=Integration,O=ACME,C=DE';

const seeded: readonly SeededMapping[] = [
  // A renewal under way: two certificates of one user.
  { user: 'orders', subject: orders, days: 12, age: 353 },
  { user: 'orders', subject: orders, days: 360, age: 5 },
  { user: 'edi', subject: 'CN=edi.partner.example,O=Partner,C=FR', days: 240, age: 120 },
  { user: 'legacy', subject: 'CN=legacy.neo.example,O=ACME,C=DE', days: -43, age: 408 },
  // Users that differ in case only, of which SAP does not say whether they are one.
  { user: 'Invoices', subject: 'CN=invoices-a.neo.example,O=ACME,C=DE', days: 300, age: 60 },
  { user: 'invoices', subject: 'CN=invoices-b.neo.example,O=ACME,C=DE', days: 310, age: 50 },
  {
    user: 'portal',
    subject: 'CN=portal.stranger.example,O=Stranger,C=IT',
    days: 150,
    age: 30,
    isStranger: true,
  },
  {
    user: 'P2001234567',
    subject: 'CN=web.neo.example,O=ACME,C=DE',
    days: 90,
    age: 200,
    isForServers: true,
  },
  // Text that somebody meant to be run.
  {
    user: '<img src=x onerror=alert(1)> $(flame)',
    subject: 'CN=[x](command:workbench.action.quit),O=`code`,C=DE',
    days: 80,
    age: 20,
  },
];

/**
 * A tenant of Neo of some years. `warehouse` is a certificate of the other practice tenant, so that an entry there and a
 * mapping here are about the same sender.
 */
export async function seedNeo(
  authority: PracticeAuthority,
  warehouse: Uint8Array | undefined,
): Promise<NeoContent> {
  const now = authority.now();
  const made = await Promise.all(
    seeded.map(async (wish) =>
      mappingOf(
        authority.issue(
          {
            subject: nameOf(wish.subject),
            spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
            notBefore: new Date(now - wish.age * day),
            notAfter: new Date(now + (wish.days + 0.5) * day),
            ...(wish.isForServers === true ? { purposes: [KeyPurpose.serverAuth] } : {}),
          },
          wish.isStranger === true ? authority.stranger : authority.intermediate,
        ),
        { user: wish.user, time: now - Math.min(wish.age, 300) * day },
      ),
    ),
  );
  return {
    mappings: [
      ...made,
      ...(warehouse === undefined ? [] : [mappingOf(warehouse, { user: 'warehouse', time: now - 40 * day })]),
    ],
    entries: [
      await predeliveredPair(authority, {
        alias: 'hcicertificate',
        subject: 'CN=practice-neo.hci.example,OU=Cloud Integration,O=Practice Cloud,C=DE',
        issuer: authority.intermediate,
      }),
      {
        ...certificateEntry('sap_practice_root_0', authority.root.certificate.der, { now, age: 900 }),
        owner: 'SAP',
      },
      certificateEntry('practice issuing ca', authority.intermediate.certificate.der, { now, age: 380 }),
    ],
  };
}

function mappingOf(
  der: Uint8Array,
  { user, time }: { readonly user: string; readonly time: number },
): StoredMapping {
  const certificate = Buffer.from(encodePem('CERTIFICATE', der)).toString('base64');
  return storedMapping(readCertificate(der), { user, certificate, now: time });
}
