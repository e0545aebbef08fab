import type { Uri } from 'vscode';

/** What a menu, the Explorer, a drop on the tree or the palette hands over to a command about files. */
export interface FileArguments {
  /** The files in their order; empty where the command must ask. */
  readonly files: readonly Uri[];
  /** Files of certificates that were dropped together with those. */
  readonly certificates: readonly Uri[];
  /** The row that the files are meant for; undefined where the command must ask. */
  readonly row: unknown;
}

/** Tells files and row apart: a URI, several from the Explorer, a tree row, or `{ tenantId, files, certificates }` of a drop. */
export function fileArguments(
  argument: unknown,
  selection: unknown,
  isUri: (value: unknown) => value is Uri,
): FileArguments {
  if (isUri(argument)) {
    const selected = Array.isArray(selection) ? selection.filter(isUri) : [];
    return { files: selected.length > 1 ? selected : [argument], certificates: [], row: undefined };
  }
  if (Array.isArray(argument) && argument.length > 0 && argument.every(isUri)) {
    return { files: argument, certificates: [], row: undefined };
  }
  const dropped = (name: string): readonly Uri[] => {
    const value: unknown =
      typeof argument === 'object' && argument !== null ? Reflect.get(argument, name) : undefined;
    return Array.isArray(value) ? value.filter(isUri) : [];
  };
  return { files: dropped('files'), certificates: dropped('certificates'), row: argument };
}
