// A certificate authority for one test run, trusted by that run's host as one of the machine's.
import { join } from 'node:path';
import { run, temporaryFolder } from './children.mjs';

/** Makes a CA with openssl; returns the files of its key and its certificate, PEM. */
export function makeTestAuthority() {
  const folder = temporaryFolder('cica');
  const files = { key: join(folder, 'ca.key'), certificate: join(folder, 'ca.pem') };
  const { status, stderr, error } = run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
    ...['-keyout', files.key, '-out', files.certificate, '-subj', '/C=DE/O=ACME/CN=Machine CA'],
    ...['-addext', 'keyUsage=critical,keyCertSign'],
  ]);
  if (status !== 0) {
    throw new Error(`openssl could not make a certificate authority: ${error?.message ?? stderr}`);
  }
  return files;
}
