import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

/** HashiCorp's own parser. Its types bring those of a browser with them, so only what is needed is named here. */
const { parse } = createRequire(import.meta.url)('@cdktn/hcl2json') as {
  readonly parse: (fileName: string, text: string) => Promise<unknown>;
};

/** A body of HCL: blocks by their type and labels, attributes by their names. Expressions other than literals are texts in `${}`. */
export type HclBody = Readonly<Record<string, unknown>>;

/** Parses a configuration; rejects with line and column where it is none. */
export async function parseHcl(text: string): Promise<HclBody> {
  const body = await parse('main.tf', text);
  assert.ok(typeof body === 'object' && body !== null);
  return body as HclBody;
}

/** The value of a literal as the parser gives it; fails where something in it would be evaluated. */
export function literalOf(value: unknown): unknown {
  if (typeof value === 'string') {
    assert.doesNotMatch(value.replaceAll(/([$%])\1\{/g, '-'), /[$%]\{/, 'something is evaluated');
    return value.replaceAll(/([$%])\1\{/g, '$1{');
  }
  if (Array.isArray(value)) {
    return value.map(literalOf);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [literalOf(name), literalOf(one)]))
    : value;
}

/** The argument of `jsonencode(…)`, evaluated. */
export async function jsonEncoded(value: unknown): Promise<unknown> {
  const argument = typeof value === 'string' ? /^\$\{jsonencode\(([^]*)\)\}$/.exec(value)?.[1] : undefined;
  assert.ok(argument !== undefined, `no jsonencode: ${String(value)}`);
  const { argument: parsed } = await parseHcl(`argument = ${argument}\n`);
  return literalOf(parsed);
}
