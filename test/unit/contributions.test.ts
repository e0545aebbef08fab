import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Command, ContextKey, Setting, View } from '../../src/contributions.js';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string }[];
    readonly menus: Record<string, readonly MenuItem[]>;
    readonly views: Record<string, readonly { id: string }[]>;
    readonly viewsContainers: { readonly activitybar: readonly { id: string }[] };
    readonly configuration: {
      readonly properties: Record<string, { default: unknown; scope: string; description: string }>;
    };
    readonly walkthroughs: readonly { readonly steps: readonly { description: string }[] }[];
  };
  readonly activationEvents: readonly string[];
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const ids: readonly string[] = Object.values(Command);

describe('contributions', () => {
  it('lists exactly the commands of the manifest', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...ids].sort());
  });

  it('lists exactly the settings of the manifest, each with default, scope and description', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.values(Setting)
        .map(({ id }) => id)
        .sort(),
    );
    for (const { id, fallback } of Object.values(Setting)) {
      const property = properties[id];
      assert.deepEqual(property?.default, fallback);
      assert.match(property.scope, /^(?:application|machine)$/);
      assert.ok(property.description.startsWith('%setting.'));
    }
  });

  it('names the container, the view and the panel of the manifest', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [View.container],
    );
    assert.deepEqual(
      contributes.views[View.container]?.map(({ id }) => id),
      [View.entries, View.inboundClients],
    );
    assert.deepEqual(manifest.activationEvents, [`onWebviewPanel:${View.mapping}`]);
  });

  it('uses every string of package.nls.json and finds each that the manifest names', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual([...new Set(used)].sort(), Object.keys(strings).sort());
  });

  it('has menus only for known commands, tied to the view, each in a group', () => {
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const item of items) {
        assert.ok(item.submenu !== undefined || ids.includes(item.command ?? ''), `${menu}: ${item.command}`);
        assert.match(item.group ?? '', /@\d+$/, `${menu}: ${item.command}`);
        if (menu.startsWith('view/')) {
          assert.match(
            item.when ?? '',
            /^view == ciKeystore\.(?:entries|inboundClients)(?: && |$)/,
            `${menu}: ${item.command}`,
          );
        }
      }
    }
  });

  it('asks only for context keys that the extension sets', () => {
    const known: readonly string[] = Object.values(ContextKey);
    const asked = [...text.matchAll(/ciKeystore:\w+/g)].map(([key]) => key);
    assert.deepEqual([...new Set(asked)].sort(), [...known].sort());
  });

  it('gives every title its words: verb first, no emoji', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, '%command.category%');
      assert.match(strings[title.slice(1, -1)] ?? '', /^[A-Z][A-Za-z #\-…]+\??$/, command);
    }
  });

  it('links only to commands that exist', () => {
    for (const target of JSON.stringify(strings).matchAll(/command:([\w.]+)/g)) {
      assert.ok(ids.includes(target[1] ?? ''), target[0]);
    }
  });
});
