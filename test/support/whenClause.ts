/** The values of context keys; one that is missing counts as unset. */
export type ContextValues = Readonly<Record<string, string | boolean>>;

/**
 * Whether VS Code would offer what has this `when`, by the grammar that the manifest uses: `&&`, `||`, `!`, brackets, `==`, `!=` and
 * `=~ /…/`. Throws at anything else, so that a new operator is not taken for something it is not.
 */
export function evaluateWhen(when: string, values: ContextValues): boolean {
  const tokens = [
    ...when.matchAll(/\s*(?:(\/(?:\\.|[^/\\])+\/[a-z]*)|('[^']*')|(&&|\|\||==|!=|=~|[!()])|([\w.:-]+))/gy),
  ];
  const consumed = tokens.reduce((sum, [all]) => sum + all.length, 0);
  let position = 0;
  const fail = (): never => {
    throw new Error(`Not understood: ${when}`);
  };
  if (consumed !== when.trimEnd().length) {
    fail();
  }
  const peek = (): string | undefined => tokens[position]?.[3];
  const take = (operator: string): boolean => {
    const isNext = peek() === operator;
    position += isNext ? 1 : 0;
    return isNext;
  };
  const either = (): boolean => {
    let result = both();
    while (take('||')) {
      const right = both();
      result ||= right;
    }
    return result;
  };
  const both = (): boolean => {
    let result = one();
    while (take('&&')) {
      const right = one();
      result &&= right;
    }
    return result;
  };
  const one = (): boolean => {
    if (take('!')) {
      return !one();
    }
    if (take('(')) {
      const result = either();
      return take(')') ? result : fail();
    }
    const value = values[word()];
    if (take('==')) {
      return String(value ?? '') === word();
    }
    if (take('!=')) {
      return String(value ?? '') !== word();
    }
    if (take('=~')) {
      const [, pattern = fail(), flags] = /^\/(.+)\/([a-z]*)$/.exec(tokens[position++]?.[1] ?? '') ?? [];
      return value !== undefined && new RegExp(pattern, flags).test(String(value));
    }
    return value !== undefined && value !== false && value !== '';
  };
  const word = (): string => {
    const [, , quoted, , plain] = tokens[position++] ?? [];
    return plain ?? quoted?.slice(1, -1) ?? fail();
  };
  const result = either();
  return position === tokens.length ? result : fail();
}
