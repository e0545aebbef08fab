// For esbuild: bundled tests that import the tools.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The tools know their own place and what they have started, so tests share their modules with this run. */
export const toolsInPlace = {
  name: 'tools-in-place',
  setup({ onResolve }) {
    onResolve({ filter: /\/tools\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
  },
};
