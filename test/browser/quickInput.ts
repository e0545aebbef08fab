import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** Whether a part of the quick input is used: a list that is still empty takes no room, and is. */
function isShown(element: unknown): boolean {
  return (element as { readonly style: { readonly display: string } }).style.display !== 'none';
}

/** The one quick pick or input box that is open in a page. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
    this.input = this.widget.locator('.quick-input-box input');
  }

  /** Waits for a quick input whose title, placeholder or message holds the words. */
  async waitFor(words: string | RegExp): Promise<void> {
    await this.widget
      .filter({ hasText: words })
      .or(this.widget.filter({ has: this.page.getByPlaceholder(words) }))
      .first()
      .waitFor();
  }

  async title(): Promise<string> {
    return (await this.widget.locator('.quick-input-title').innerText()).trim();
  }

  /** The message below an input box: its prompt, or what is wrong with the value. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  /** Replaces the value and does not accept it. */
  async fill(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
  }

  /** Replaces the value and accepts it, or in a list the row that it leaves in focus. */
  async enter(text: string): Promise<void> {
    await this.fill(text);
    await this.accept(text);
  }

  /** Accepts the value, or in a list the row in focus, once it holds the words: Enter does nothing where the rows have not come yet. */
  async accept(words = ''): Promise<void> {
    if (await this.widget.locator('.quick-input-list').evaluate(isShown)) {
      await this.widget.locator('.monaco-list-row.focused').filter({ hasText: words }).first().waitFor();
    }
    await this.page.keyboard.press('Enter');
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  async back(): Promise<void> {
    await this.widget.getByRole('button', { name: 'Back' }).click();
  }

  /** Labels of the rows that are rendered (a long list renders only what is seen). */
  async rows(): Promise<readonly string[]> {
    await this.widget.locator('.quick-input-list .monaco-list-row').first().waitFor();
    return await this.widget
      .locator(
        '.quick-input-list .monaco-list-row .quick-input-list-rows > .quick-input-list-row:first-child',
      )
      .allInnerTexts();
  }

  row(name: string | RegExp): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first();
  }

  /** Picks a row with the mouse. */
  async pick(name: string | RegExp): Promise<void> {
    await this.row(name).click();
  }

  /** Picks a row with the keyboard alone: filters by the words, then accepts the first hit. */
  async pickByKeyboard(words: string): Promise<void> {
    await this.input.waitFor();
    await this.input.pressSequentially(words);
    await this.accept(words);
  }

  /** Moves with the keyboard to the row whose label is this, past rows that only hold the same words. */
  async focusRow(label: string): Promise<void> {
    await this.widget
      .locator('.monaco-list-row .label-name')
      .getByText(label, { exact: true })
      .first()
      .waitFor();
    const focused = this.widget.locator('.monaco-list-row.focused .label-name').first();
    for (let step = 0; step < 20; step++) {
      if ((await focused.innerText()).trim() === label) {
        return;
      }
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`The keyboard reached no row ${label}.`);
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Waits until the palette has gone, which holds the same words as what the command asks next. */
  async waitUntilPaletteClosed(): Promise<void> {
    await eventually('the palette closes', async () => {
      const values = await this.input.evaluateAll((inputs: readonly { readonly value: string }[]) =>
        inputs.map(({ value }) => value),
      );
      return !values.some((value) => value.startsWith('>'));
    });
  }
}
