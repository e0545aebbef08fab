import assert from 'node:assert/strict';
import {
  plainText,
  labelText,
  shortened,
  singleLineText,
  visibleText,
} from '../../../../src/ui/visibleText.js';

describe('visibleText', () => {
  const hidden: readonly (readonly [string, string])[] = [
    ['a\u202Eb', 'a<U+202E>b'],
    ['\u202A\u202B\u202C\u202D', '<U+202A><U+202B><U+202C><U+202D>'],
    ['\u2066\u2067\u2068\u2069', '<U+2066><U+2067><U+2068><U+2069>'],
    ['\u200B\u200C\u200D\u200E\u200F', '<U+200B><U+200C><U+200D><U+200E><U+200F>'],
    ['one\ntwo\r\n', 'one<U+000A>two<U+000D><U+000A>'],
    ['\u2028\u2029\u0085', '<U+2028><U+2029><U+0085>'],
    ['\u0000\u0007\u001B[31m\u007F\u009B', '<U+0000><U+0007><U+001B>[31m<U+007F><U+009B>'],
    ['tab\there', 'tab<U+0009>here'],
    ['\uFEFFbom \u00ADsoft \u061Carabic', '<U+FEFF>bom <U+00AD>soft <U+061C>arabic'],
    ['tag \u{E0041}', 'tag <U+E0041>'],
    ['half \uD83D pair', 'half <U+D83D> pair'],
  ];
  for (const [text, expected] of hidden) {
    it(`spells out what ${JSON.stringify(text)} hides`, () => {
      assert.equal(visibleText(text), expected);
    });
  }

  it('leaves what can be seen as it is', () => {
    for (const text of [
      '',
      'orders-sender',
      'Müller & Söhne; "Straße" \\ /',
      '日本語 한국어 עברית العربية',
      '👍🏽 👩‍💻 👩🏽‍💻 ❤️‍🔥 👨‍👩‍👧‍👦',
      '$(warning) <b>x</b> [a](command:b)',
    ]) {
      assert.equal(visibleText(text), text);
    }
  });

  it('spells out a joiner that joins no emoji', () => {
    assert.equal(visibleText('pay\u200Dpal'), 'pay<U+200D>pal');
    assert.equal(visibleText('👍\u200Dx'), '👍<U+200D>x');
    assert.equal(visibleText('x\u200D👍'), 'x<U+200D>👍');
  });
});

describe('singleLineText', () => {
  it('is exact but for control characters and line breaks', () => {
    assert.equal(singleLineText('x\nrm -rf ~\u001B\u2028'), 'x<U+000A>rm -rf ~<U+001B><U+2028>');
    assert.equal(singleLineText('א\u200Fב 👩‍💻 \u202E'), 'א\u200Fב 👩‍💻 \u202E');
  });
});

describe('shortened', () => {
  it('keeps to the limit and says that something was left out', () => {
    assert.equal(shortened('abcdef', 6), 'abcdef');
    assert.equal(shortened('abcdefg', 6), 'abcde…');
  });

  it('never splits a surrogate pair', () => {
    assert.equal(shortened('abcd😀😀', 6), 'abcd…');
    assert.equal(shortened('abc😀😀😀', 6), 'abc😀…');
  });
});

describe('labelText', () => {
  it('shows where an alias looks empty', () => {
    assert.equal(labelText(''), '""');
    assert.equal(labelText('  '), '"  "');
    assert.equal(labelText('\n'), '<U+000A>');
  });

  it('is one line of bounded length for any alias', () => {
    assert.equal(labelText('x'.repeat(250)).length, 120);
  });
});

describe('plainText', () => {
  it('leaves no icon and no link', () => {
    assert.equal(plainText('$(trash) a $(x'), '$\u200b(trash) a $\u200b(x');
    assert.equal(plainText('[a](command:x) [b](c)'), '[a]\u200b(command:x) [b]\u200b(c)');
  });

  it('spells out what hides, and keeps the lines of a dialog', () => {
    assert.equal(plainText('one\ntwo \u202egnp'), 'one\ntwo <U+202E>gnp');
  });

  it('changes nothing when it is applied again', () => {
    const once = plainText('$(a) [b](c) \u202e');
    assert.equal(plainText(once), once);
  });
});
