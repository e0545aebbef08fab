import assert from 'node:assert/strict';
import { Cancelled } from '../../../src/errors.js';
import { runFlow, take, type Step } from '../../../src/ui/flow.js';
import type { Position } from '../../../src/ui/prompts.js';

interface State {
  answers: string[];
  skip?: boolean;
}

function scripted(
  name: string,
  script: ('next' | 'back')[],
  seen: string[],
  needed?: (state: State) => boolean,
): Step<State> {
  return {
    ...(needed === undefined ? {} : { isNeeded: needed }),
    ask: (state, position: Position) => {
      seen.push(
        `${name} ${position.step}/${position.totalSteps}${position.canGoBack === true ? ' back' : ''}`,
      );
      const next = script.shift() ?? 'next';
      if (next === 'next') {
        state.answers.push(name);
      }
      return Promise.resolve(next);
    },
  };
}

describe('runFlow', () => {
  it('asks in order and returns to the question asked before on back', async () => {
    const seen: string[] = [];
    const state = await runFlow<State>('Title', { answers: [] }, [
      scripted('a', [], seen),
      scripted('b', ['back', 'next'], seen),
      scripted('c', [], seen),
    ]);
    assert.deepEqual(seen, ['a 1/3', 'b 2/3 back', 'a 1/3', 'b 2/3 back', 'c 3/3 back']);
    assert.deepEqual(state.answers, ['a', 'a', 'b', 'c']);
  });

  it('leaves out what the answers make needless, also on the way back', async () => {
    const seen: string[] = [];
    await runFlow<State>('Title', { answers: [], skip: true }, [
      scripted('a', [], seen),
      scripted('b', [], seen, (state) => state.skip !== true),
      scripted('c', ['back', 'next'], seen),
    ]);
    assert.deepEqual(seen, ['a 1/2', 'c 2/2 back', 'a 1/2', 'c 2/2 back']);
  });

  it('passes over a step that asked nothing on the way back', async () => {
    const seen: string[] = [];
    await runFlow<State>('Title', { answers: [] }, [
      scripted('a', [], seen),
      { ask: () => Promise.resolve('passed') },
      scripted('c', ['back', 'next'], seen),
    ]);
    assert.deepEqual(seen, ['a 1/3', 'c 2/3 back', 'a 1/3', 'c 2/3 back']);
  });

  it('ends as Cancelled when a question is escaped', async () => {
    const step: Step<State> = { ask: () => Promise.reject(new Cancelled()) };
    await assert.rejects(runFlow<State>('Title', { answers: [] }, [step]), Cancelled);
  });
});

describe('take', () => {
  it('stores a value, and nothing on back', () => {
    const stored: number[] = [];
    assert.equal(
      take({ kind: 'value', value: 7 }, (value) => stored.push(value)),
      'next',
    );
    assert.equal(
      take<number>({ kind: 'back' }, (value) => stored.push(value)),
      'back',
    );
    assert.deepEqual(stored, [7]);
  });
});
