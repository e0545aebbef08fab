import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { eventually } from '../browser/eventually.js';
import { Workbench } from '../browser/workbench.js';

const runs = 9;
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

/** What VS Code's "Startup Performance" report says of each extension in one new window. */
async function activations(): Promise<Readonly<Record<Name, Activation>>> {
  const workbench = await Workbench.open({ extensions: [join(root, 'test/bench/emptyExtension')] });
  try {
    await workbench.openContainer('SAP Keystore');
    await workbench.sideBar.getByRole('button', { name: 'Add Tenant', exact: true }).waitFor();
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

const measured: Readonly<Record<Name, Activation>>[] = [];
for (let run = 0; run < runs; run++) {
  measured.push(await activations());
}
const total = ({ loaded, activated }: Activation): number => loaded + activated;
for (const name of Object.keys(extensions) as Name[]) {
  const all = measured.map((run) => run[name]);
  const totals = all.map(total);
  console.log(
    `activation of ${name}: median ${String(median(totals))} ms (code ${String(median(all.map(({ loaded }) => loaded)))}, ` +
      `activate ${String(median(all.map(({ activated }) => activated)))}) of ${totals.join(', ')}`,
  );
}
const above = measured.map((run) => total(run['this extension']) - total(run['an empty extension']));
console.log(
  `above the empty extension of the same window: median ${String(median(above))} ms of ${above.join(', ')}`,
);
