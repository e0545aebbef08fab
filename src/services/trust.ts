import { createReadStream } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { loadTrustLists, maxListBytes, singleTrustList, type TrustLists } from '../inbound/trustLists.js';
import { readCertificates } from '../pki/container.js';
import { practiceTrustList } from '../practice/practiceTrust.js';
import type { Connection } from './connection.js';

/**
 * The lists by which certificates for a tenant are judged: those of SAP as far as the setting does not replace them, or, for the
 * practice tenant, its own. Read anew each time, so that a changed file counts at once. Throws as `loadTrustLists` does, and
 * `invalid-input` for a setting that names no absolute paths.
 */
export async function trustListsFor(
  connection: Connection | undefined,
  source: {
    /** The folder that holds `media`. */
    readonly extensionPath: string;
    /** The setting `ciKeystore.trust.listFiles` as it stands. */
    readonly listFiles: unknown;
  },
): Promise<TrustLists> {
  const ca = connection?.practice === true ? connection.address.trustedCa : undefined;
  if (ca !== undefined) {
    const { certificates } = readCertificates(new TextEncoder().encode(ca));
    return singleTrustList(practiceTrustList(certificates, l10n.t("the practice tenant's own list")));
  }
  return await loadTrustLists(
    join(source.extensionPath, 'media', 'trust'),
    checkedPaths(source.listFiles),
    readListFile,
  );
}

/** No more of it than tells that it is too large. */
async function readListFile(path: string): Promise<Uint8Array> {
  return Buffer.concat((await createReadStream(path, { end: maxListBytes }).toArray()) as Buffer[]);
}

function checkedPaths(setting: unknown): readonly string[] {
  const paths: readonly unknown[] = Array.isArray(setting) ? setting : [setting];
  return paths.map((path) => {
    if (typeof path !== 'string' || !isAbsolute(path)) {
      throw new KeystoreError('invalid-input', 'trust list setting is no list of absolute paths', {
        details: {
          explanation: l10n.t(
            'The setting "ciKeystore.trust.listFiles" must be a list of absolute file paths; "{0}" is none. Until it is corrected nothing is judged.',
            String(path),
          ),
        },
      });
    }
    return path;
  });
}
