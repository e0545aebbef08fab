/** How many questions of the extension are open. They have the keyboard: what comes to be shown meanwhile does not take it from them. */
let count = 0;

/** Whether a quick pick or an input box of the extension is open. */
export function isQuestionOpen(): boolean {
  return count > 0;
}

/** Counts a question from before it is shown until it is answered or withdrawn. */
export async function whileQuestionOpen<T>(ask: () => Promise<T>): Promise<T> {
  count++;
  try {
    return await ask();
  } finally {
    count--;
  }
}
