import { randomBytes, randomUUID } from 'node:crypto';
import { isArray, type JsonObject } from './cfValues.js';
import { readCertificate, type Certificate } from '../../pki/certificate.js';
import { readCertificates } from '../../pki/container.js';
import { displayName } from '../../pki/distinguishedName.js';
import { encodePem } from '../../pki/pem.js';
import { nameOf, spkiOf, type PracticeAuthority } from '../authority.js';
import { makeKeys } from '../keys.js';
import { instanceSchema, keySchema } from './cfCatalog.js';
import type { CfContent } from './cfContent.js';

const day = 86_400_000;
const grantTypes = [
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
];

/** The service's refusal; its message is what a job then tells. */
export class BrokerRefusal extends Error {}

/** What the service behind Cloud Foundry does: it checks parameters and makes what keys hold. */
export class CfBroker {
  constructor(
    private readonly authority: PracticeAuthority,
    private readonly tenantUrl: () => string,
  ) {}

  /** Throws a refusal for parameters that an instance cannot have. */
  checkInstance(parameters: JsonObject): void {
    checkNames(parameters, instanceSchema);
    const roles = texts(parameters, 'roles');
    const wrong = roles.find((role) => !/^[A-Za-z0-9_.]+$/.test(role));
    if (wrong !== undefined) {
      throw new BrokerRefusal(`Role "${wrong}" contains characters that are not allowed`);
    }
    const grants = texts(parameters, 'grant-types');
    if (grants.includes('client_x509')) {
      throw new BrokerRefusal('Grant type client_x509 is deprecated, use client_credentials');
    }
    const unknown = grants.find((grant) => !grantTypes.includes(grant));
    if (unknown !== undefined) {
      throw new BrokerRefusal(`Grant type "${unknown}" is not supported`);
    }
  }

  /** What a new key holds. A certificate may be used once across all instances. */
  async makeKey(
    instance: { readonly parameters: JsonObject; readonly planName: string },
    parameters: JsonObject,
    keys: CfContent['keys'],
  ): Promise<JsonObject> {
    checkNames(parameters, keySchema(instance.planName));
    const grants = texts(instance.parameters, 'grant-types');
    if (grants.includes('client_x509')) {
      throw new BrokerRefusal('The instance has the deprecated grant type client_x509');
    }
    const type = parameters['key-type'] ?? 'client_secret';
    if (type !== 'client_secret' && !grants.includes('client_credentials')) {
      throw new BrokerRefusal('Certificates need the grant type client_credentials');
    }
    const guid = randomUUID();
    const common = {
      clientid: `sb-${guid}!b1|it${instance.planName === 'api' ? '' : '-rt-practice'}!b1`,
      url: this.tenantUrl(),
      tokenurl: `${this.tenantUrl()}/oauth/token`,
      createdate: new Date(this.authority.now()).toISOString(),
    };
    switch (type) {
      case 'client_secret':
        return { oauth: { ...common, clientsecret: `${guid}$${randomBytes(32).toString('base64')}` } };
      case 'certificate_external': {
        const certificate = externalCertificate(parameters['X.509']);
        const der = Buffer.from(certificate.der);
        if (keys.some((key) => leafOf(key.credentials)?.equals(der) === true)) {
          throw new BrokerRefusal('The certificate is already used in another service key');
        }
        return { oauth: { ...common, ...this.certificatePart(certificate, [certificate.der]) } };
      }
      case 'certificate': {
        const days = numberIn(parameters['validity'] ?? 365, 1, 365, 'validity');
        const size = numberIn(parameters['key-length'] ?? 2048, 2048, 4096, 'key-length');
        const pair = await makeKeys({ type: 'RSA', size, curve: undefined });
        const now = this.authority.now();
        const der = this.authority.issue({
          subject: nameOf(`CN=${guid},L=practice-uaa,OU=Practice Clients,O=Practice Cloud,C=DE`),
          spki: spkiOf(pair),
          notBefore: new Date(now),
          notAfter: new Date(now + days * day),
        });
        const chain = [der, this.authority.intermediate.certificate.der];
        const key = pair.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
        return { oauth: { ...common, ...this.certificatePart(readCertificate(der), chain), key } };
      }
      default:
        throw new BrokerRefusal('Value of key-type is not supported');
    }
  }

  private certificatePart(certificate: Certificate, chain: readonly Uint8Array[]): JsonObject {
    return {
      certificate: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
      certificatedetails: {
        issuerdn: displayName(certificate.issuer),
        subjectdn: displayName(certificate.subject),
        validuntil: certificate.notAfter.toISOString(),
        serialnumber: `0x${certificate.serialNumber.toUpperCase()}`,
      },
    };
  }
}

function checkNames(parameters: JsonObject, schema: JsonObject): void {
  const known = Object.keys(schema['properties'] as object);
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BrokerRefusal(`Parameter "${unknown}" is not part of the schema`);
  }
}

function externalCertificate(pem: unknown): Certificate {
  let certificates: readonly Certificate[] = [];
  try {
    ({ certificates } = readCertificates(Buffer.from(typeof pem === 'string' ? pem : '', 'utf8')));
  } catch {
    // The refusal below tells it.
  }
  const [certificate] = certificates;
  if (certificate === undefined || certificates.length !== 1) {
    throw new BrokerRefusal('Parameter "X.509" must hold exactly one certificate in PEM form');
  }
  return certificate;
}

function leafOf(credentials: JsonObject): Buffer | undefined {
  const pem = (credentials['oauth'] as JsonObject | undefined)?.['certificate'];
  if (typeof pem !== 'string') {
    return undefined;
  }
  const [leaf] = readCertificates(Buffer.from(pem)).certificates;
  return leaf === undefined ? undefined : Buffer.from(leaf.der);
}

function texts(parameters: JsonObject, name: string): readonly string[] {
  const value = parameters[name] ?? (name === 'grant-types' ? ['client_credentials'] : []);
  if (!isArray(value) || !value.every((one) => typeof one === 'string')) {
    throw new BrokerRefusal(`Parameter "${name}" must be a list of texts`);
  }
  return value;
}

function numberIn(value: unknown, from: number, to: number, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to) {
    throw new BrokerRefusal(`Parameter "${name}" must be between ${from} and ${to}`);
  }
  return value;
}
