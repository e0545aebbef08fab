// Runs one bundled file of browser tests for tools/browser.mjs, after the hooks that all of them share, and tells what it counted.
// Usage: node tools/browserFile.mjs <hooks> <file> [pattern]
import { endAll } from './lib/children.mjs';
import { runMocha } from './mochaRun.mjs';

process.setSourceMapsEnabled(true);
const [hooks, file, grep] = process.argv.slice(2);
try {
  const result = await runMocha([hooks, file], {
    timeout: 120_000,
    slow: 10_000,
    ...(grep === undefined ? {} : { grep }),
  });
  await new Promise((resolve) => process.send(result, resolve));
} finally {
  await endAll();
}
process.disconnect();
