/** What the page shows; everything in it is text for people or an id, and nothing of it is secret. */
export interface MappingSnapshot {
  readonly setUpId: string;
  readonly heading: string;
  readonly tenant: string;
  readonly summary: string;
  readonly stages: readonly {
    readonly id: string;
    readonly title: string;
    readonly state: string;
    readonly stateText: string;
    readonly reason: string;
  }[];
  /** Facts of the certificate; empty where none is chosen. */
  readonly certificate: readonly SnapshotRow[];
  readonly certificateNote: string;
  readonly ways: readonly {
    readonly way: string;
    readonly title: string;
    readonly consequence: string;
    readonly detail: string;
    readonly chosen: boolean;
    readonly settings: readonly SnapshotRow[];
  }[];
  /** The next step in words. */
  readonly nextText: string;
  /** Buttons by intent; the first is the obvious next step. */
  readonly actions: readonly { readonly intent: Exclude<PlainIntent, 'ready'>; readonly label: string }[];
  readonly texts: SnapshotTexts;
}

/** A name with a value that can be copied by its id. */
export interface SnapshotRow {
  readonly id: string;
  readonly name: string;
  /** What is copied, exact. */
  readonly value: string;
  /** What is shown: control and direction characters made visible. */
  readonly shown: string;
  readonly canCopy: boolean;
}

/** The words of the page itself. */
export interface SnapshotTexts {
  readonly stagesHeading: string;
  readonly certificateHeading: string;
  readonly waysHeading: string;
  readonly valuesHeading: string;
  readonly nextHeading: string;
  readonly copy: string;
  readonly copyAll: string;
  readonly copied: string;
}

/** Intents without a value. */
export const plainIntents = [
  'ready',
  'inspect',
  'changeCertificate',
  'refresh',
  'downloadSigningRequest',
  'importSigningResponse',
  'createKeyPair',
] as const;

export type PlainIntent = (typeof plainIntents)[number];

/** What the page asks of the keystores and set-ups. */
export type RequestIntent =
  { readonly kind: Exclude<PlainIntent, 'ready'> } | { readonly kind: 'chooseWay'; readonly way: string };

/** What the page may ask of the host. */
export type Intent =
  | RequestIntent
  | { readonly kind: 'ready' }
  | { readonly kind: 'copy'; readonly id: string }
  | { readonly kind: 'copyAll'; readonly way: string };

/** What the host tells the page. */
export type ToPage =
  | { readonly kind: 'snapshot'; readonly snapshot: MappingSnapshot }
  | { readonly kind: 'copied'; readonly id: string };

/** Checks a message of the page against the snapshot it was sent for; undefined where it is none of ours. */
export function parseIntent(message: unknown, snapshot: MappingSnapshot | undefined): Intent | undefined {
  const kind = member(message, 'kind');
  const plain = plainIntents.find((known) => known === kind);
  if (plain === 'ready') {
    return { kind: plain };
  }
  if (snapshot === undefined) {
    return undefined;
  }
  if (plain !== undefined) {
    return plain === 'refresh' || snapshot.actions.some(({ intent }) => intent === plain)
      ? { kind: plain }
      : undefined;
  }
  const way = member(message, 'way');
  const id = member(message, 'id');
  if ((kind === 'chooseWay' || kind === 'copyAll') && typeof way === 'string') {
    return snapshot.ways.some((known) => known.way === way) ? { kind, way } : undefined;
  }
  if (kind === 'copy' && typeof id === 'string') {
    return copyableRows(snapshot).some((row) => row.id === id) ? { kind, id } : undefined;
  }
  return undefined;
}

/** Checks a message of the host. */
export function parseToPage(message: unknown): ToPage | undefined {
  const kind = member(message, 'kind');
  if (kind === 'copied') {
    const id = member(message, 'id');
    return typeof id === 'string' ? { kind, id } : undefined;
  }
  const snapshot = member(message, 'snapshot');
  return kind === 'snapshot' && isSnapshot(snapshot) ? { kind, snapshot } : undefined;
}

/** The rows that have a copy button. */
export function copyableRows(snapshot: MappingSnapshot): readonly SnapshotRow[] {
  return [...snapshot.certificate, ...snapshot.ways.flatMap(({ settings }) => settings)].filter(
    ({ canCopy }) => canCopy,
  );
}

function isSnapshot(value: unknown): value is MappingSnapshot {
  return (
    typeof member(value, 'setUpId') === 'string' &&
    Array.isArray(member(value, 'stages')) &&
    Array.isArray(member(value, 'certificate')) &&
    Array.isArray(member(value, 'ways')) &&
    Array.isArray(member(value, 'actions')) &&
    typeof member(value, 'texts') === 'object'
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
