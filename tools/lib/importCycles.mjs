// Circles among the modules of a folder: what imports itself by way of others.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The circles among the TypeScript files below a folder, each as the paths (from the folder, forward slashes) along its imports, the
 * first one repeated at the end. Imports that are loaded later (`import()`) count, and so do imports of types: whoever reads one of the
 * modules has to know the other.
 */
export function findImportCycles(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const known = new Set(files);
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file, readFileSync(join(folder, file), 'utf8'))
        .map((specifier) => join(dirname(file), specifier).replaceAll('\\', '/').replace(/\.js$/, '.ts'))
        .filter((target) => known.has(target)),
    ]),
  );
  return circlesOf(graph);
}

/** Relative specifiers of all imports and re-exports, static and dynamic. */
function importsOf(name, text) {
  const specifiers = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      specifiers.push(node.moduleSpecifier.text);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      specifiers.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteralLike(argument)) {
        specifiers.push(argument.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  return specifiers.filter((specifier) => specifier.startsWith('.'));
}

/** One circle for each import that closes one, found depth first. */
function circlesOf(graph) {
  const circles = [];
  const done = new Set();
  const path = [];
  const visit = (file) => {
    const at = path.indexOf(file);
    if (at !== -1) {
      circles.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) {
      return;
    }
    path.push(file);
    for (const target of graph.get(file)) {
      visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) {
    visit(file);
  }
  return circles;
}
