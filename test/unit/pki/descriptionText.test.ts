import assert from 'node:assert/strict';
import { type Description, field, heading } from '../../../src/pki/description.js';
import { describeCertificate } from '../../../src/pki/descriptionOfCertificate.js';
import { describeAsText } from '../../../src/pki/descriptionText.js';
import { issue } from './testAuthority.js';

const description: Description = {
  kind: 'certificate',
  title: 'a\u202Eb',
  groups: [
    {
      id: 'one',
      title: 'One',
      fields: [
        field('CN', 'x\ny', { oid: '2.5.4.3', encoding: 'UTF8String' }),
        heading('Extension', [field('Usage', 'signing')], {
          oid: '2.5.29.15',
          critical: true,
          problem: 'bad',
        }),
        field('Key', Array.from({ length: 40 }, () => 'AB').join(':')),
      ],
    },
  ],
  notes: ['something'],
};

describe('description as text', () => {
  it('has a fact a line, indented below its heading, nothing hidden', () => {
    assert.deepEqual(describeAsText(description).split('\n'), [
      'a<U+202E>b',
      '',
      'Notes',
      '  something',
      '',
      'One',
      '  CN (2.5.4.3, UTF8String): x<U+000A>y',
      '  Extension (2.5.29.15, critical)',
      '    bad',
      '    Usage: signing',
      '  Key:',
      `    ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
      `    ${Array.from({ length: 8 }, () => 'AB').join(':')}`,
      '',
    ]);
  });

  it('has the whole of a value that a page would cut', () => {
    const long = {
      ...description,
      groups: [{ id: 'x', title: 'X', fields: [field('Y', 'z'.repeat(5000))] }],
    };
    assert.ok(describeAsText(long).includes('z'.repeat(5000)));
  });

  it('puts extensions side by side where that is asked for', () => {
    const fields = ['2.5.29.15', '1.2.3'].map((oid) => heading(oid, [], { oid }));
    const extended = {
      ...description,
      groups: [{ id: 'extensions', title: 'Extensions', fields }],
      notes: [],
    };
    const shown = (text: string): readonly string[] => text.split('\n').slice(3, -1);
    assert.deepEqual(shown(describeAsText(extended)), ['  2.5.29.15', '  1.2.3']);
    assert.deepEqual(shown(describeAsText(extended, { sortedExtensions: true })), ['  1.2.3', '  2.5.29.15']);
  });

  it('differs for any two certificates', () => {
    const texts = [7, 8].map((serialNumber) =>
      describeAsText(describeCertificate(issue({ subject: 'CN=same', serialNumber }).certificate)),
    );
    assert.notEqual(texts[0], texts[1]);
  });
});
