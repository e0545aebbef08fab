import * as vscode from 'vscode';
import { Setting } from '../contributions.js';
import type { Own } from './own.js';

/** What the person has set, read anew each time. */
export interface Settings {
  readonly warningDays: () => number;
  readonly onDidChangeWarningDays: vscode.Event<void>;
  readonly timeoutMs: () => number;
  /** Paths of lists of certificate authorities, of whatever type the settings file holds. */
  readonly trustListFiles: () => unknown;
}

export function openSettings(own: Own): Settings {
  const warningDaysChanged = own(new vscode.EventEmitter<void>());
  own(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(Setting.warningDays.id)) {
        warningDaysChanged.fire();
      }
    }),
  );
  return {
    warningDays: () => positive(Setting.warningDays),
    onDidChangeWarningDays: warningDaysChanged.event,
    timeoutMs: () => positive(Setting.timeoutSeconds) * 1000,
    trustListFiles: () =>
      vscode.workspace
        .getConfiguration()
        .get<unknown>(Setting.trustListFiles.id, Setting.trustListFiles.fallback),
  };
}

/** What a settings file holds may be of any type. */
function positive({ id, fallback }: { readonly id: string; readonly fallback: number }): number {
  const value = vscode.workspace.getConfiguration().get<unknown>(id);
  return typeof value === 'number' && value > 0 ? value : fallback;
}
