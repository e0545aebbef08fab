import assert from 'node:assert/strict';
import { KeystoreError, type ErrorDetails } from '../../../src/errors.js';
import { failureMessage } from '../../../src/ui/failureMessage.js';

describe('failureMessage', () => {
  it('prefers the explanation that came along to the words of the code', () => {
    const error = new KeystoreError('forbidden', 'x', {
      details: { explanation: 'Ask for the role.', role: 'R' },
    });
    assert.equal(failureMessage(error, 'Create', 'ACME').text, 'Create: Ask for the role.');
  });

  it('offers the sign-in of Cloud Foundry where that is signed out, not that of the tenant', () => {
    const signedOut = (where: string): KeystoreError =>
      new KeystoreError('signed-out', 'x', { details: { where } });
    assert.deepEqual(failureMessage(signedOut('cf'), 'Create', 'ACME').buttons, ['signInCloudFoundry']);
    assert.deepEqual(failureMessage(signedOut('api'), 'Create', 'ACME').buttons, ['signIn']);
  });

  const told = (code: ConstructorParameters<typeof KeystoreError>[0], details: ErrorDetails): string =>
    failureMessage(new KeystoreError(code, 'x', { details }), 'Refresh', 'ACME').text;
  const server = {
    host: 'acme.authentication.eu10.hana.ondemand.com',
    subject: 'CN=acme.example',
    issuer: 'CN=Proxy Issuing CA',
    topIssuer: 'CN=Corporate Root',
    validTo: '2026-05-01T00:00:00.000Z',
  };

  it('names the authority that this machine would have to trust, and the host that showed its certificate', () => {
    const text = told('untrusted-server', { ...server, reason: 'SELF_SIGNED_CERT_IN_CHAIN' });
    assert.match(text, /acme\.authentication\.eu10\.hana\.ondemand\.com/);
    assert.match(text, /issued by CN=Proxy Issuing CA, under CN=Corporate Root/);
    assert.match(text, /add CN=Corporate Root to the operating system/);
    assert.match(text, /http\.systemCertificates/);
  });

  it('does not call an authority untrusted where the certificate expired, is not valid yet or has another name', () => {
    const expired = told('untrusted-server', { ...server, reason: 'CERT_HAS_EXPIRED' });
    assert.match(expired, /expired/);
    assert.match(expired, /2026-05-01/);
    const early = told('untrusted-server', { ...server, reason: 'CERT_NOT_YET_VALID' });
    assert.match(early, /not valid yet.*clock/);
    const other = told('untrusted-server', { ...server, reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    assert.match(other, /CN=acme\.example.*another name/);
    for (const text of [expired, early, other]) {
      assert.doesNotMatch(text, /does not trust|systemCertificates/);
    }
  });

  it('says which host cannot be reached and why, since the token endpoint is another one', () => {
    const { host } = server;
    assert.match(told('offline', { host, reason: 'ENOTFOUND' }), /hana\.ondemand\.com \(ENOTFOUND\)/);
    assert.match(told('timeout', { host, reason: 'timeout' }), /hana\.ondemand\.com/);
    assert.match(told('offline', { host, status: 407 }), /proxy.*user and password.*407/);
  });

  it('keeps naming the roles where a refusal says something, and tells a web page from the tenant', () => {
    assert.match(told('forbidden', { said: 'Access is denied' }), /Access is denied.*SecurityMaterialEdit/);
    assert.match(told('forbidden', { html: true }), /web page.*proxy or firewall/);
    assert.doesNotMatch(told('forbidden', { said: 'x' }), /firewall/);
  });

  it('tells how long the tenant asks to wait', () => {
    assert.match(told('rate-limited', { retryAfterSeconds: 90 }), /90 seconds/);
    assert.match(told('rate-limited', { retryAfterSeconds: 3600 }), /60 minutes/);
    assert.match(told('rate-limited', {}), /in a minute/);
  });

  it('names where a redirection leads, which is a log-on page mostly', () => {
    const text = told('bad-answer', { reason: 'redirect', redirectHost: 'acme.accounts.ondemand.com' });
    assert.match(text, /acme\.accounts\.ondemand\.com/);
  });
});
