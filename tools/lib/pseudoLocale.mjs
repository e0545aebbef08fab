// A copy of the built extension whose strings are all in the pseudo-locale, for one run of the host tests.
import l10nDev from '@vscode/l10n-dev';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageExtension } from './stage.mjs';

export const pseudoLocale = 'qps-ploc';

/** Lays the copy under the root (so that the tests find their packages) and returns its folder. */
export function stagePseudoLocalizedExtension() {
  const folder = stageExtension('pseudo-locale', ['dist-test']);
  translate(join(folder, 'package.nls.json'), join(folder, `package.nls.${pseudoLocale}.json`));
  const bundles = join(folder, 'l10n');
  for (const name of existsSync(bundles) ? readdirSync(bundles) : []) {
    if (name === 'bundle.l10n.json') {
      translate(join(bundles, name), join(bundles, `bundle.l10n.${pseudoLocale}.json`));
    }
  }
  return folder;
}

function translate(source, target) {
  const strings = JSON.parse(readFileSync(source, 'utf8'));
  const translated = l10nDev.getL10nPseudoLocalized(strings);
  writeFileSync(target, JSON.stringify(translated, undefined, 2));
}
