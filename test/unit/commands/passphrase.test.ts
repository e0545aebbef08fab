import assert from 'node:assert/strict';
import { checkNewPassphrase, passphraseHint } from '../../../src/commands/passphrase.js';

describe('new passphrases', () => {
  for (const [passphrase, problem] of [
    ['', /0 characters/],
    ['short', /5 characters/],
    ['elevenchars', /11 characters/],
    ['aaaaaaaaaaaaaaaa', /same few/],
    ['abababababababab', /same few/],
    ['tab\tin between x', /control character/],
  ] as const) {
    it(`refuses ${JSON.stringify(passphrase)}`, () => {
      assert.match(checkNewPassphrase(passphrase) ?? '', problem);
    });
  }

  for (const passphrase of ['correct horse battery', 'twelve-chars', 'zwölf-zeichen-東京']) {
    it(`takes ${passphrase}`, () => {
      assert.equal(checkNewPassphrase(passphrase), undefined);
    });
  }

  it('names the strength, in order', () => {
    const words = ['abcdefghijkl', 'qmfkzpwleurt', 'qmfkzpwleurtx7', 'Kq7-mZ2!pwLe9#uR'].map(
      (passphrase) => passphraseHint(passphrase).split(/[:,]/)[0],
    );
    assert.deepEqual(words, ['Weak', 'Weak', 'Fair', 'Strong']);
    assert.match(passphraseHint('zwölf-zeichen-und-mehr'), /beyond ASCII: Java/);
  });
});
