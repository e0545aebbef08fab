import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { eventually } from '../browser/eventually.js';
import { Workbench } from '../browser/workbench.js';
import { aimText, median, milliseconds, type Figure, type Tell } from './figures.js';

/** Windows for each of both orders. */
const runs = 5;
const extensions = {
  'this extension': 'ci-keystore.sap-ci-keystore-workbench',
  'an empty extension': 'bench.empty',
  'built-in Git': 'vscode.git',
};
type Name = keyof typeof extensions;

/** Milliseconds, as VS Code's own report has them. */
interface Activation {
  /** Reading and running the entry with what it imports. */
  readonly loaded: number;
  /** `activate` until it returns, and until its promise settles. */
  readonly activated: number;
}

/**
 * What VS Code's "Startup Performance" report says of each extension in one new window. The first extension of a window that is an
 * ES module also pays for the host's loader, so the empty one comes before or after this one.
 */
async function activations(emptyFirst: boolean): Promise<Readonly<Record<Name, Activation>>> {
  const workbench = await Workbench.open({ extensions: [join(root, 'test/bench/emptyExtension')] });
  try {
    // Nothing answers to the command; calling it makes the empty extension active.
    const activateEmpty = (): Promise<unknown> =>
      workbench.executeCommand('benchEmpty.activate').catch(() => undefined);
    if (emptyFirst) {
      await activateEmpty();
    }
    await workbench.openContainer('SAP Keystore');
    await workbench.sideBar.getByRole('button', { name: 'Add Tenant', exact: true }).waitFor();
    if (!emptyFirst) {
      await activateEmpty();
    }
    return await eventually("VS Code's report names all three extensions", async () => {
      await workbench.runCommand('Developer: Startup Performance');
      const report = readReport((await workbench.editorText()) ?? '');
      const [own, empty, git] = Object.values(extensions).map((id) => report.get(id));
      return own === undefined || empty === undefined || git === undefined
        ? undefined
        : { 'this extension': own, 'an empty extension': empty, 'built-in Git': git };
    });
  } finally {
    await workbench.close();
  }
}

/** Rows `| id | eager | load code | call activate | finish activate | event | by |` below the heading of extensions. */
function readReport(report: string): ReadonlyMap<string, Activation> {
  const times = new Map<string, Activation>();
  const section = report.slice(report.indexOf('## Extension Activation Stats'));
  for (const line of section.split('\n')) {
    const [, id, , ...cells] = line.split('|').map((cell) => cell.trim());
    const [loaded, called, finished] = cells.slice(0, 3).map(Number);
    if (id?.includes('.') === true && [loaded, called, finished].every(Number.isFinite)) {
      times.set(id, { loaded: loaded ?? 0, activated: (called ?? 0) + (finished ?? 0) });
    }
  }
  return times;
}

/** Ten windows, in half of which this extension comes first; each pair of values is of one window. */
export async function measure(tell: Tell): Promise<void> {
  const windows: Readonly<Record<Name, Activation>>[] = [];
  for (let run = 0; run < 2 * runs; run++) {
    windows.push(await activations(run % 2 === 0));
  }
  // Even windows activate the empty extension before this one. The first of a window is set beside the first of the next window.
  const second = windows.filter((_, index) => index % 2 === 0);
  const first = windows.filter((_, index) => index % 2 === 1);
  tell(beside('first', first, second));
  tell(beside('second', second, first));
  const own = windows.map((window) => window['this extension']);
  tell({
    what: 'Of this extension',
    here: `code ${milliseconds(median(own.map(({ loaded }) => loaded)))}, activate ${milliseconds(median(own.map(({ activated }) => activated)))}`,
    beside: `built-in Git: ${milliseconds(median(windows.map((window) => total(window['built-in Git']))))}`,
  });
}

const total = ({ loaded, activated }: Activation): number => loaded + activated;

type Window = Readonly<Record<Name, Activation>>;

/** This extension in some windows beside the empty one in those where that one had the same place. */
function beside(place: 'first' | 'second', ours: readonly Window[], theirs: readonly Window[]): Figure {
  const own = median(ours.map((window) => total(window['this extension'])));
  const empty = median(theirs.map((window) => total(window['an empty extension'])));
  const above = own - empty;
  return {
    what: `Activation as the ${place} ES module extension of a window`,
    here: milliseconds(own),
    beside: `empty extension: ${milliseconds(empty)}`,
    ratio: `${above.toFixed(0)} ms above`,
    aim: aimText(above, 10, 'ms above'),
  };
}
