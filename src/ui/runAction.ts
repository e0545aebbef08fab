import * as vscode from 'vscode';
import { Cancelled } from '../errors.js';
import type { Log } from '../services/log.js';
import type { FailureButton } from './failureMessage.js';
import type { Prompts } from './prompts.js';
import { plainText } from './visibleText.js';

/** What an action may use while it runs. */
export interface ActionContext {
  readonly signal: AbortSignal;
  /** Shows progress of what takes longer than a moment; the person may cancel. */
  readonly withProgress: <T>(title: string, work: (progress: Progress) => Promise<T>) => Promise<T>;
}

export interface Progress {
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
}

export interface Action {
  /** The command's title, without its dots. */
  readonly title: string;
  readonly tenant?: { readonly id: string; readonly name: string } | undefined;
  readonly run: (context: ActionContext) => Promise<void>;
  /** Starts the whole action anew. */
  readonly retry?: () => void;
}

/** Runs what a command does: cancel is silent, any other failure becomes one log entry and one message. */
export class ActionRunner {
  constructor(
    private readonly log: Log,
    private readonly prompts: Prompts,
    private readonly followUp: (button: FailureButton, action: Action) => void,
  ) {}

  async run(action: Action): Promise<void> {
    const controller = new AbortController();
    try {
      await action.run({
        signal: controller.signal,
        withProgress: (title, work) => withProgress(title, work),
      });
    } catch (error) {
      if (error instanceof Cancelled) {
        return;
      }
      this.log.failure(action.title, error);
      // The message stays until somebody answers it, so the command does not wait for it.
      void this.tell(error, action);
    } finally {
      controller.abort();
    }
  }

  private async tell(error: unknown, action: Action): Promise<void> {
    const { failureMessage } = await import('./failureMessage.js');
    const message = failureMessage(error, action.title, action.tenant?.name);
    const labels = message.buttons.map((button) => label(button));
    const chosen = await this.prompts.error(message.text, ...labels);
    const button = chosen === undefined ? undefined : message.buttons[labels.indexOf(chosen)];
    if (button !== undefined) {
      this.followUp(button, action);
    }
  }
}

/** What is done sooner than this needs no notification, which would only flash. */
const quietMs = 400;

async function withProgress<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let lastMessage: string | undefined;
  let show: ((message: string) => void) | undefined;
  const report = (message: string): void => {
    lastMessage = message;
    show?.(message);
  };
  const result = work({ signal: controller.signal, report });
  const ended = result.then(
    () => true,
    () => true,
  );
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), quietMs);
  });
  const isDone = await Promise.race([ended, quiet]);
  clearTimeout(timer);
  if (!isDone) {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
      async (progress, token) => {
        const subscription = token.onCancellationRequested(() => controller.abort());
        show = (message) => progress.report({ message });
        if (lastMessage !== undefined) {
          show(lastMessage);
        }
        await ended;
        subscription.dispose();
      },
    );
  }
  return await result;
}

function label(button: FailureButton): string {
  switch (button) {
    case 'showLog':
      return vscode.l10n.t('Show Log');
    case 'signIn':
      return vscode.l10n.t('Sign In Again');
    case 'signInCloudFoundry':
      return vscode.l10n.t('Sign In to Cloud Foundry');
    case 'editTenant':
      return vscode.l10n.t('Edit Tenant');
    case 'retry':
      return vscode.l10n.t('Try Again');
    case 'reload':
      return vscode.l10n.t('Reload Window');
  }
}
