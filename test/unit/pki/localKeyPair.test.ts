import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Cancelled } from '../../../src/errors.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import { generateLocalKeyPair, type LocalKeyType } from '../../../src/pki/localKeyPair.js';
import { encodePem } from '../../../src/pki/pem.js';
import { readSigningRequest, writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { openssl, temporaryFolder } from './opensslTool.js';

const types: Readonly<Record<string, readonly [LocalKeyType, RegExp]>> = {
  'RSA:2048': [{ kind: 'RSA', bits: 2048 }, /2048 bit/],
  'RSA:3072': [{ kind: 'RSA', bits: 3072 }, /3072 bit/],
  'RSA:4096': [{ kind: 'RSA', bits: 4096 }, /4096 bit/],
  'EC:prime256v1': [{ kind: 'EC', curve: 'prime256v1' }, /ASN1 OID: prime256v1/],
  'EC:secp384r1': [{ kind: 'EC', curve: 'secp384r1' }, /ASN1 OID: secp384r1/],
  'EC:secp521r1': [{ kind: 'EC', curve: 'secp521r1' }, /ASN1 OID: secp521r1/],
};
const signal = new AbortController().signal;

describe('making keys', () => {
  const folder = temporaryFolder();
  for (const [name, [type, printed]] of Object.entries(types)) {
    it(`makes ${name} as openssl checks it, and a request that openssl verifies`, async () => {
      const pair = await generateLocalKeyPair(type, { signal });

      assert.equal(pair.type, name);
      const file = folder.write('key.pem', encodePem('PRIVATE KEY', pair.pkcs8));
      const text = openssl(['pkey', '-in', file, '-check', '-text', '-noout']).toString();
      assert.match(text, /Key is valid/);
      assert.match(text, printed);
      assert.deepEqual(
        Buffer.from(pair.spki),
        createPublicKey(pair.privateKey).export({ type: 'spki', format: 'der' }),
      );

      const request = writeSigningRequest({ subject: parseName('CN=a,C=DE'), privateKey: pair.privateKey });
      assert.equal(readSigningRequest(request).spkiSha256, pair.spkiSha256);
      const requestFile = folder.write('request.csr', encodePem('CERTIFICATE REQUEST', request));
      openssl(['req', '-in', requestFile, '-verify', '-noout']);
    }).timeout(60_000);
  }

  it('gives each call a key of its own', async () => {
    const type = { kind: 'EC', curve: 'prime256v1' } as const;
    const [a, b] = await Promise.all([
      generateLocalKeyPair(type, { signal }),
      generateLocalKeyPair(type, { signal }),
    ]);
    assert.notEqual(a.spkiSha256, b.spkiSha256);
  });

  it('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    const pending = generateLocalKeyPair({ kind: 'RSA', bits: 4096 }, { signal: controller.signal });
    controller.abort();
    await assert.rejects(pending, Cancelled);
    await assert.rejects(
      generateLocalKeyPair({ kind: 'RSA', bits: 2048 }, { signal: controller.signal }),
      Cancelled,
    );
  });
});

describe('string types of a request', () => {
  const folder = temporaryFolder();

  it('are those of RFC 5280: printable country and serial number, IA5 mail and domain, UTF-8 else', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = writeSigningRequest({
      subject: parseName(
        'CN=Ü\\, 1,SERIALNUMBER=42,OU=a@b,O=x,L=y,ST=z,DC=example,emailAddress=a@b.example,C=DE',
      ),
      privateKey,
    });
    const file = folder.write('r.der', der);
    const text = openssl(['asn1parse', '-inform', 'DER', '-in', file]).toString();
    const types = [...text.matchAll(/OBJECT\s+:(\w+)\n.*?prim:\s+(\w+)/g)].map((m) => `${m[1]}=${m[2]}`);
    assert.deepEqual(types.slice(0, 9), [
      'countryName=PRINTABLESTRING',
      'emailAddress=IA5STRING',
      'domainComponent=IA5STRING',
      'stateOrProvinceName=UTF8STRING',
      'localityName=UTF8STRING',
      'organizationName=UTF8STRING',
      'organizationalUnitName=UTF8STRING',
      'serialNumber=PRINTABLESTRING',
      'commonName=UTF8STRING',
    ]);
  });
});
