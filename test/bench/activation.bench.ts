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

/** Loading and activating, in milliseconds, as VS Code's own "Startup Performance" report has it for each extension. */
async function activationTimes(): Promise<ReadonlyMap<string, number>> {
  const workbench = await Workbench.open({ extensions: [join(root, 'test/bench/emptyExtension')] });
  try {
    await workbench.openContainer('SAP Keystore');
    await workbench.sideBar.getByRole('button', { name: 'Add Tenant', exact: true }).waitFor();
    return await eventually("VS Code's report names all three extensions", async () => {
      await workbench.runCommand('Developer: Startup Performance');
      const report = (await workbench.editorText()) ?? '';
      const times = readReport(report);
      return Object.values(extensions).every((id) => times.has(id)) ? times : undefined;
    });
  } finally {
    await workbench.close();
  }
}

/** Rows `| id | eager | load code | call activate | finish activate | event | by |` below the heading of extensions. */
function readReport(report: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const section = report.slice(report.indexOf('## Extension Activation Stats'));
  for (const line of section.split('\n')) {
    const [, id, , loaded, called, finished] = line.split('|').map((cell) => cell.trim());
    const parts = [loaded, called, finished].map(Number);
    if (id !== undefined && id.includes('.') && parts.every((part) => Number.isFinite(part))) {
      times.set(
        id,
        parts.reduce((sum, part) => sum + part, 0),
      );
    }
  }
  return times;
}

const measured: ReadonlyMap<string, number>[] = [];
for (let run = 0; run < runs; run++) {
  measured.push(await activationTimes());
}
for (const [name, id] of Object.entries(extensions)) {
  const times = measured.map((map) => map.get(id) ?? Number.NaN).sort((a, b) => a - b);
  console.log(
    `activation of ${name}: median ${String(times[Math.floor(runs / 2)])} ms of ${times.join(', ')}`,
  );
}
