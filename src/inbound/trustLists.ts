import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';
import { nameKey, parseName } from '../pki/distinguishedName.js';

/** Purposes whose authorities SAP lists; each has a list of its own. */
export const listedPurposes = ['integrationFlow', 'tokenByCertificate', 'neo'] as const;

/** A purpose with a list. */
export type ListedPurpose = (typeof listedPurposes)[number];

/** An authority of a list, known by facts only; its certificate is not at hand. */
export interface ListedRoot {
  /** RFC 4514. */
  readonly subject: string;
  /** `nameKey` of the subject. */
  readonly subjectKey: string;
  /** Lower-case hex, of the certificate; undefined where the source does not give it. */
  readonly sha256: string | undefined;
  readonly sha1: string | undefined;
  /** Subject key identifier, lower-case hex. */
  readonly keyIdentifier: string | undefined;
  /** Last day of validity, `YYYY-MM-DD`. */
  readonly notAfter: string | undefined;
}

/** An authority that was on the list once. */
export interface RemovedRoot extends ListedRoot {
  /** Version of the list that lacks it first. */
  readonly removedIn: string;
  /** `YYYY-MM-DD`. */
  readonly removedOn: string;
}

/** What is not confirmed by a tenant is decided here and nowhere else. */
export interface TrustRules {
  /** `named`: client authentication must be among the usages; `notExcluded`: a certificate without usages is taken too. */
  readonly clientAuthentication: 'named' | 'notExcluded';
  /** Whether a removed root is refused for certain. */
  readonly removedRoot: 'no' | 'cannotTell';
}

/** The authorities that SAP names for one purpose, with source, version and date. */
export interface TrustList {
  readonly name: string;
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Where it was taken from. */
  readonly source: string;
  readonly note: string;
  readonly rules: TrustRules;
  readonly roots: readonly ListedRoot[];
  readonly removed: readonly RemovedRoot[];
}

/** One list for each purpose. */
export type TrustLists = Readonly<Record<ListedPurpose, TrustList>>;

/** Reads a file, of one that is too large at least a byte more than `maxListBytes`; rejects where it cannot. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

const fileNames: Readonly<Record<ListedPurpose, string>> = {
  integrationFlow: 'sap-approved.json',
  tokenByCertificate: 'token-by-certificate.json',
  neo: 'neo.json',
};

/** Bytes of a list; more of a file need not be read. */
export const maxListBytes = 4 * 1024 * 1024;
const maxRoots = 5000;

/**
 * The lists in `builtInFolder`, each replaced by the file of `replacements` that is made for the same purpose. A file that cannot
 * be used is an error (`file-system`, `malformed`, `too-large`), never silently passed over for the list that comes along.
 */
export async function loadTrustLists(
  builtInFolder: string,
  replacements: readonly string[],
  read: ReadFile,
): Promise<TrustLists> {
  const replaced = new Map<ListedPurpose, { readonly path: string; readonly list: TrustList }>();
  for (const path of replacements) {
    const { purpose, list } = await readListFile(path, read);
    const other = replaced.get(purpose);
    if (other !== undefined) {
      throw unusable(path, l10n.t('"{0}" is a list for the same purpose; name one of them only', other.path));
    }
    replaced.set(purpose, { path, list });
  }
  const load = async (purpose: ListedPurpose): Promise<TrustList> =>
    replaced.get(purpose)?.list ??
    (await readListFile(`${builtInFolder}/${fileNames[purpose]}`, read, purpose)).list;
  return {
    integrationFlow: await load('integrationFlow'),
    tokenByCertificate: await load('tokenByCertificate'),
    neo: await load('neo'),
  };
}

/** The same list for every purpose, as the practice tenant has it. */
export function singleTrustList(
  list: Omit<TrustList, 'roots' | 'removed'> & { readonly roots: readonly Omit<ListedRoot, 'subjectKey'>[] },
): TrustLists {
  const whole: TrustList = {
    ...list,
    roots: list.roots.map((root) => ({ ...root, subjectKey: nameKey(parseName(root.subject)) })),
    removed: [],
  };
  return { integrationFlow: whole, tokenByCertificate: whole, neo: whole };
}

async function readListFile(
  path: string,
  read: ReadFile,
  expected?: ListedPurpose,
): Promise<{ readonly purpose: ListedPurpose; readonly list: TrustList }> {
  let bytes: Uint8Array;
  try {
    bytes = await read(path);
  } catch (cause) {
    throw new KeystoreError('file-system', 'trust list cannot be read', {
      cause,
      details: {
        explanation: l10n.t(
          'The trust list "{0}" cannot be read. Correct the setting "ciKeystore.trust.listFiles", or put the file there.',
          path,
        ),
      },
    });
  }
  if (bytes.length > maxListBytes) {
    throw unusable(path, l10n.t('it has more than {0} bytes', maxListBytes));
  }
  const parsed = parseTrustList(bytes, path);
  if (expected !== undefined && parsed.purpose !== expected) {
    throw unusable(path, l10n.t('its purpose is "{0}"', parsed.purpose));
  }
  return parsed;
}

