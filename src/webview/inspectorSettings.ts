import { KeystoreError } from '../errors.js';
import type { JudgingCase, Judging } from './inspectorVerdicts.js';

/** What settings say about judging. */
export interface JudgingSettings {
  /** The folder that holds `media`. */
  readonly extensionPath: string;
  /** The setting `ciKeystore.trust.listFiles` as it stands. */
  readonly listFiles: unknown;
  readonly warningDays: number;
}

/** The questions, or why none can be answered: a list of the setting that cannot be used is said, never passed over. */
export async function settled(
  settings: JudgingSettings,
  cases: (settings: JudgingSettings) => Promise<readonly JudgingCase[]>,
): Promise<Judging> {
  try {
    return { cases: await cases(settings), warningDays: settings.warningDays };
  } catch (error) {
    if (!KeystoreError.is(error)) {
      throw error;
    }
    const { explanation } = error.details;
    return { failure: typeof explanation === 'string' ? explanation : error.message };
  }
}
