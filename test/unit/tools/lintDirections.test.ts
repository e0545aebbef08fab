import assert from 'node:assert/strict';
import { ESLint } from 'eslint';

/** Settings of a rule that names what may not be imported. */
interface Restriction {
  readonly paths?: readonly { readonly name: string }[];
  readonly patterns?: readonly { readonly regex: string }[];
}

describe('lint', function () {
  this.timeout(60_000);
  const eslint = new ESLint({ cwd: process.cwd() });

  async function restrictionOf(file: string): Promise<Restriction> {
    const config = (await eslint.calculateConfigForFile(file)) as {
      readonly rules: Readonly<Record<string, readonly [number, Restriction]>>;
    };
    return config.rules['@typescript-eslint/no-restricted-imports']?.[1] ?? {};
  }

  const forbidden = [
    ['src/views/nodes/model.ts', '../../commands/handlers/files.js'],
    ['src/views/entriesView.ts', '../webview/html.js'],
    ['src/webview/protocol.ts', '../commands/createKeyPair.js'],
    ['src/webview/html.ts', '../views/entriesView.js'],
    ['src/ui/flow.ts', '../views/entriesView.js'],
    ['src/services/keystores.ts', '../ui/flow.js'],
    ['src/pki/certificate.ts', '../tenant/keystoreClient.js'],
    ['src/commands/createKeyPair.ts', '../composition/views.js'],
  ] as const;
  for (const [file, imported] of forbidden) {
    it(`keeps ${file} from importing ${imported}`, async () => {
      const { patterns = [] } = await restrictionOf(file);
      assert.ok(patterns.some(({ regex }) => new RegExp(regex).test(imported)));
    });
  }

  for (const file of [
    'src/views/nodes/model.ts',
    'src/ui/flow.ts',
    'src/webview/protocol.ts',
    'src/errors.ts',
  ]) {
    it(`keeps VS Code out of ${file}`, async () => {
      const { paths = [] } = await restrictionOf(file);
      assert.ok(paths.some(({ name }) => name === 'vscode'));
    });
  }
});
