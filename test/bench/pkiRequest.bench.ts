import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseName } from '../../src/pki/distinguishedName.js';
import { writeSigningRequest } from '../../src/pki/signingRequest.js';
import { compared, sideBySide, type Tell } from './figures.js';
import { inFolder, runToEnd } from './pkiFixtures.js';

/** A signing request for a key that is there, beside "openssl req" for the same key. */
export async function measure(tell: Tell): Promise<void> {
  await inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const theirs = (): void =>
      runToEnd('openssl', [
        ...[
          'req',
          '-new',
          '-key',
          at('key.pem'),
          '-subj',
          '/C=DE/O=Example/CN=client',
          '-out',
          at('theirs.csr'),
        ],
        ...['-addext', 'subjectAltName=DNS:client.example.org', '-addext', 'extendedKeyUsage=clientAuth'],
      ]);
    const subject = parseName('CN=client,O=Example,C=DE');
    const inHost = (): Uint8Array =>
      writeSigningRequest({
        subject,
        privateKey,
        subjectAltNames: [{ type: 'DNS', value: 'client.example.org' }],
      });
    await build({
      entryPoints: ['test/bench/pkiRequestProcess.ts'],
      outfile: at('request.cjs'),
      bundle: true,
      minify: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
    });
    const inProcess = (): void =>
      runToEnd(process.execPath, [at('request.cjs'), at('key.pem'), at('ours.csr')]);
    const bareNode = (): void => runToEnd(process.execPath, ['-e', '0']);
    const beside = '`openssl req` with its start';
    const host = await sideBySide(21, inHost, theirs);
    tell(compared('Signing request made in a host that runs', host, { beside, atMost: 1 }));
    const own = await sideBySide(21, inProcess, theirs);
    tell(compared('Signing request made in a process of its own', own, { beside, atMost: 1 }));
    const start = await sideBySide(21, inProcess, bareNode);
    tell(compared('the same', start, { beside: 'Node started and ended' }));
  });
}
