import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { KeystoreError } from '../errors.js';
import { encodePem } from '../pki/pem.js';
import { makeName } from '../pki/distinguishedName.js';
import { KeyPurpose } from '../pki/oids.js';
import { readCertificate } from '../pki/certificate.js';
import { PracticeAuthority, spkiOf } from './authority.js';
import { openCloudFoundry } from './cf/openCloudFoundry.js';
import type { PracticeCloudFoundry } from './cf/practiceCloudFoundry.js';
import { neoUser, openNeo, type PracticeNeo } from './neo/openNeo.js';
import { FaultKnobs } from './faults.js';
import { seedFlows, type CertificateNames } from './flows/flowSeed.js';
import { PracticeFlows } from './flows/practiceFlows.js';
import { Journal } from './journal.js';
import { makeKeys } from './keys.js';
import { hexaliasOf, tenantName } from './odataJson.js';
import { isPracticeEntry, type PracticeEntry } from './practiceEntry.js';
import { PracticeFiles } from './practiceFiles.js';
import { PracticeKeystore } from './practiceKeystore.js';
import { PracticeServer } from './practiceServer.js';
import { seedEntries } from './seed.js';

export interface PracticeOptions {
  /** Holds the content, the CA and the way for other windows; made with mode 0700. */
  readonly directory: string;
  readonly clock?: () => number;
  /** Entries in the list beyond those that are real; for tests of size. */
  readonly entryCount?: number;
}

/** How other windows find the one that serves. */
interface ServerState {
  readonly version: 1;
  readonly port: number;
  readonly tlsPort: number;
  /** Of Cloud Foundry; undefined where an earlier release wrote this. */
  readonly cfPort: number | undefined;
  readonly neoPort: number | undefined;
  readonly neoPassword: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly controlToken: string;
}

/** The two tenants for practice. */
export type PracticeTenantKind = 'cloudFoundry' | 'neo';

/** What another window asks for. */
const resetPaths: readonly (readonly [string, PracticeTenantKind])[] = [
  ['/practice/reset', 'cloudFoundry'],
  ['/practice/reset-neo', 'neo'],
];

const contentFile = 'practice-keystore.json';
const serverFile = 'practice-server.json';
const readme = `This folder belongs to the practice tenant of the keystore workbench.
It holds private keys that were made on this machine for practice alone. They protect nothing real.
`;

/** A practice tenant that this process serves, or one that another window serves and this one has joined. */
export class PracticeTenant {
  private constructor(
    private readonly state: ServerState,
    /** PEM of the CA behind its TLS endpoint and its signatures. */
    readonly caCertificatePem: string,
    private readonly served: Served | undefined,
  ) {}

  /** Joins the window that serves already; where there is none, serves itself. */
  static async open(options: PracticeOptions): Promise<PracticeTenant> {
    const files = new PracticeFiles(options.directory);
    const clock = options.clock ?? Date.now;
    const authority = await PracticeAuthority.open(files, clock);
    const ca = encodePem('CERTIFICATE', authority.root.certificate.der);
    const stored = parseState(await files.read(serverFile));
    if (stored !== undefined && (await control(stored, '/practice/ping'))) {
      return new PracticeTenant(stored, ca, undefined);
    }
    const served = await serve({ files, clock, authority, stored, entryCount: options.entryCount ?? 0 });
    return new PracticeTenant(served.state, ca, served);
  }

  get url(): string {
    return `http://127.0.0.1:${this.state.port}`;
  }

  /** True where another window serves. */
  get isJoined(): boolean {
    return this.served === undefined;
  }

  /** False where the window that served has been closed since; then `open` begins anew with the same content. */
  async answers(): Promise<boolean> {
    return this.served !== undefined || (await control(this.state, '/practice/ping'));
  }

  /** A service key with a client secret, as the cockpit shows it. */
  get serviceKey(): string {
    const { clientId, clientSecret } = this.state;
    return JSON.stringify({
      oauth: {
        clientid: clientId,
        clientsecret: clientSecret,
        url: this.url,
        createdate: '2026-01-05T08:00:00.000Z',
        tokenurl: `${this.url}/oauth/token`,
      },
    });
  }

