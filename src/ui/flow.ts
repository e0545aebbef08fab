import type { Answer, Position } from './prompts.js';

/** One question of a flow; it keeps what was answered in the state, so that going back shows it again. */
export interface Step<S> {
  /** False where the answers so far make the question needless. */
  readonly isNeeded?: (state: S) => boolean;
  /** `passed` where nothing could be gone back to: going back later passes over this step. */
  readonly ask: (state: S, position: Position) => Promise<'next' | 'back' | 'passed'>;
}

/**
 * Asks the steps in order; "back" returns to the question asked before, Escape ends the flow as `Cancelled`, and the state
 * is complete only when this resolves.
 */
export async function runFlow<S>(title: string, state: S, steps: readonly Step<S>[]): Promise<S> {
  const asked: number[] = [];
  let index = 0;
  while (index < steps.length) {
    const step = steps[index];
    if (step === undefined || step.isNeeded?.(state) === false) {
      index += 1;
      continue;
    }
    const needed = steps.filter((other) => other.isNeeded?.(state) !== false).length;
    const answer = await step.ask(state, {
      title,
      step: asked.length + 1,
      totalSteps: Math.max(needed, asked.length + 1),
      canGoBack: asked.length > 0,
    });
    if (answer === 'back') {
      index = asked.pop() ?? 0;
    } else {
      if (answer === 'next') {
        asked.push(index);
      }
      index += 1;
    }
  }
  return state;
}

/** Stores the value of an answer and tells the flow where to go. */
export function take<T>(answer: Answer<T>, store: (value: T) => void): 'next' | 'back' {
  if (answer.kind === 'back') {
    return 'back';
  }
  store(answer.value);
  return 'next';
}
