// A display language for a throw-away server: an unpacked language pack and the index that the server would write itself
// if the pack came from a gallery. `--locale` alone leaves the language at English.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function writeLanguagePack({ locale, userData, extensionsFolder }) {
  const publisher = 'tests';
  const name = `language-pack-${locale}`;
  const version = '1.0.0';
  const folder = join(extensionsFolder, `${publisher}.${name}-${version}`);
  const translations = join(folder, 'main.i18n.json');
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name,
    publisher,
    version,
    engines: { vscode: '^1.103.0' },
    contributes: {
      localizations: [{ languageId: locale, translations: [{ id: 'vscode', path: './main.i18n.json' }] }],
    },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const languagePacks = {
    [locale]: {
      hash: '0'.repeat(32),
      extensions: [{ extensionIdentifier: { id: `${publisher}.${name}` }, version }],
      translations: { vscode: translations },
      label: locale,
    },
  };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify(languagePacks));
}
