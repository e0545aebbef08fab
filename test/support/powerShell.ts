import assert from 'node:assert/strict';

/**
 * What the commands of a script get as their arguments on Windows. `5.1` hands texts to a program as that version does, which is
 * `Legacy` of later ones; `7.3` hands them over as they are unless the script asks for `Legacy`. It knows simple commands, single
 * quotation marks, blocks that are called, assignments of texts and comments, and fails at anything else.
 */
export function argumentsInPowerShell(
  script: string,
  version: '5.1' | '7.3',
): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  const scopes = [{ isLegacy: version === '5.1' }];
  for (const words of statementsOf(script)) {
    const [first = '', second, third] = words.map(({ text }) => text);
    const isBare = words.every(({ isQuoted }) => !isQuoted);
    if (first === '&' && second === '{' && words.length === 2 && isBare) {
      scopes.push({ isLegacy: scopes.at(-1)?.isLegacy === true });
    } else if (first === '}' && words.length === 1 && isBare && scopes.length > 1) {
      scopes.pop();
    } else if (first.startsWith('$')) {
      assert.ok(second === '=' && words.length === 3, `no assignment: ${first}`);
      const scope = scopes.at(-1);
      if (first === '$PSNativeCommandArgumentPassing' && scope !== undefined) {
        scope.isLegacy = third === 'Legacy';
      }
    } else {
      assert.match(first, /^[a-z]+$/, 'a program');
      const given = words.slice(1).map(({ text }) => text);
      commands.push([first, ...(scopes.at(-1)?.isLegacy === true ? throughCommandLine(given) : given)]);
    }
  }
  assert.equal(scopes.length, 1, 'a block is open');
  return commands;
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

function statementsOf(script: string): readonly (readonly Word[])[] {
  const statements: Word[][] = [[]];
  // PowerShell takes typographic marks for the plain one.
  const pattern =
    /(\n)|#[^\n]*|[ \t]+|['\u2018-\u201b]((?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*)['\u2018-\u201b](?=\s|$)|([&{}=](?=\s|$)|\$[A-Za-z:_0-9]+(?=\s|$)|[A-Za-z0-9_-][A-Za-z0-9_.:/=-]*(?=\s|$))/gy;
  while (pattern.lastIndex < script.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(script);
    assert.ok(match, `not understood: ${script.slice(at, at + 40)}`);
    const [, line, quoted, bare] = match;
    if (line !== undefined) {
      statements.push([]);
    } else if (quoted !== undefined) {
      const text = quoted.replaceAll(/(['\u2018-\u201b])['\u2018-\u201b]/g, '$1');
      statements.at(-1)?.push({ text, isQuoted: true });
    } else if (bare !== undefined) {
      statements.at(-1)?.push({ text: bare, isQuoted: false });
    }
  }
  return statements.filter((words) => words.length > 0);
}

/** `Legacy`: joined to a command line with marks around what has blanks, which the program takes apart by the rules of Windows. */
function throughCommandLine(given: readonly string[]): readonly string[] {
  const line = given
    .filter((one) => one !== '')
    .map((one) => (needsMarks(one) ? `"${one}"` : one))
    .join(' ');
  return programArguments(line);
}

function needsMarks(text: string): boolean {
  let marks = 0;
  let isAfterBackslash = false;
  for (const character of text) {
    if (character === '"' && !isAfterBackslash) {
      marks += 1;
    } else if (/\s/.test(character) && marks % 2 === 0) {
      return true;
    }
    isAfterBackslash = character === '\\';
  }
  return false;
}

/** As the C run time of Windows reads a command line ("Parsing C++ command-line arguments"). */
function programArguments(line: string): readonly string[] {
  const found: string[] = [];
  let current: string | undefined;
  let isMarked = false;
  for (let at = 0; at < line.length;) {
    const backslashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    const next = line[at + backslashes];
    if (backslashes > 0) {
      const isBeforeMark = next === '"';
      current = (current ?? '') + '\\'.repeat(isBeforeMark ? Math.floor(backslashes / 2) : backslashes);
      at += backslashes;
      if (isBeforeMark && backslashes % 2 === 1) {
        current += '"';
        at += 1;
      }
    } else if (next === '"') {
      current ??= '';
      isMarked = !isMarked;
      at += 1;
    } else if ((next === ' ' || next === '\t') && !isMarked) {
      found.push(...(current === undefined ? [] : [current]));
      current = undefined;
      at += 1;
    } else {
      current = (current ?? '') + (next ?? '');
      at += 1;
    }
  }
  return current === undefined ? found : [...found, current];
}
