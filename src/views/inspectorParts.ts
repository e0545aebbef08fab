/** What the inspector's pages borrow from the views. */
export { entryFacts } from './entryFacts.js';
export { parseEntryPath } from './nodes/entryPath.js';
