import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { View } from '../contributions.js';
import type { MappingPages, MappingPagesOptions } from './mappingPages.js';

/** Stands for the mapping pages until the first one is shown or restored; only then their code is loaded. */
export class LazyMappingPages implements vscode.Disposable {
  private loading: Promise<MappingPages> | undefined;
  private readonly serializer: vscode.Disposable;

  constructor(
    private readonly options: Omit<MappingPagesOptions, 'setUps'> & { readonly state: vscode.Memento },
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(View.mapping, {
      deserializeWebviewPanel: async (panel, state) => {
        await (await this.pages()).restore(panel, state);
      },
    });
  }

  /** Shows the page of a tenant's entry, or of a tenant without one. */
  async show(tenantId: string, hexalias: string | undefined): Promise<void> {
    await (await this.pages()).show(tenantId, hexalias);
  }

  dispose(): void {
    this.serializer.dispose();
    void this.loading?.then((pages) => pages.dispose());
  }

  private async pages(): Promise<MappingPages> {
    this.loading ??= Promise.all([import('./mappingPages.js'), import('../services/setUps.js')]).then(
      ([{ MappingPages: Pages }, { SetUps }]) =>
        new Pages({ ...this.options, setUps: new SetUps(this.options.state, randomUUID) }),
    );
    return await this.loading;
  }
}
