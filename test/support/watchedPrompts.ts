import { Cancelled } from '../../src/errors.js';
import type { Position, Prompts } from '../../src/ui/prompts.js';
import type { CanaryWatch } from './canary.js';

/**
 * Prompts that show to a watch all that a person would see: each question with what it proposes, each message, what is copied, and
 * what validation says of every answer. An answer that validation refuses ends the flow as Escape does.
 */
export function watchedPrompts(prompts: Prompts, watch: CanaryWatch): Prompts {
  const seePosition = ({ title, step, totalSteps }: Position): void => watch.see({ title, step, totalSteps });
  return {
    pick: async (options) => {
      seePosition(options);
      watch.see(options.placeholder);
      const items = await options.items;
      watch.see(
        items.map(({ label, description, detail, separatorBefore }) =>
          [label, description, detail, separatorBefore].join('\n'),
        ),
      );
      return await prompts.pick({ ...options, items });
    },
    input: async (options) => {
      seePosition(options);
      watch.see({ prompt: options.prompt, placeholder: options.placeholder, value: options.value });
      return await prompts.input({
        ...options,
        validate: (value) => {
          const problem = options.validate?.(value);
          if (problem !== undefined) {
            watch.see(problem);
            throw new Cancelled();
          }
          return undefined;
        },
      });
    },
    confirm: async (options) => {
      watch.see(options);
      return await prompts.confirm(options);
    },
    openFile: async (options) => {
      watch.see(options);
      return await prompts.openFile(options);
    },
    saveFile: async (options) => {
      watch.see(options);
      return await prompts.saveFile(options);
    },
    readClipboard: () => prompts.readClipboard(),
    writeClipboard: async (text) => {
      watch.see(text);
      await prompts.writeClipboard(text);
    },
    inform: async (message, ...buttons) => {
      watch.see(message, ...buttons);
      return await prompts.inform(message, ...buttons);
    },
    warn: async (message, ...buttons) => {
      watch.see(message, ...buttons);
      return await prompts.warn(message, ...buttons);
    },
    error: async (message, ...buttons) => {
      watch.see(message, ...buttons);
      return await prompts.error(message, ...buttons);
    },
    note: (message) => {
      watch.see(message);
      prompts.note(message);
    },
  };
}