  /** A service key with a certificate; its token endpoint asks for it in TLS. */
  get certificateServiceKey(): string {
    if (this.served === undefined) {
      throw new Error('Only the window that serves has it');
    }
    return this.served.certificateServiceKey;
  }

  /** The API endpoint of the Cloud Foundry beside the tenant; undefined where the window that serves has none. */
  get cloudFoundryUrl(): string | undefined {
    const { cfPort } = this.state;
    return cfPort === undefined ? undefined : `http://127.0.0.1:${cfPort}`;
  }

  /** The practice tenant of Neo with its basic authentication; undefined where the window that serves has none. */
  get neoTenant(): { readonly url: string; readonly user: string; readonly password: string } | undefined {
    const { neoPort, neoPassword } = this.state;
    return neoPort === undefined || neoPassword === undefined
      ? undefined
      : { url: `http://127.0.0.1:${neoPort}`, user: neoUser, password: neoPassword };
  }

  /** The practice tenant of Neo, for tests: knobs and journal. */
  get neo(): PracticeNeo {
    return this.demandServed().neo;
  }

  /** Its Cloud Foundry, for tests: knobs, journal, sign-in. */
  get cloudFoundry(): PracticeCloudFoundry {
    return this.demandServed().cloudFoundry;
  }

  get faults(): FaultKnobs {
    return this.demandServed().faults;
  }

  get journal(): Journal {
    return this.demandServed().journal;
  }

  /** Begins anew with the content of a fresh tenant: that of Cloud Foundry, or that of Neo. */
  async reset(which: PracticeTenantKind = 'cloudFoundry'): Promise<void> {
    const path = resetPaths.find(([, kind]) => kind === which)?.[0] ?? '';
    if (this.served === undefined) {
      if (!(await control(this.state, path, resetPatienceMs))) {
        throw new KeystoreError('offline', 'The window that serves the practice tenant did not reset it', {
          details: { reason: 'practice-reset' },
        });
      }
    } else {
      await this.served.reset(which);
    }
  }

  async dispose(): Promise<void> {
    await this.served?.close();
  }

  private demandServed(): Served {
    if (this.served === undefined) {
      throw new Error('Another window serves the practice tenant');
    }
    return this.served;
  }
}

