import { Cancelled, KeystoreError } from '../errors.js';
import type { Certificate } from '../pki/certificate.js';
import { orderChain } from '../pki/chain.js';
import { readCertificates } from '../pki/container.js';
import { type Name, namesEqual, parseName } from '../pki/distinguishedName.js';
import type { Connections } from './connections.js';
import { folderLimit, type FolderFiles } from './folderFiles.js';
import type { Keystores } from './keystores.js';

/** A certificate that may be a missing issuer, and where it was found, for people. */
export interface FoundIssuer {
  readonly certificate: Certificate;
  readonly from: string;
}

/** A place where the issuer of a certificate is looked for; never the network beyond the tenants that are connected. */
export type IssuerSource = (child: Certificate, signal: AbortSignal) => Promise<readonly FoundIssuer[]>;

/** A chain is not longer than this many certificates; a file made to need more is not followed. */
const maxChainLength = 20;

/**
 * The issuers that a chain lacks, as far as the sources have them: each link is looked for by the issuer's name and counts only
 * where its key has signed. The leaf is the certificate with this key, else the one that looks like it.
 */
export async function gatherIssuers(
  certificates: readonly Certificate[],
  options: {
    readonly leafSpkiSha256?: string | undefined;
    readonly sources: readonly IssuerSource[];
    readonly signal: AbortSignal;
  },
): Promise<readonly FoundIssuer[]> {
  const { sources, signal } = options;
  const first = orderChain(certificates, { leafSpkiSha256: options.leafSpkiSha256 });
  const leaf = first.leaf;
  const found: FoundIssuer[] = [];
  let chain = first.chain;
  let isComplete = first.missingIssuer === undefined;
  while (!isComplete && leaf !== undefined && chain.length < maxChainLength) {
    const last = chain.at(-1) ?? leaf;
    const candidates: FoundIssuer[] = [];
    for (const source of sources) {
      candidates.push(...(await source(last, signal)));
    }
    const pool = [...certificates, ...found.map(({ certificate }) => certificate)];
    const next = orderChain([...pool, ...candidates.map(({ certificate }) => certificate)], {
      leafSpkiSha256: leaf.spkiSha256,
    });
    if (next.chain.length <= chain.length) {
      break;
    }
    // Also below what was the last: another issuer of the same key may lead further.
    const known = new Set(pool.map(({ sha256 }) => sha256));
    found.push(
      ...next.chain.flatMap(({ sha256 }) => {
        const candidate = candidates.find(({ certificate }) => certificate.sha256 === sha256);
        return candidate === undefined || known.has(sha256) ? [] : [candidate];
      }),
    );
    chain = next.chain;
    isComplete = next.missingIssuer === undefined;
  }
  return found;
}

/** A tenant may hold many entries of one name; more than this many are not read for one link. */
const maxReadsPerIssuer = 10;

/**
 * The keystores of the connected tenants: certificates with the issuer's name, and chains of key pairs that
 * it or the certificate itself has signed. A tenant that cannot be read is told to `onUnread` and passed over.
 */
export function tenantIssuers(
  connections: Pick<Connections, 'list'>,
  keystores: Pick<Keystores, 'entriesOrRead' | 'access'>,
  onUnread: (tenantName: string) => void,
): IssuerSource {
  const unread = new Set<string>();
  const read = new Map<string, readonly Certificate[]>();
  return async (child, signal) => {
    const found: FoundIssuer[] = [];
    for (const { id, name } of connections.list()) {
      if (unread.has(id)) {
        continue;
      }
      try {
        const entries = await keystores.entriesOrRead(id, signal);
        const suitable = entries
          .filter(({ subjectDn, issuerDn, type }) =>
            type === 'Key Pair'
              ? isNamed(issuerDn, child.issuer) || isNamed(issuerDn, child.subject)
              : isNamed(subjectDn, child.issuer),
          )
          .slice(0, maxReadsPerIssuer);
        const { client } = await keystores.access(id);
        for (const { hexalias, type } of suitable) {
          const key = `${id}/${hexalias}`;
          const certificates =
            read.get(key) ??
            readCertificates(
              type === 'Key Pair'
                ? await client.readChainResource(hexalias, signal)
                : await client.readCertificate(hexalias, 'leaf', signal),
            ).certificates;
          read.set(key, certificates);
          found.push(...certificates.map((certificate) => ({ certificate, from: name })));
        }
      } catch (error) {
        if (!KeystoreError.is(error)) {
          throw error;
        }
        unread.add(id);
        onUnread(name);
      }
    }
    return found;
  };
}

/** A tenant's rendering of a name that cannot be read as one is no match. */
function isNamed(rendered: string | undefined, name: Name): boolean {
  if (rendered === undefined) {
    return false;
  }
  try {
    return namesEqual(parseName(rendered), name);
  } catch {
    return false;
  }
}

/** A file of the open folder that may hold certificates. */
export interface CertificateFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

const maxFileSize = 256 * 1024;

/**
 * The certificates in the files of the open folder, read once; what is none, and what is too large, is passed over. Where an issuer
 * was not found and the folder has more files than are looked at, `onGap` is told so once, for people.
 */
export function folderIssuers(
  listFiles: () => Promise<FolderFiles<CertificateFile>>,
  onGap: (told: string) => void,
): IssuerSource {
  let listed: FolderFiles<CertificateFile> | undefined;
  let all: Promise<readonly FoundIssuer[]> | undefined;
  let isTold = false;
  return async (child, signal) => {
    listed ??= await listFiles();
    all ??= readAll(listed.files, signal);
    const found = (await all).filter(({ certificate }) => namesEqual(certificate.subject, child.issuer));
    if (found.length === 0 && !isTold) {
      isTold = true;
      folderLimit(listed).forEach(onGap);
    }
    return found;
  };
}

async function readAll(
  files: readonly CertificateFile[],
  signal: AbortSignal,
): Promise<readonly FoundIssuer[]> {
  const found: FoundIssuer[] = [];
  for (const file of files) {
    Cancelled.throwIfAborted(signal);
    if (file.size <= maxFileSize) {
      found.push(...(await certificatesOf(file)));
    }
  }
  return found;
}

async function certificatesOf(file: CertificateFile): Promise<readonly FoundIssuer[]> {
  try {
    return readCertificates(await file.read()).certificates.map((certificate) => ({
      certificate,
      from: file.name,
    }));
  } catch (error) {
    if (KeystoreError.is(error)) {
      return [];
    }
    throw error;
  }
}
