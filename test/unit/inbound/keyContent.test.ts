import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { readKeyContent, subjectOf, validUntil } from '../../../src/inbound/keyContent.js';
import { InboundWorld } from '../../support/inboundWorld.js';

describe('readKeyContent', () => {
  let world: InboundWorld;
  before(() => {
    world = new InboundWorld();
  });
  after(() => world.dispose());

  it('keeps the public fields of a client secret, not the secret', () => {
    const content = readKeyContent({
      oauth: {
        clientid: 'sb-1!b2|it!b3',
        clientsecret: 'SECRET-canary$a=',
        url: 'https://acme.it-cpi001-rt.cfapps.eu10.hana.ondemand.com',
        createdate: '2023-07-17T16:39:46.446Z',
        tokenurl: 'https://acme.authentication.eu10.hana.ondemand.com/oauth/token',
      },
    });
    assert.equal(content.type, 'clientSecret');
    assert.equal(content.clientId, 'sb-1!b2|it!b3');
    assert.equal(content.url, 'https://acme.it-cpi001-rt.cfapps.eu10.hana.ondemand.com');
    assert.deepEqual(content.createdAt, new Date('2023-07-17T16:39:46.446Z'));
    assert.doesNotMatch(inspect(content, { depth: 9, maxStringLength: null }), /canary/);
  });

  it('keeps certificate and chain of a key made by SAP, not its private key', () => {
    const { certificate, key } = world.current;
    const content = readKeyContent({
      oauth: {
        clientid: 'c',
        // issuer first, as no document says in which order they come
        certificate: world.ca.certificate + certificate,
        key,
        certificatedetails: {
          issuerdn: 'CN=SAP PKI',
          subjectdn: 'CN=xyz,L=sap-uaa',
          validuntil: '2023-06-24T12:56:52.000Z',
          serialnumber: '0xABCD1234',
        },
      },
    });
    assert.equal(content.type, 'certificateBySap');
    assert.equal(content.certificates.length, 2);
    assert.equal(subjectOf(content), 'CN=orders, O=Acme');
    assert.deepEqual(content.details?.validUntil, new Date('2023-06-24T12:56:52.000Z'));
    assert.equal(validUntil(content), content.certificates[0]?.notAfter);
    assert.doesNotMatch(inspect(content, { depth: 9, maxStringLength: null }), /PRIVATE KEY/);
  });

  it('reads an external certificate at the top level, with line breaks as two characters', () => {
    const content = readKeyContent({
      clientid: 'c',
      certificate: world.current.certificate.replaceAll('\n', '\\n'),
    });
    assert.equal(content.type, 'externalCertificate');
    assert.equal(subjectOf(content), 'CN=orders, O=Acme');
  });

  it('tells what SAP states where the certificate is missing or damaged', () => {
    const certificatedetails = { subjectdn: 'CN=a', issuerdn: 'CN=b', validuntil: 'soon' };
    const missing = readKeyContent({ oauth: { certificatedetails } });
    assert.equal(missing.type, 'externalCertificate');
    assert.equal(subjectOf(missing), 'CN=a');
    assert.equal(validUntil(missing), undefined);
    const damaged = readKeyContent({
      certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    });
    assert.equal(damaged.type, 'externalCertificate');
    assert.deepEqual(damaged.certificates, []);
    assert.ok(damaged.unreadable !== undefined);
  });

  it('takes anything without harm', () => {
    for (const credentials of [
      {},
      { oauth: 5 },
      { oauth: { certificate: 5, key: {} } },
      { clientid: null },
    ]) {
      assert.equal(readKeyContent(credentials).type, 'unknown');
    }
  });

  it('gives certificates with equal subject and issuer one text', () => {
    const pair = (certificate: string): string | undefined => readKeyContent({ certificate }).namePair;
    assert.equal(pair(world.current.certificate), pair(world.renewed.certificate));
    assert.notEqual(pair(world.current.certificate), pair(world.other.certificate));
  });
});
