import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { View } from '../contributions.js';
import type { SetUpFacts, SetUpFactsOptions } from '../services/setUpFacts.js';
import type { SetUps } from '../services/setUps.js';
import type { UserMappings } from '../services/userMappings.js';
import type { MappingPages, MappingPagesOptions } from './mappingPages.js';

/** What the pages and the commands of set-ups share. */
export interface MappingParts {
  readonly setUps: SetUps;
  readonly facts: SetUpFacts;
  readonly pages: MappingPages;
}

type Options = Omit<SetUpFactsOptions, 'setUps' | 'reasonOf' | 'userMappings'> &
  Omit<MappingPagesOptions, 'setUps' | 'facts'> & {
    readonly state: vscode.Memento;
    readonly userMappings: () => Promise<UserMappings>;
  };

/** Stands for the mapping pages until the first one is shown or restored; only then their code is loaded. */
export class LazyMappingPages implements vscode.Disposable {
  private loading: Promise<MappingParts> | undefined;
  private readonly serializer: vscode.Disposable;

  constructor(private readonly options: Options) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(View.mapping, {
      deserializeWebviewPanel: async (panel, state) => {
        await (await this.parts()).pages.restore(panel, state);
      },
    });
  }

  /** Shows the page of a tenant's entry, or of a tenant without one. */
  async show(tenantId: string, hexalias: string | undefined): Promise<void> {
    await (await this.parts()).pages.show(tenantId, hexalias);
  }

  /** Loads the code where it is not loaded yet. */
  async parts(): Promise<MappingParts> {
    this.loading ??= Promise.all([
      import('./mappingPages.js'),
      import('../services/setUps.js'),
      import('../services/setUpFacts.js'),
      import('../ui/failureMessage.js'),
      this.options.userMappings(),
    ]).then(
      ([
        { MappingPages: Pages },
        { SetUps: Kept },
        { SetUpFacts: Facts },
        { failureMessage },
        userMappings,
      ]) => {
        const setUps = new Kept(this.options.state, randomUUID);
        const reasonOf = (error: unknown, title: string) => failureMessage(error, title, undefined).text;
        const facts = new Facts({ ...this.options, setUps, reasonOf, userMappings });
        return { setUps, facts, pages: new Pages({ ...this.options, setUps, facts }) };
      },
    );
    return await this.loading;
  }

  dispose(): void {
    this.serializer.dispose();
    void this.loading?.then(({ pages, facts, setUps }) => {
      vscode.Disposable.from(pages, facts, setUps).dispose();
    });
  }
}
