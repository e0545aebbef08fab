import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
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
});
