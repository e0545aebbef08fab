import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { encodePem } from '../../src/pki/pem.js';
import { readPkcs12 } from '../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../src/pki/pkcs12Writer.js';
import { threadedKeyDerivation } from '../../src/pki/threadedKeyDerivation.js';
import { certificateOf, inFolder, medianMs, report, rsaKey, runToEnd } from './pkiFixtures.js';

// PKCS#12 with 600,000 rounds for each of its three keys (MAC, certificates, private key), beside openssl pkcs12.
const rounds = 600_000;
const password = 'Correct-Horse-9';
const derivation = threadedKeyDerivation(pathToFileURL(resolve('dist/keyDerivationWorker.js')));

await inFolder(async (folder) => {
  const at = (name: string): string => join(folder, name);
  const own = { name: 'CN=client,O=Example,C=DE', key: rsaKey() };
  const certificate = certificateOf(own, own, false);
  const pkcs8 = Uint8Array.from(own.key.privateKey.export({ type: 'pkcs8', format: 'der' }));
  writeFileSync(at('cert.pem'), encodePem('CERTIFICATE', certificate));
  writeFileSync(at('key.pem'), encodePem('PRIVATE KEY', pkcs8));
  const exported = [
    ...['pkcs12', '-export', '-in', at('cert.pem'), '-inkey', at('key.pem'), '-out', at('a.p12')],
    ...['-iter', String(rounds), '-passout', `pass:${password}`],
  ];
  const theirWrite = await medianMs(5, () => runToEnd('openssl', exported));
  const theirRead = await medianMs(5, () =>
    runToEnd('openssl', ['pkcs12', '-in', at('a.p12'), '-nodes', '-passin', `pass:${password}`]),
  );
  const bytes = Uint8Array.from(readFileSync(at('a.p12')));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ourRead = await medianMs(5, () => readPkcs12(bytes, { password, derivation }));
  delay.disable();
  const longest = delay.max / 1e6;
  report('PKCS#12 of 600,000 rounds read', ourRead, 'openssl pkcs12', theirRead);
  console.log(`  the loop was held up for at most ${longest.toFixed(1)} ms meanwhile`);
  const ourWrite = await medianMs(3, () =>
    writePkcs12(
      { privateKey: pkcs8, certificates: [certificate] },
      { password, profile: 'modern', rounds, derivation },
    ),
  );
  report(
    'the same written and read back',
    ourWrite,
    'openssl pkcs12 -export and pkcs12',
    theirWrite + theirRead,
  );
});
