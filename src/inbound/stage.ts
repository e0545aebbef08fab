/** The way of a call, from the sender's certificate to the answer. */
export const stageIds = ['certificate', 'loadBalancer', 'mapping', 'role', 'senderAdapter', 'call'] as const;

/** One of the six stages. */
export type StageId = (typeof stageIds)[number];

/**
 * What is known of a stage: `waits` for an earlier stage, `toBeSet` outside our reach, `notNeeded` in the chosen way, the others
 * as their names say.
 */
export const stageStates = [
  'ok',
  'missing',
  'waits',
  'problem',
  'notKnown',
  'toBeSet',
  'notTested',
  'notNeeded',
] as const;

/** One of the states of a stage. */
export type StageState = (typeof stageStates)[number];

/** A fact with its name; `technical` ones are names, numbers and digests, shown letter by letter. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly technical?: boolean;
}

/** What is known of one stage, and why. */
export interface StageReport {
  readonly id: StageId;
  readonly state: StageState;
  /** True where a state that is well so far needs attention soon. */
  readonly warning: boolean;
  /** A few words for the strip. */
  readonly summary: string;
  /** Sentences: the reason for the state first, then the next things to know. */
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
}
