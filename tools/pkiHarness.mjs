// Reads one JSON request a line from standard input, writes one JSON answer a line to standard output, and nothing else.
import { pathToFileURL } from 'node:url';
import { bundleHarness } from './harnessBundle.mjs';

await import(pathToFileURL(await bundleHarness()).href);
