import { createHash } from 'node:crypto';
import type { Certificate } from '../../pki/certificate.js';
import { readCertificates } from '../../pki/container.js';
import { PracticeError } from '../practiceError.js';

/** A mapping as the practice tenant keeps it; times in milliseconds since the epoch. */
export interface StoredMapping {
  readonly id: string;
  readonly user: string;
  /** Base64 of the PEM text, as it was sent. */
  readonly certificate: string;
  readonly created: number;
  readonly modified: number;
  readonly validUntil: number;
}

const limits = { user: 150, certificate: 8_192, total: 2 * 1024 * 1024 } as const;

/** The certificate-to-user mappings of a tenant of Neo, with the tenant's rules and error texts. */
export class PracticeMappings {
  private readonly mappings: Map<string, StoredMapping>;

  constructor(
    mappings: readonly StoredMapping[],
    private readonly clock: () => number,
  ) {
    this.mappings = new Map(mappings.map((mapping) => [mapping.id, mapping]));
  }

  list(): readonly StoredMapping[] {
    return [...this.mappings.values()];
  }

  /** Rows of the entity set; a filter is honoured on the user alone, as the tenant does. */
  rows(filter: string | null): readonly Record<string, unknown>[] {
    const user = /^User eq '(.*)'$/.exec(filter ?? '')?.[1]?.replaceAll("''", "'");
    return this.list()
      .filter((row) => user === undefined || row.user === user)
      .map((row) => mappingJson(row, true));
  }

  /** One row; 404 where there is none. */
  row(id: string): Record<string, unknown> {
    return mappingJson(this.find(id), true);
  }

  /** Creates a mapping, or changes the user of one without a word, as the tenant does; gives its row. */
  map(body: unknown): Record<string, unknown> {
    const text = (name: string): string => {
      const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
      return typeof value === 'string' ? value : '';
    };
    const [user, certificate] = [text('User'), text('Certificate')];
    if (user === '' || user.length > limits.user || certificate.length > limits.certificate) {
      throw new PracticeError(400, 'User or certificate is missing or too long');
    }
    const made = storedMapping(leafOf(certificate), { user, certificate, now: this.clock() });
    const before = this.mappings.get(made.id);
    const others = this.list().filter((row) => row !== before);
    if (others.reduce((sum, row) => sum + row.certificate.length, certificate.length) > limits.total) {
      throw new PracticeError(400, 'The limit of 2 MB for certificate-to-user mappings is reached');
    }
    const kept = { ...made, created: before?.created ?? made.created };
    this.mappings.set(kept.id, kept);
    return mappingJson(kept, false);
  }

  /** Removes a mapping; 404 where there is none. */
  unmap(id: string): void {
    this.mappings.delete(this.find(id).id);
  }

  private find(id: string): StoredMapping {
    const found = this.mappings.get(id);
    if (found === undefined) {
      throw new PracticeError(404, 'Requested entity could not be found.');
    }
    return found;
  }
}

/** The mapping of a certificate, under the identifier that the tenant computes. */
export function storedMapping(
  leaf: Pick<Certificate, 'der' | 'notAfter'>,
  { user, certificate, now }: { readonly user: string; readonly certificate: string; readonly now: number },
): StoredMapping {
  const id = createHash('md5').update(leaf.der).digest('hex');
  return { id, user, certificate, created: now, modified: now, validUntil: leaf.notAfter.getTime() };
}

function leafOf(certificate: string): Certificate {
  try {
    const [leaf] = readCertificates(Buffer.from(certificate, 'base64')).certificates;
    if (leaf !== undefined) {
      return leaf;
    }
  } catch {
    // Told below.
  }
  // The tenant answers a certificate that it cannot read with 500.
  throw new PracticeError(
    500,
    'Problem during creating an entity: The certificate is not a X.509 certificate',
  );
}

function mappingJson(row: StoredMapping, hasEnd: boolean): Record<string, unknown> {
  return {
    Id: row.id,
    User: row.user,
    Certificate: row.certificate,
    LastModifiedBy: 'practice',
    LastModifiedTime: `/Date(${row.modified})/`,
    CreatedBy: 'practice',
    CreatedTime: `/Date(${row.created})/`,
    // Int64, which OData V2 writes as text; the answer to a creation has none.
    ValidUntil: hasEnd ? String(row.validUntil) : null,
  };
}
