import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { eventually } from '../browser/eventually.js';
import { Workbench } from '../browser/workbench.js';

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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const total = ({ loaded, activated }: Activation): number => loaded + activated;
const first = { own: [] as number[], empty: [] as number[] };
const second = { own: [] as number[], empty: [] as number[] };
const parts = { loaded: [] as number[], activated: [] as number[] };
const git: number[] = [];
for (let run = 0; run < 2 * runs; run++) {
  const emptyFirst = run % 2 === 0;
  const measured = await activations(emptyFirst);
  const own = measured['this extension'];
  (emptyFirst ? second : first).own.push(total(own));
  (emptyFirst ? first : second).empty.push(total(measured['an empty extension']));
  parts.loaded.push(own.loaded);
  parts.activated.push(own.activated);
  git.push(total(measured['built-in Git']));
}
for (const [place, { own, empty }] of Object.entries({ first, second })) {
  console.log(
    `as the ${place} ES module extension of a window: this one ${String(median(own))} ms, an empty one ${String(median(empty))} ms, ` +
      `${String(median(own) - median(empty))} above (${own.join(', ')}; ${empty.join(', ')})`,
  );
}
console.log(
  `of this extension: code ${String(median(parts.loaded))} ms, activate ${String(median(parts.activated))} ms`,
);
console.log(`built-in Git: ${String(median(git))} ms (${git.join(', ')})`);
