import { createHash } from 'node:crypto';
import { readCertificate } from '../../pki/certificate.js';
import { encodePem } from '../../pki/pem.js';
import type { PracticeFiles } from '../practiceFiles.js';
import { PracticeNeo, type StoredMapping } from './practiceNeo.js';

const contentFile = 'practice-neo.json';

/** The practice tenant of Neo; its content is made or read with the first request that needs it. */
export function openNeo(options: {
  readonly files: PracticeFiles;
  readonly clock: () => number;
  readonly password: string | undefined;
  readonly keystoreCertificate: (alias: string) => Uint8Array | undefined;
}): { readonly neo: PracticeNeo; readonly reset: () => Promise<void> } {
  const { files, clock } = options;
  let mappings: readonly StoredMapping[] | undefined;
  const seed = (alias: string, user: string): readonly StoredMapping[] => {
    const der = options.keystoreCertificate(alias);
    return der === undefined
      ? []
      : [
          {
            id: createHash('md5').update(der).digest('hex'),
            user,
            certificate: Buffer.from(encodePem('CERTIFICATE', der)).toString('base64'),
            created: clock(),
            modified: clock(),
            validUntil: readCertificate(der).notAfter.getTime(),
          },
        ];
  };
  const neo = new PracticeNeo({
    clock,
    password: options.password,
    load: async () => {
      mappings ??= parse(await files.read(contentFile)) ?? [
        ...seed('orders-sender', 'orders'),
        ...seed('warehouse', 'warehouse'),
        ...seed('legacy.partner.2021', 'orders'),
      ];
      return mappings;
    },
    save: async (changed) => {
      await files.write(contentFile, { version: 1, mappings: changed });
      mappings = changed;
    },
  });
  return {
    neo,
    reset: async () => {
      mappings = undefined;
      await files.remove(contentFile);
    },
  };
}

function parse(content: unknown): readonly StoredMapping[] | undefined {
  const rows: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'mappings') : undefined;
  return Array.isArray(rows) && rows.every(isMapping) ? rows : undefined;
}

function isMapping(row: unknown): row is StoredMapping {
  return (
    typeof row === 'object' &&
    row !== null &&
    ['id', 'user', 'certificate'].every((name) => typeof Reflect.get(row, name) === 'string') &&
    ['created', 'modified', 'validUntil'].every((name) => typeof Reflect.get(row, name) === 'number')
  );
}
