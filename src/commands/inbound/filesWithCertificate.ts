import { Cancelled, KeystoreError } from '../../errors.js';
import { readFileContent } from '../../pki/fileContent.js';
import type { FileContent } from '../../pki/fileKinds.js';
import { orErrorLater } from '../../pki/orError.js';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import type { Certificate } from '../../pki/certificate.js';
import type { CertificateFile } from '../../services/issuers.js';

/** Files larger than this hold no certificate of a sender. */
const maxFileSize = 256 * 1024;

/** Where a certificate was found, and which files could not be looked into. */
export interface FilesWithCertificate<File extends CertificateFile> {
  readonly files: readonly File[];
  /** Too large, damaged, of a form that is not read here, or a PKCS#12 whose password would have to be asked for. */
  readonly skipped: readonly File[];
}

/** Looks for a certificate in files without asking for a password; a PKCS#12 that opens with the empty one is looked into. */
export async function filesWithCertificate<File extends CertificateFile>(
  files: readonly File[],
  sha256: string,
  options: { readonly derivation: KeyDerivation; readonly signal: AbortSignal },
): Promise<FilesWithCertificate<File>> {
  const found: File[] = [];
  const skipped: File[] = [];
  for (const file of files) {
    Cancelled.throwIfAborted(options.signal);
    const certificates = await certificatesIn(file, options);
    if (certificates === undefined) {
      skipped.push(file);
    } else if (certificates.some((certificate) => certificate.sha256 === sha256)) {
      found.push(file);
    }
  }
  return { files: found, skipped };
}

/** Undefined where it cannot be told. */
async function certificatesIn(
  file: CertificateFile,
  options: { readonly derivation: KeyDerivation; readonly signal: AbortSignal },
): Promise<readonly Certificate[] | undefined> {
  if (file.size > maxFileSize) {
    return undefined;
  }
  const content = await orErrorLater(async () => readFileContent(await file.read(), options));
  return content instanceof KeystoreError ? undefined : certificatesOf(content);
}

function certificatesOf(content: FileContent): readonly Certificate[] | undefined {
  switch (content.kind) {
    case 'certificates':
      return content.certificates;
    case 'pkcs12':
      return content.state === 'open'
        ? content.content.certificates.map(({ certificate }) => certificate)
        : undefined;
    default:
      return [];
  }
}
