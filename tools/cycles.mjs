// Part of the lint command: no module of src imports itself by way of others (docs/architecture.md, "Directions").
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findImportCycles } from './lib/importCycles.mjs';
import { root } from './lib/paths.mjs';

/** One problem for each circle. */
export function checkCycles() {
  return findImportCycles(join(root, 'src')).map((circle) => `import cycle: ${circle.join(' -> ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkCycles();
  problems.forEach((problem) => console.error(problem));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
