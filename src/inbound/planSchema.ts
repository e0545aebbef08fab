import { isArray, isObject, type JsonObject } from '../http/checked.js';

/** One property that a plan's JSON schema describes, wherever in the schema it stands. */
export interface SchemaProperty {
  /** Names from the root object on; more than one for a property of a nested object. */
  readonly path: readonly string[];
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

const maximumDepth = 8;
const maximumProperties = 500;

/**
 * Every property of a schema of draft 4 to 2020-12: also those within `oneOf`, `anyOf`, `allOf`, `if`, `then`, `else`, nested
 * objects and local references. The same path may come more than once, from alternatives. Never throws.
 */
export function schemaProperties(schema: JsonObject | undefined): readonly SchemaProperty[] {
  const found: SchemaProperty[] = [];
  if (schema !== undefined) {
    collect({ schema, root: schema, path: [], depth: 0 }, found);
  }
  return found;
}

/** The values that a property allows, where it lists them (`enum`, `const`, also in alternatives). */
export function allowedValues({ schema }: SchemaProperty): readonly unknown[] {
  const alternatives = ['oneOf', 'anyOf'].flatMap((name) => objects(schema[name]));
  return [schema, ...alternatives].flatMap((one) => [
    ...(isArray(one['enum']) ? one['enum'] : []),
    ...('const' in one ? [one['const']] : []),
  ]);
}

/** The one of its kind; alternatives of a schema may name it several times under one path. */
export function onlyPath<T extends { readonly path: readonly string[] }>(found: readonly T[]): T | undefined {
  const paths = new Set(found.map(({ path }) => JSON.stringify(path)));
  return paths.size === 1 ? found[0] : undefined;
}

/** `certificatePinning` and `x509.certificate-pinning` as words. */
export function wordsOf(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[^A-Za-z0-9]+/g, ' ');
}

/** What a keyword such as `minimum` says, where it is a number. */
export function numberOf(property: SchemaProperty | undefined, keyword: string): number | undefined {
  const value = property?.schema[keyword];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Sets what stands at a path, making the objects on the way; objects that are there are not changed but replaced. */
export function putAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    return;
  }
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const existing = target[name];
  const inner: Record<string, unknown> = isObject(existing) ? { ...existing } : {};
  putAt(inner, rest, value);
  target[name] = inner;
}

interface Place {
  readonly schema: JsonObject;
  readonly root: JsonObject;
  readonly path: readonly string[];
  readonly depth: number;
}

function collect({ schema, root, path, depth }: Place, found: SchemaProperty[]): void {
  if (depth > maximumDepth || found.length > maximumProperties) {
    return;
  }
  const required = isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, value] of Object.entries(properties)) {
    const property = isObject(value) ? resolve(value, root) : {};
    const inner = [...path, name];
    // In draft 3 a property said itself that it is required.
    found.push({
      path: inner,
      schema: property,
      isRequired: required.includes(name) || property['required'] === true,
    });
    collect({ schema: property, root, path: inner, depth: depth + 1 }, found);
  }
  for (const name of ['oneOf', 'anyOf', 'allOf']) {
    for (const alternative of objects(schema[name])) {
      collect({ schema: resolve(alternative, root), root, path, depth: depth + 1 }, found);
    }
  }
  for (const name of ['if', 'then', 'else', '$ref']) {
    const part = name === '$ref' ? resolve(schema, root) : schema[name];
    if (isObject(part) && part !== schema) {
      collect({ schema: resolve(part, root), root, path, depth: depth + 1 }, found);
    }
  }
}

/** Follows one `#/definitions/x` or `#/$defs/x`; any other reference is not followed. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) {
    return schema;
  }
  let target: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    target = isObject(target) ? target[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return isObject(target) ? target : schema;
}

function objects(value: unknown): readonly JsonObject[] {
  return (isArray(value) ? value : []).filter(isObject);
}
