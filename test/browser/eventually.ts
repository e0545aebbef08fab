import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until there is an answer other than undefined or false; fails with the words where none comes. */
export async function eventually<T>(
  words: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`Within ${timeoutMs / 1000} seconds it did not come true that ${words}.`);
    }
    await delay(50);
  }
}
