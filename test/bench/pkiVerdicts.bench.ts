import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAcceptance } from '../../src/inbound/acceptance.js';
import { readCertificates } from '../../src/pki/container.js';
import { SignatureMemory } from '../../src/pki/pathBuilder.js';
import { encodePem } from '../../src/pki/pem.js';
import { compared, sideBySide, type Tell } from './figures.js';
import { certificateOf, inFolder, rsaKey, runToEnd } from './pkiFixtures.js';
import { trustListOf } from './trustListOf.js';

const count = 6000;

/** Verdicts for 6,000 certificate files, beside one process of "openssl verify" over the same files. */
export async function measure(tell: Tell): Promise<void> {
  await inFolder(async (folder) => {
    const file = (name: string, ...ders: readonly Uint8Array[]): string => {
      const path = join(folder, name);
      writeFileSync(path, ders.map((der) => encodePem('CERTIFICATE', der)).join(''));
      return path;
    };
    const root = { name: 'CN=Root,O=Example,C=DE', key: rsaKey() };
    const cas = [0, 1, 2].map((index) => ({ name: `CN=Issuing CA ${index},O=Example,C=DE`, key: rsaKey() }));
    const rootDer = certificateOf(root, root, true);
    const caDers = cas.map((ca) => certificateOf(ca, root, true));
    const key = rsaKey();
    const leaves = Array.from({ length: count }, (_, index) =>
      file(
        `${index}.pem`,
        certificateOf(
          { name: `CN=client ${index},O=Example,C=DE`, key },
          cas[index % cas.length] ?? root,
          false,
        ),
      ),
    );
    const rootFile = file('root.pem', rootDer);
    const caFile = file('cas.pem', ...caDers);
    const list = trustListOf(rootDer);
    const lists = { integrationFlow: list, tokenByCertificate: list, neo: list };
    const now = Date.parse('2030-01-01T00:00:00Z');

    const ours = (): void => {
      const memory = new SignatureMemory();
      const extra = [caFile, rootFile].flatMap((path) => readCertificates(readFileSync(path)).certificates);
      for (const path of leaves) {
        const chain = readCertificates(readFileSync(path)).certificates;
        const { verdict } = judgeAcceptance({ chain, extra, purpose: 'integrationFlow', lists, now, memory });
        // The intermediates stand beside the leaf and not behind it, which the sender is told.
        if (verdict !== 'warnings') {
          throw new Error(`${path}: ${verdict}`);
        }
      }
    };
    const seconds = String(now / 1000);
    const theirs = (): void =>
      runToEnd('openssl', [
        ...['verify', '-CAfile', rootFile, '-untrusted', caFile, '-purpose', 'sslclient', '-attime', seconds],
        ...leaves,
      ]);
    const found = await sideBySide(5, ours, theirs);
    tell(
      compared('Verdicts for 6,000 certificate files', found, {
        beside: 'one `openssl verify` over the same files',
        atMost: 1,
      }),
    );
  });
}
