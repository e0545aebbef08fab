import assert from 'node:assert/strict';
import { CanaryWatch } from '../../support/canary.js';

const secret = 'SECRET-canary/+ "$&9=ü-and-long-enough';

/** How a secret could have come into a text. */
const leaks: Readonly<Record<string, unknown>> = {
  'as it is': `x${secret}y`,
  'in lower case': secret.toLowerCase(),
  'in part': secret.slice(5, -2).padEnd(60, '.').slice(0, 60),
  'in Basic credentials': Buffer.from(`user:${secret}`).toString('base64'),
  'in a longer base64 text, over lines': Buffer.from(`some text before ${secret} and after`)
    .toString('base64')
    .replaceAll(/(.{16})/g, '$1\n'),
  'escaped for an address': encodeURIComponent(secret),
  'escaped for a form': new URLSearchParams({ secret }).toString(),
  'as JSON': JSON.stringify({ message: secret }),
  'as hexadecimal pairs': Buffer.from(secret).toString('hex').toUpperCase().replaceAll(/(..)/g, '$1:'),
  'in the cause of an error': new Error('outer', { cause: new Error(secret) }),
  'in a hidden member': Object.defineProperty({}, 'config', { value: { auth: secret }, enumerable: false }),
};

describe('the watch for secrets', () => {
  for (const [name, thing] of Object.entries(leaks)) {
    it(`finds one ${name}`, () => {
      const watch = new CanaryWatch();
      watch.see('harmless', thing);
      assert.throws(() => watch.expectNone([name === 'in part' ? `${secret}${secret}` : secret]), /was seen/);
    });
  }

  it('passes what holds none, and not where nothing was watched', () => {
    const watch = new CanaryWatch();
    assert.throws(() => watch.expectNone([secret]), /nothing was watched/);
    watch.see({ name: 'ACME' }, 'a line');
    watch.expectNone([secret]);
  });
});
