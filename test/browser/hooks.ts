import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../tools/lib/paths.mjs';
import { openWorkbenches } from './workbench.js';

/** A failed test leaves a picture of every workbench that was open, and what its messages say, also those that went by. */
afterEach(async function () {
  if (this.currentTest?.state !== 'failed') {
    return;
  }
  const folder = join(cacheFolder, 'failures');
  mkdirSync(folder, { recursive: true });
  const name = this.currentTest.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100);
  for (const [index, workbench] of openWorkbenches().entries()) {
    const path = join(folder, `${name}-${index}.png`);
    await workbench.page.screenshot({ path }).catch(() => undefined);
    const messages = await workbench.messages().catch(() => []);
    const told = [`picture: ${path}`, ...messages.map((message) => `message: ${message}`)];
    console.log(told.map((line) => `      ${line}`).join('\n'));
  }
});

/** What a failed set-up left open must not wait for the end of the whole run. */
after(async () => {
  for (const workbench of openWorkbenches()) {
    await workbench.close();
  }
});
