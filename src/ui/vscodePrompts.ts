import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { Cancelled } from '../errors.js';
import { whileQuestionOpen } from './openQuestions.js';
import type {
  Answer,
  ConfirmOptions,
  InputOptions,
  PickItem,
  PickOptions,
  Position,
  Prompts,
} from './prompts.js';
import { plainText } from './visibleText.js';

interface ItemOf<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

/** The prompts of VS Code itself: quick picks, input boxes, dialogs. */
export class VscodePrompts implements Prompts {
  async pick<T>(options: PickOptions<T>): Promise<Answer<T>> {
    const box = vscode.window.createQuickPick<ItemOf<T>>();
    arrange(box, options);
    box.placeholder = plainText(options.placeholder);
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    const fill = (items: readonly PickItem<T>[]): void => {
      box.items = items.flatMap((item) => toQuickPickItems(item));
      const picked = items.find((item) => item.picked === true)?.value;
      if (picked !== undefined) {
        box.activeItems = box.items.filter((item) => item.value === picked);
      }
      box.busy = false;
    };
    return await answer<T>(box, (accept, fail) => {
      if (options.items instanceof Promise) {
        box.busy = true;
        options.items.then(fill, fail);
      } else {
        fill(options.items);
      }
      box.onDidAccept(() => {
        const chosen = box.selectedItems[0];
        if (chosen !== undefined && 'value' in chosen) {
          accept(chosen.value);
        }
      });
    });
  }

  async input(options: InputOptions): Promise<Answer<string>> {
    const box = vscode.window.createInputBox();
    arrange(box, options);
    box.prompt = plainText(options.prompt);
    box.placeholder = options.placeholder;
    box.password = options.password ?? false;
    box.value = options.value ?? '';
    return await answer<string>(box, (accept) => {
      const problemOf = (value: string): string | undefined => {
        const problem = options.validate?.(value);
        return problem === undefined ? undefined : plainText(problem);
      };
      box.onDidChangeValue((value) => {
        box.validationMessage = value === '' ? '' : (problemOf(value) ?? information(options.hint?.(value)));
      });
      box.onDidAccept(() => {
        const problem = problemOf(box.value);
        if (problem === undefined) {
          accept(box.value);
        } else {
          box.validationMessage = problem;
        }
      });
    });
  }

  async confirm({ message, detail, action }: ConfirmOptions): Promise<boolean> {
    return (
      (await vscode.window.showWarningMessage(
        plainText(message),
        { modal: true, detail: plainText(detail) },
        action,
      )) === action
    );
  }

  async openFile(options: { title: string; filters: Record<string, string[]> }): Promise<vscode.Uri> {
    const [uri] = (await vscode.window.showOpenDialog({ ...options, canSelectMany: false })) ?? [];
    return orCancelled(uri);
  }

  async saveFile(options: Parameters<Prompts['saveFile']>[0]): Promise<vscode.Uri> {
    const { title, filters, fileName, startAt = 'workspace' } = options;
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
    const home = vscode.Uri.file(homedir());
    const folder =
      typeof startAt !== 'string'
        ? vscode.Uri.joinPath(startAt, '..')
        : startAt === 'home'
          ? home
          : (workspace ?? home);
    return orCancelled(
      await vscode.window.showSaveDialog({
        title,
        filters,
        defaultUri: vscode.Uri.joinPath(folder, fileName),
      }),
    );
  }

  async readClipboard(): Promise<string> {
    return await vscode.env.clipboard.readText();
  }

  async writeClipboard(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
  }

  async inform(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return await vscode.window.showInformationMessage(plainText(message), ...buttons);
  }

  async warn(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return await vscode.window.showWarningMessage(plainText(message), ...buttons);
  }

  async error(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    return await vscode.window.showErrorMessage(plainText(message), ...buttons);
  }

  note(message: string): void {
    vscode.window.setStatusBarMessage(plainText(message), 8_000);
  }
}

function arrange(box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, position: Position): void {
  box.title = plainText(position.title);
  box.step = position.step;
  box.totalSteps = position.totalSteps;
  // A webview or walkthrough button that still holds the focus would close the box at once.
  box.ignoreFocusOut = true;
  box.buttons = position.canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
}

function toQuickPickItems<T>(item: PickItem<T>): ItemOf<T>[] {
  const { separatorBefore } = item;
  const rest: ItemOf<T> = {
    label: plainText(item.label),
    value: item.value,
    ...(item.icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(item.icon) }),
    ...(item.description === undefined ? {} : { description: plainText(item.description) }),
    ...(item.detail === undefined ? {} : { detail: plainText(item.detail) }),
  };
  return separatorBefore === undefined
    ? [rest]
    : [{ label: plainText(separatorBefore), kind: vscode.QuickPickItemKind.Separator }, rest];
}

async function answer<T>(
  box: vscode.QuickPick<ItemOf<T>> | vscode.InputBox,
  wire: (accept: (value: T) => void, fail: (reason: unknown) => void) => void,
): Promise<Answer<T>> {
  try {
    return await whileQuestionOpen(
      () =>
        new Promise<Answer<T>>((resolve, reject) => {
          box.onDidTriggerButton((button) => {
            if (button === vscode.QuickInputButtons.Back) {
              resolve({ kind: 'back' });
            }
          });
          box.onDidHide(() => reject(new Cancelled()));
          wire(
            (value) => resolve({ kind: 'value', value }),
            (reason) => reject(reason instanceof Error ? reason : new Cancelled()),
          );
          box.show();
        }),
    );
  } finally {
    box.dispose();
  }
}

function information(message: string | undefined): vscode.InputBoxValidationMessage | undefined {
  return message === undefined
    ? undefined
    : { message: plainText(message), severity: vscode.InputBoxValidationSeverity.Info };
}

function orCancelled(uri: vscode.Uri | undefined): vscode.Uri {
  if (uri === undefined) {
    throw new Cancelled();
  }
  return uri;
}
