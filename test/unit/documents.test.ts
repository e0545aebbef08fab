import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Setting } from '../../src/contributions.js';

const rowsOf = (path: string): readonly (readonly string[])[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));

describe('docs/unverified.md', () => {
  const places = rowsOf('docs/unverified.md').flatMap(([, place = '']) =>
    place.includes('`') ? [place] : [],
  );

  it('names files that exist, and in them what decides', () => {
    const missing = places.flatMap((place) => {
      const files = [...place.matchAll(/`((?:src|media)\/[^`]+)`/g)].map(([, file = '']) => file);
      const named = [...place.matchAll(/((?:`\w+`(?:, | and ))*`\w+`) (?:in|of) `(src\/[^`]+)`/g)].flatMap(
        ([, names = '', file = '']) =>
          [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ name, file })),
      );
      return [
        ...files.filter((file) => !existsSync(file)),
        ...named
          .filter(({ file }) => existsSync(file))
          .filter(({ name, file }) => !new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8')))
          .map(({ name, file }) => `${name} in ${file}`),
      ];
    });
    assert.ok(places.length > 40);
    assert.deepEqual(missing, []);
  });
});

describe('README.md', () => {
  it('tells of every setting and its default', () => {
    const told = rowsOf('README.md').flatMap(([id = '', fallback = '']) => {
      const setting = /`(ciKeystore\.[\w.]+)`/.exec(id)?.[1];
      return setting === undefined ? [] : [[setting, fallback.trim()]];
    });
    const expected = Object.values(Setting).map((setting) => [
      setting.id,
      Array.isArray(setting.fallback) ? 'none' : String(setting.fallback),
    ]);
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('leads to headings and files that exist', () => {
    const text = readFileSync('README.md', 'utf8');
    const headings = new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(
        ([, heading = '']) =>
          `#${heading
            .toLowerCase()
            .replace(/[^\w -]/g, '')
            .replaceAll(' ', '-')}`,
      ),
    );
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const dead = targets.filter(
      (target) =>
        !/^https:/.test(target) && !(target.startsWith('#') ? headings.has(target) : existsSync(target)),
    );
    assert.ok(targets.length > 5);
    assert.deepEqual(dead, []);
  });
});
