import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { KeystoreError } from '../../../src/errors.js';
import * as asn1 from '../../../src/pki/asn1.js';
import { parseName } from '../../../src/pki/distinguishedName.js';
import { readFileContent } from '../../../src/pki/fileContent.js';
import { localKeyDerivation } from '../../../src/pki/keyDerivation.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { readSigningRequest, writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { issue } from './testAuthority.js';

describe('reading a signing request', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const request = writeSigningRequest({ subject: parseName('CN=a'), privateKey });
  const followedBy = (text: string): Uint8Array => asn1.concatBytes([request, Buffer.from(text)]);

  it('does not mind a line break or zeros after DER', async () => {
    for (const end of ['\n', '\r\n', '\0\0']) {
      assert.equal(readSigningRequest(followedBy(end)).signatureValid, true);
      assert.equal((await readFileContent(followedBy(end))).kind, 'signingRequest');
    }
    assert.throws(
      () => readSigningRequest(followedBy('more')),
      (error) => KeystoreError.is(error, 'malformed'),
    );
  });

  it('names a certificate as what it is', () => {
    assert.throws(
      () => readSigningRequest(issue({ subject: 'CN=a' }).certificate.der),
      (error) => KeystoreError.is(error, 'malformed') && error.details['found'] === 'CERTIFICATE',
    );
  });

  it('asks for client authentication where nothing is said, and for nothing where that is said', () => {
    assert.deepEqual(readSigningRequest(request).extendedKeyUsage, ['1.3.6.1.5.5.7.3.2']);
    const without = writeSigningRequest({ subject: parseName('CN=a'), privateKey, extendedKeyUsage: [] });
    assert.equal(readSigningRequest(without).extendedKeyUsage, undefined);
  });
});

describe('reading a private key', () => {
  it('holds the public key of Ed25519 beside it against it (RFC 5958 2)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [version, algorithm, secret] = asn1.readAsn1(
      Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' })),
    ).children;
    assert.ok(version && algorithm && secret);
    const own = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const file = (point: Uint8Array): Uint8Array =>
      asn1.sequence(
        asn1.integer(1),
        algorithm.bytes,
        secret.bytes,
        asn1.contextPrimitive(1, asn1.concatBytes([new Uint8Array(1), point])),
      );
    const key = await readPrivateKey(file(own), { derivation: localKeyDerivation });
    assert.equal(key.type, 'Ed25519');
    await assert.rejects(readPrivateKey(file(new Uint8Array(32)), { derivation: localKeyDerivation }), {
      code: 'malformed',
    });
  });
});
