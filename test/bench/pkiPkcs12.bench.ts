import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { encodePem } from '../../src/pki/pem.js';
import { readPkcs12 } from '../../src/pki/pkcs12Reader.js';
import { writePkcs12 } from '../../src/pki/pkcs12Writer.js';
import { threadedKeyDerivation } from '../../src/pki/threadedKeyDerivation.js';
import { compared, median, milliseconds, sideBySide, type Tell } from './figures.js';
import { certificateOf, inFolder, rsaKey, runToEnd } from './pkiFixtures.js';

const rounds = 600_000;
const password = 'Correct-Horse-9';
const derivation = threadedKeyDerivation(pathToFileURL(resolve('dist/keyDerivationWorker.js')));

/** PKCS#12 with 600,000 rounds for each of its three keys (MAC, certificates, private key), beside openssl pkcs12. */
export async function measure(tell: Tell): Promise<void> {
  await inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    const own = { name: 'CN=client,O=Example,C=DE', key: rsaKey() };
    const certificate = certificateOf(own, own, false);
    const pkcs8 = Uint8Array.from(own.key.privateKey.export({ type: 'pkcs8', format: 'der' }));
    writeFileSync(at('cert.pem'), encodePem('CERTIFICATE', certificate));
    writeFileSync(at('key.pem'), encodePem('PRIVATE KEY', pkcs8));
    const theirWrite = (): void =>
      runToEnd('openssl', [
        ...['pkcs12', '-export', '-in', at('cert.pem'), '-inkey', at('key.pem'), '-out', at('a.p12')],
        ...['-iter', String(rounds), '-passout', `pass:${password}`],
      ]);
    const theirRead = (): void =>
      runToEnd('openssl', ['pkcs12', '-in', at('a.p12'), '-nodes', '-passin', `pass:${password}`]);
    theirWrite();
    const bytes = Uint8Array.from(readFileSync(at('a.p12')));
    const held: number[] = [];
    const read = async (): Promise<void> => {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await readPkcs12(bytes, { password, derivation });
      delay.disable();
      held.push(delay.max / 1e6);
    };
    const reading = await sideBySide(7, read, theirRead);
    tell(compared('PKCS#12 of 600,000 rounds read', reading, { beside: '`openssl pkcs12`', atMost: 2 }));
    tell({
      what: 'Longest hold-up of the event loop meanwhile',
      here: `${milliseconds(median(held))} (at worst ${milliseconds(Math.max(...held))})`,
      aim: 'loop free',
    });
    const write = (): Promise<Uint8Array> =>
      writePkcs12(
        { privateKey: pkcs8, certificates: [certificate] },
        { password, profile: 'modern', rounds, derivation },
      );
    const writing = await sideBySide(7, write, () => {
      theirWrite();
      theirRead();
    });
    tell(
      compared('The same written and read back', writing, {
        beside: '`openssl pkcs12 -export`, then `openssl pkcs12`',
        atMost: 2,
      }),
    );
  });
}
