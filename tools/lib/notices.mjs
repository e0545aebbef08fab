// The licences of what the bundles hold, taken from esbuild's own account of what went into them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** The text of THIRD-PARTY-NOTICES for these bundles. Throws where a package brings no licence text. */
export function noticesFor(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = packageFolder(path);
        if (folder !== undefined && bytesInOutput > 0) {
          folders.add(folder);
        }
      }
    }
  }
  const packages = [...folders].map(readPackage).sort((a, b) => (a.title < b.title ? -1 : 1));
  const list = packages.map(({ title, license }) => `- ${title}, ${license}`).join('\n');
  const texts = packages.map(
    ({ title, license, text }) =>
      `${'='.repeat(80)}\n${title}\nLicence: ${license}\n${'='.repeat(80)}\n\n${text}\n`,
  );
  return `This extension contains the following software of others.\n\n${list}\n\n${texts.join('\n')}`;
}

/** `node_modules/a/node_modules/@b/c/lib/d.js` lies in the package `node_modules/a/node_modules/@b/c`. */
function packageFolder(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function readPackage(folder) {
  const path = join(root, folder);
  const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const text =
    licenceFile(path) ?? licenceSectionOfReadme(path) ?? (license === 'MIT' ? mitText(author) : undefined);
  if (text === undefined) {
    throw new Error(`${name} ${version} is bundled but brings no licence text.`);
  }
  return { title: `${name} ${version}`, license, text };
}

function licenceFile(path) {
  const file = readdirSync(path)
    .sort()
    .find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  return file === undefined ? undefined : readText(join(path, file));
}

/** Some packages have their licence as the last section of their README only. */
function licenceSectionOfReadme(path) {
  const file = join(path, 'README.md');
  const text = existsSync(file) ? readText(file) : '';
  const heading = /^(?:#+ *licen[cs]e *#*|licen[cs]e *\n[-=]+) *$/im.exec(text);
  const section = heading === null ? '' : text.slice(heading.index + heading[0].length).trim();
  return /permission|redistribution/i.test(section) ? section : undefined;
}

function readText(file) {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The text of the MIT licence for a package that names it without bringing it along. */
function mitText(author) {
  const holder = typeof author === 'string' ? author : (author?.name ?? 'the authors');
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
