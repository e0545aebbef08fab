// Bundles the extension, the page's client and the tests that run in a real VS Code.
// Usage: node esbuild.mjs [--production]
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const entry = 'src/extension.ts';
const pageClients = [
  { in: 'src/webview/client/main.ts', out: 'mapping' },
  { in: 'src/webview/client/inspector.ts', out: 'inspector' },
];

/**
 * Bundles the extension: a small entry, the rest in lazy chunks, which only ESM can split; worker threads and the pages' clients as
 * files of their own. Returns esbuild's metafiles, the extension's first, for the size check and the notices.
 */
export async function buildExtension({ production = false, outdir = join(root, 'dist') } = {}) {
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
  const inNode = { ...common, outdir, format: 'esm', platform: 'node', target: 'node22' };
  const options = {
    ...inNode,
    entryPoints: { extension: entry },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['vscode'],
    plugins: [builtinsAsDefaultImports],
  };
  const { metafile } = await build({ ...options, write: false });
  const extension = await build({
    ...options,
    plugins: [...options.plugins, startInOneFile(lazyModules(metafile))],
  });
  // A thread shares nothing with the host's modules, so neither does its file.
  const threads = await build({
    ...inNode,
    entryPoints: workers(),
    entryNames: '[name]',
    plugins: [builtinsAsDefaultImports],
  });
  const pages = await build({
    ...common,
    entryPoints: pageClients,
    outdir,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    tsconfig: 'src/webview/client/tsconfig.json',
  });
  const metafiles = [extension.metafile, threads.metafile, pages.metafile];
  if (outdir === join(root, 'dist')) {
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(join(root, '.cache/metafiles.json'), JSON.stringify(metafiles));
  }
  return metafiles;
}

/** Bundles the tests that run inside an extension host: `dist-test/host.js` and one module per test file beside it. */
export async function buildHostTests() {
  const outdir = join(root, 'dist-test');
  rmSync(outdir, { recursive: true, force: true });
  const tests = [...listFiles('test/host'), ...listFiles('test/unit/pki')].filter((file) =>
    file.endsWith('.test.ts'),
  );
  await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: [
      { in: 'test/host/index.ts', out: 'host' },
      ...tests.map((file) => ({ in: file, out: file.replace(/^test\//, '').replace(/\.ts$/, '') })),
    ],
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/**
 * CommonJS packages call `require('http')`, which an ES module does not have. Their calls become default imports: that object is
 * the one that VS Code patches for its proxy settings.
 */
const builtinsAsDefaultImports = {
  name: 'builtins-as-default-imports',
  setup({ onResolve, onLoad }) {
    const names = new RegExp(
      `^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`,
    );
    onResolve({ filter: names }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `import builtin from ${JSON.stringify(path)};\nmodule.exports = builtin;`,
      loader: 'js',
    }));
  },
};

/**
 * esbuild puts modules into one file where the same lazy modules reach them, which scatters what is loaded at the start over some
 * twenty files; reading them took a host three times as long as reading one. Where every lazy module reaches the entry, all of the
 * start is in one file. At run time that import finds what is there already.
 */
function startInOneFile(files) {
  return {
    name: 'start-in-one-file',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        files.has(path)
          ? {
              contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(join(root, entry))};\n`,
              loader: 'ts',
            }
          : undefined,
      );
    },
  };
}

/** Paths of the extension's modules that are imported when needed and are not part of the start. */
function lazyModules({ inputs }) {
  const start = new Set();
  const visit = (path) => {
    if (!start.has(path) && inputs[path] !== undefined) {
      start.add(path);
      inputs[path].imports
        .filter(({ kind }) => kind === 'import-statement')
        .forEach(({ path: next }) => visit(next));
    }
  };
  visit(entry);
  const targets = Object.values(inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind, external }) => kind === 'dynamic-import' && external !== true)
    .map(({ path }) => path);
  return new Set(
    targets.filter((path) => path.startsWith('src/') && !start.has(path)).map((path) => join(root, path)),
  );
}

/** Files named `…Worker.ts` in src/pki are started as worker threads and so need a file of their own. */
function workers() {
  return listFiles('src/pki').filter((file) => file.endsWith('Worker.ts'));
}

/** Paths from the root, with forward slashes. */
function listFiles(folder) {
  const path = join(root, folder);
  return existsSync(path)
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
        .sort()
    : [];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildExtension({ production: process.argv.includes('--production') });
}
