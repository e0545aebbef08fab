import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findImportCycles } from '../../../tools/lib/importCycles.mjs';

describe('the check for import cycles', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cycles-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function cyclesOf(files: Readonly<Record<string, string>>): readonly (readonly string[])[] {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return findImportCycles(folder);
  }

  it('finds a circle over folders', () => {
    assert.deepEqual(
      cyclesOf({
        'main.ts': "import { a } from './pki/a.js';",
        'pki/a.ts': "import { b } from '../tenant/b.js';\nexport const a = b;",
        'tenant/b.ts': "import { c } from './c.js';\nexport const b = c;",
        'tenant/c.ts': "export { a as c } from '../pki/a.js';",
      }),
      [['pki/a.ts', 'tenant/b.ts', 'tenant/c.ts', 'pki/a.ts']],
    );
  });

  it('finds one that goes by a later import, by an import for its effect, and by mixed braces', () => {
    for (const back of [
      "export const a = async () => await import('./a.js');",
      "import './a.js';",
      "import { type A, a } from './a.js';",
      "import * as a from './a.js';",
      "import a from './a.js';",
      "export * from './a.js';",
    ]) {
      assert.deepEqual(cyclesOf({ 'a.ts': "import { b } from './b.js';", 'b.ts': back }), [
        ['a.ts', 'b.ts', 'a.ts'],
      ]);
    }
  });

  it('finds a module that imports itself', () => {
    assert.deepEqual(cyclesOf({ 'a.ts': "import { b } from './a.js';" }), [['a.ts', 'a.ts']]);
  });

  it('finds one that goes by types alone', () => {
    for (const back of [
      "import type { A } from './a.js';",
      "import { type A } from './a.js';",
      "export type { A } from './a.js';",
    ]) {
      assert.deepEqual(cyclesOf({ 'a.ts': "import { b } from './b.js';", 'b.ts': back }), [
        ['a.ts', 'b.ts', 'a.ts'],
      ]);
    }
  });

  it('passes packages and two ways to the same module', () => {
    assert.deepEqual(
      cyclesOf({
        'a.ts': "import { b } from './b.js';\nimport { c } from './c.js';\nimport fs from 'node:fs';",
        'b.ts': "import { c } from './c.js';",
        'c.ts': 'export const c = 1;',
      }),
      [],
    );
  });
});
