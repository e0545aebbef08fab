import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseName } from '../../src/pki/distinguishedName.js';
import { writeSigningRequest } from '../../src/pki/signingRequest.js';
import { inFolder, medianMs, report, runToEnd } from './pkiFixtures.js';

// A signing request for a key that is there, beside "openssl req" for the same key.
await inFolder(async (folder) => {
  const at = (name: string): string => join(folder, name);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const theirs = await medianMs(21, () =>
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
    ]),
  );
  const subject = parseName('CN=client,O=Example,C=DE');
  const inHost = await medianMs(101, () =>
    writeSigningRequest({
      subject,
      privateKey,
      subjectAltNames: [{ type: 'DNS', value: 'client.example.org' }],
    }),
  );
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
  const inProcess = await medianMs(21, () =>
    runToEnd(process.execPath, [at('request.cjs'), at('key.pem'), at('ours.csr')]),
  );
  const bareNode = await medianMs(21, () => runToEnd(process.execPath, ['-e', '0']));
  report('a signing request made in a host that runs', inHost, 'openssl req', theirs);
  report('a signing request made in a process of its own', inProcess, 'openssl req', theirs);
  console.log(`  of which node takes ${bareNode.toFixed(1)} ms to start and end without doing anything`);
});