/** Reads a list; `path` is named in the error (`malformed`), which says what is wrong in it and where. */
export function parseTrustList(
  bytes: Uint8Array,
  path: string,
): { readonly purpose: ListedPurpose; readonly list: TrustList } {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw unusable(path, l10n.t('it is not JSON in UTF-8'));
  }
  const file = new Fields(content, path, '');
  if (file.get('format') !== 1) {
    throw unusable(path, l10n.t('"format" must be 1'));
  }
  const rules = new Fields(file.get('rules') ?? {}, path, 'rules.');
  const purpose = file.oneOf('purpose', listedPurposes);
  return {
    purpose,
    list: {
      name: file.text('name'),
      version: file.text('version'),
      date: file.day('date'),
      source: file.text('source'),
      note: file.optional('note') ?? '',
      rules: {
        clientAuthentication: rules.oneOf(
          'clientAuthentication',
          ['named', 'notExcluded'],
          purpose === 'integrationFlow' ? 'named' : 'notExcluded',
        ),
        removedRoot: rules.oneOf('removedRoot', ['no', 'cannotTell'], 'no'),
      },
      roots: file.rows('roots', 1).map(listedRoot),
      removed: file.get('removed') === undefined ? [] : file.rows('removed').map(removedRoot),
    },
  };
}

function listedRoot(row: Fields): ListedRoot {
  return {
    subject: row.text('subject'),
    subjectKey: row.nameKey('subject'),
    sha256: row.hex('sha256', 64),
    sha1: row.hex('sha1', 40),
    keyIdentifier: row.hex('keyIdentifier'),
    notAfter: row.get('notAfter') === undefined ? undefined : row.day('notAfter'),
  };
}

function removedRoot(row: Fields): RemovedRoot {
  return { ...listedRoot(row), removedIn: row.text('removedIn'), removedOn: row.day('removedOn') };
}

/** The members of a JSON object, each checked as it is taken. */
class Fields {
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly path: string,
    private readonly at: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw unusable(path, l10n.t('"{0}" must be an object', at.replace(/\.$/, '') || 'JSON'));
    }
    this.members = { ...value };
  }

  get(name: string): unknown {
    return this.members[name];
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string' || value.trim() === '' || value.length > 1000 || /\p{Cc}/u.test(value)) {
      throw this.wrong(name, l10n.t('a text of 1 to 1000 characters, none of them a control character'));
    }
    return value;
  }

  optional(name: string): string | undefined {
    return this.get(name) === undefined ? undefined : this.text(name);
  }

  day(name: string): string {
    const value = this.text(name);
    // A day that the month does not have would become one of the next month.
    const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
      throw this.wrong(name, l10n.t('a date such as 2026-06-03'));
    }
    return value;
  }

  hex(name: string, length?: number): string | undefined {
    const value = this.optional(name)?.replaceAll(':', '').toLowerCase();
    if (
      value !== undefined &&
      (!/^(?:[0-9a-f]{2})+$/.test(value) || (length ?? value.length) !== value.length)
    ) {
      throw this.wrong(name, length === undefined ? l10n.t('hex digits') : l10n.t('{0} hex digits', length));
    }
    return value;
  }

  nameKey(name: string): string {
    try {
      return nameKey(parseName(this.text(name)));
    } catch (error) {
      if (!KeystoreError.is(error)) {
        throw error;
      }
      throw this.wrong(name, l10n.t('a distinguished name such as CN=Root,O=Authority,C=DE'));
    }
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback?: T): T {
    const value = this.get(name) ?? fallback;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) {
      throw this.wrong(name, values.map((candidate) => `"${candidate}"`).join(', '));
    }
    return found;
  }

  rows(name: string, least = 0): readonly Fields[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length < least || value.length > maxRoots) {
      throw this.wrong(name, l10n.t('a list of {0} to {1} authorities', least, maxRoots));
    }
    return (value as readonly unknown[]).map(
      (row, index) => new Fields(row, this.path, `${this.at}${name}[${index}].`),
    );
  }

  private wrong(name: string, expected: string): KeystoreError {
    return unusable(this.path, l10n.t('"{0}" must be: {1}', `${this.at}${name}`, expected));
  }
}

function unusable(path: string, what: string): KeystoreError {
  return new KeystoreError('malformed', 'trust list cannot be used', {
    details: {
      explanation: l10n.t(
        'The trust list "{0}" cannot be used: {1}. Correct the file, or take it out of the setting "ciKeystore.trust.listFiles"; until then nothing is judged.',
        path,
        what,
      ),
    },
  });
}
