import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Cancelled } from '../../src/errors.js';
import type { Answer, ConfirmOptions, InputOptions, PickOptions, Prompts } from '../../src/ui/prompts.js';

/** One answer of a script: a text for inputs, a label or pattern for picks, a wish, or the button of the next message that has it. */
export type ScriptedAnswer =
  | string
  | RegExp
  | { readonly wish: 'back' | 'escape' | 'keep' | 'yes' | 'no' }
  | { readonly button: string }
  | { readonly uri: vscode.Uri };

/**
 * Answers prompts from a script. Runs the real validation, fails on a missing answer, and `done` fails on an unused one.
 */
export class ScriptedPrompts implements Prompts {
  readonly messages: string[] = [];
  readonly asked: string[] = [];
  clipboard = '';

  constructor(private readonly answers: ScriptedAnswer[]) {}

  /** Fails where answers were left over. */
  done(): void {
    assert.deepEqual(this.answers, [], 'answers were left over');
  }

  async pick<T>(options: PickOptions<T>): Promise<Answer<T>> {
    this.asked.push(options.placeholder);
    const answer = this.next(options.placeholder);
    if (isWish(answer)) {
      return this.wish<T>(answer.wish, () => {
        throw new Error('"keep" is for inputs');
      });
    }
    const items = await options.items;
    const item = items.find(({ label }) =>
      answer instanceof RegExp ? answer.test(label) : label === answer,
    );
    assert.ok(item, `no such item among ${items.map(({ label }) => label).join(', ')}`);
    return { kind: 'value', value: item.value };
  }

  input(options: InputOptions): Promise<Answer<string>> {
    this.asked.push(options.prompt);
    const answer = this.next(options.prompt);
    if (isWish(answer)) {
      return Promise.resolve(this.wish<string>(answer.wish, () => options.value ?? ''));
    }
    assert.ok(typeof answer === 'string', `a text is needed for "${options.prompt}"`);
    const problem = options.validate?.(answer);
    assert.equal(problem, undefined, `"${answer}" is refused: ${problem}`);
    return Promise.resolve({ kind: 'value', value: answer });
  }

  confirm(options: ConfirmOptions): Promise<boolean> {
    this.asked.push(options.message);
    this.messages.push(`${options.message}\n${options.detail}`);
    const answer = this.next(options.message);
    assert.ok(isWish(answer), `yes or no is needed for "${options.message}"`);
    return Promise.resolve(answer.wish === 'yes');
  }

  openFile(): Promise<vscode.Uri> {
    return this.uri('open file');
  }

  saveFile(options: { readonly fileName: string }): Promise<vscode.Uri> {
    this.asked.push(options.fileName);
    return this.uri(options.fileName);
  }

  readClipboard(): Promise<string> {
    return Promise.resolve(this.clipboard);
  }

  writeClipboard(text: string): Promise<void> {
    this.clipboard = text;
    return Promise.resolve();
  }

  inform(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return this.tell(message, buttons);
  }

  warn(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return this.tell(message, buttons);
  }

  error(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return this.tell(message, buttons);
  }

  note(message: string): void {
    this.messages.push(message);
  }

  private tell(message: string, buttons: readonly string[]): Promise<string | undefined> {
    this.messages.push(message);
    const [answer] = this.answers;
    if (typeof answer !== 'object' || !('button' in answer) || !buttons.includes(answer.button)) {
      return Promise.resolve(undefined);
    }
    this.answers.shift();
    return Promise.resolve(answer.button);
  }

  private uri(question: string): Promise<vscode.Uri> {
    const answer = this.next(question);
    if (typeof answer === 'object' && 'uri' in answer) {
      return Promise.resolve(answer.uri);
    }
    return Promise.reject(new Cancelled());
  }

  private wish<T>(wish: string, keep: () => T): Answer<T> {
    if (wish === 'escape') {
      throw new Cancelled();
    }
    return wish === 'back' ? { kind: 'back' } : { kind: 'value', value: keep() };
  }

  private next(question: string): ScriptedAnswer {
    const answer = this.answers.shift();
    assert.ok(answer !== undefined, `no answer for "${question}"`);
    return answer;
  }
}

function isWish(
  answer: ScriptedAnswer,
): answer is { readonly wish: 'back' | 'escape' | 'keep' | 'yes' | 'no' } {
  return typeof answer === 'object' && 'wish' in answer;
}
