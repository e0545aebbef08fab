import assert from 'node:assert/strict';
import { tellHidden } from '../../../src/views/hiddenEntry.js';

describe('an entry that the filter hides', () => {
  async function tell(answer: string | undefined): Promise<readonly string[]> {
    const done: string[] = [];
    await tellHidden(
      { inform: (message, ...buttons) => (done.push(message, ...buttons), Promise.resolve(answer)) },
      { change: ({ filter }) => Promise.resolve(void done.push(`filter "${filter}"`)) },
      () => (done.push('revealed'), Promise.resolve(true)),
    );
    return done;
  }

  it('is shown once the person takes the filter away', async () => {
    assert.deepEqual(await tell('Clear Filter'), [
      'The filter of the tree hides this entry.',
      'Clear Filter',
      'filter ""',
      'revealed',
    ]);
  });

  it('stays hidden where the person leaves the filter', async () => {
    assert.deepEqual((await tell(undefined)).slice(2), []);
  });
});