interface Served {
  readonly state: ServerState;
  readonly faults: FaultKnobs;
  readonly journal: Journal;
  readonly cloudFoundry: PracticeCloudFoundry;
  readonly neo: PracticeNeo;
  readonly certificateServiceKey: string;
  readonly reset: (which: PracticeTenantKind) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function serve(options: {
  readonly files: PracticeFiles;
  readonly clock: () => number;
  readonly authority: PracticeAuthority;
  readonly stored: ServerState | undefined;
  readonly entryCount: number;
}): Promise<Served> {
  const { files, clock, authority, stored } = options;
  await files.writeText('README.txt', readme);
  const credentials = {
    clientId: stored?.clientId ?? `sb-${randomUUID()}!b1|it!b1`,
    clientSecret: stored?.clientSecret ?? `${randomUUID()}$${randomBytes(24).toString('base64')}`,
  };
  const controlToken = randomBytes(24).toString('hex');
  const known = parseContent(await files.read(contentFile));
  let keystore = new PracticeKeystore(known ?? (await seedEntries(authority)), authority, clock);
  const save = (): Promise<void> => files.write(contentFile, { version: 1, entries: keystore.list() });
  if (known === undefined) {
    await save();
  }
  const keystoreCertificate = (alias: string): Uint8Array | undefined => {
    const leaf = keystore.list().find((entry) => entry.alias === alias)?.chain[0];
    return leaf === undefined ? undefined : Buffer.from(leaf, 'base64');
  };
  const flows = () => new PracticeFlows(seedFlows(namesOf(keystoreCertificate('partner bank'))), clock);
  const neo = openNeo({
    files,
    flows,
    authority,
    clock,
    password: stored?.neoPassword,
    keystoreCertificate,
  });
  const { cloudFoundry, reset: resetCloudFoundry } = openCloudFoundry({
    files,
    authority,
    clock,
    tenantUrl: () => server.origin,
    sessionSecret: credentials.clientSecret,
    keystoreCertificate,
  });
  const reset = async (which: PracticeTenantKind): Promise<void> => {
    if (which === 'neo') {
      await neo.reset();
      return;
    }
    await resetCloudFoundry();
    keystore = new PracticeKeystore(await seedEntries(authority), authority, clock);
    await save();
  };
  const faults = new FaultKnobs();
  const journal = new Journal();
  const server = new PracticeServer({
    credentials,
    content: () => Promise.resolve({ keystore, mappings: undefined }),
    flows,
    save,
    otherClient: (id, secret) => cloudFoundry.rolesOf(id, secret),
    faults,
    journal,
    clock,
    extraRows: extraRows(keystore, options.entryCount),
    control: async (path, token) => {
      if (!sameText(token, controlToken)) {
        return undefined;
      }
      const which = resetPaths.find(([known]) => known === path)?.[1];
      if (which !== undefined) {
        await reset(which);
      }
      return { practice: true };
    },
  });
  const plain = http.createServer((request, response) => server.handle(request, response, false));
  const tls = await tlsServer(authority, clock, server);
  const cf = http.createServer((request, response) => cloudFoundry.handle(request, response));
  const neoServer = http.createServer((request, response) => neo.server.handle(request, response, false));
  const port = await listen(plain, stored?.port);
  const tlsPort = await listen(tls, stored?.tlsPort);
  const neoPort = await listen(neoServer, stored?.neoPort);
  const cfPort = await listen(cf, stored?.cfPort);
  cloudFoundry.origin = `http://127.0.0.1:${cfPort}`;
  server.origin = `http://127.0.0.1:${port}`;
  neo.server.origin = `http://127.0.0.1:${neoPort}`;
  const state: ServerState = {
    version: 1,
    port,
    tlsPort,
    cfPort,
    neoPort,
    neoPassword: neo.password,
    ...credentials,
    controlToken,
  };
  await files.write(serverFile, state);
  return {
    state,
    faults,
    journal,
    cloudFoundry,
    neo,
    certificateServiceKey: await certificateKey(authority, clock, state),
    reset,
    close: async () => {
      await Promise.all([close(plain), close(tls), close(cf), close(neoServer)]);
    },
  };
}

/** Names of a certificate as the tenant renders them; empty where there is none. */
function namesOf(der: Uint8Array | undefined): CertificateNames {
  if (der === undefined) {
    return { subjectDn: '', issuerDn: '' };
  }
  const { subject, issuer } = readCertificate(der);
  return { subjectDn: tenantName(subject), issuerDn: tenantName(issuer) };
}

async function tlsServer(
  authority: PracticeAuthority,
  clock: () => number,
  server: PracticeServer,
): Promise<https.Server> {
  const keys = await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' });
  const certificate = authority.issue({
    subject: makeName([[{ oid: '2.5.4.3', value: 'localhost' }]]),
    spki: spkiOf(keys),
    notBefore: new Date(clock() - 86_400_000),
    notAfter: new Date(clock() + 365 * 86_400_000),
    dnsNames: ['localhost'],
    purposes: [KeyPurpose.serverAuth],
  });
  return https.createServer(
    {
      key: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      cert: chainPem([certificate, authority.intermediate.certificate.der]),
      ca: encodePem('CERTIFICATE', authority.root.certificate.der),
      requestCert: true,
    },
    (request, response) => server.handle(request, response, true),
  );
}

async function certificateKey(
  authority: PracticeAuthority,
  clock: () => number,
  { clientId, port, tlsPort }: ServerState,
): Promise<string> {
  const keys = await makeKeys({ type: 'RSA', size: 2048, curve: undefined });
  const certificate = authority.issue({
    subject: makeName([[{ oid: '2.5.4.3', value: 'practice-client' }]]),
    spki: spkiOf(keys),
    notBefore: new Date(clock() - 86_400_000),
    notAfter: new Date(clock() + 365 * 86_400_000),
  });
  const { issuer, subject, notAfter, serialNumber } = readCertificate(certificate);
  const { displayName } = await import('../pki/distinguishedName.js');
  return JSON.stringify({
    oauth: {
      certificate: chainPem([certificate, authority.intermediate.certificate.der]),
      key: keys.privateKey.export({ format: 'pem', type: 'pkcs1' }),
      clientid: clientId,
      certificatedetails: {
        issuerdn: displayName(issuer),
        subjectdn: displayName(subject),
        validuntil: notAfter.toISOString(),
        serialnumber: `0x${serialNumber.toUpperCase()}`,
      },
      tokenurl: `https://localhost:${tlsPort}/oauth/token`,
      url: `http://127.0.0.1:${port}`,
    },
  });
}

function chainPem(chain: readonly Uint8Array[]): string {
  return chain.map((der) => encodePem('CERTIFICATE', der)).join('');
}

/** Rows that look like entries, made of one real certificate with other serial numbers. */
function extraRows(keystore: PracticeKeystore, count: number): readonly Record<string, unknown>[] {
  const list = keystore.list();
  const [model] = list;
  if (model === undefined) {
    return [];
  }
  const row = keystore.json(model, '');
  return Array.from({ length: Math.max(0, count - list.length) }, (_, index) => {
    const alias = `partner-${String(index).padStart(5, '0')}`;
    const fingerprint = index.toString(16).toUpperCase().padStart(64, '0').match(/../g)?.join(':') ?? '';
    return {
      ...row,
      Hexalias: hexaliasOf(alias),
      Alias: alias,
      Type: 'Certificate',
      SerialNumber: `0x${(0x10_0000 + index).toString(16).toUpperCase()}`,
      SubjectDN: `CN=${alias}.example, O=Partner ${index % 97}, C=DE`,
      FingerprintSha256: fingerprint,
    };
  });
}

async function listen(server: net.Server, wanted: number | undefined): Promise<number> {
  const tryPort = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  try {
    return await tryPort(wanted ?? 0);
  } catch {
    return await tryPort(0);
  }
}

async function close(server: http.Server | https.Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Making the keys of a fresh tenant takes its time. */
const resetPatienceMs = 120_000;

/** Asks the window that serves; false where none does. */
async function control(state: ServerState, path: string, timeout = 3_000): Promise<boolean> {
  return await new Promise((resolve) => {
    const request = http.get(
      {
        host: '127.0.0.1',
        port: state.port,
        path,
        headers: { 'X-Practice-Control': state.controlToken },
        timeout,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parseState(content: unknown): ServerState | undefined {
  if (typeof content !== 'object' || content === null) {
    return undefined;
  }
  const text = (name: string): string => {
    const value: unknown = Reflect.get(content, name);
    return typeof value === 'string' ? value : '';
  };
  const port: unknown = Reflect.get(content, 'port');
  const tlsPort: unknown = Reflect.get(content, 'tlsPort');
  const neoPort: unknown = Reflect.get(content, 'neoPort');
  const neoPassword: unknown = Reflect.get(content, 'neoPassword');
  const cfPort: unknown = Reflect.get(content, 'cfPort');
  const [clientId, clientSecret, controlToken] = [
    text('clientId'),
    text('clientSecret'),
    text('controlToken'),
  ];
  return typeof port === 'number' && typeof tlsPort === 'number' && clientId !== '' && clientSecret !== ''
    ? {
        version: 1,
        port,
        tlsPort,
        cfPort: typeof cfPort === 'number' ? cfPort : undefined,
        neoPort: typeof neoPort === 'number' ? neoPort : undefined,
        neoPassword: typeof neoPassword === 'string' ? neoPassword : undefined,
        clientId,
        clientSecret,
        controlToken,
      }
    : undefined;
}

function parseContent(content: unknown): readonly PracticeEntry[] | undefined {
  const entries: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'entries') : undefined;
  return Array.isArray(entries) && entries.every(isPracticeEntry) ? entries : undefined;
}
