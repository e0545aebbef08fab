/** What the page shows; everything in it is text for people or an id, and nothing of it is secret. */
export interface MappingSnapshot {
  readonly setUpId: string;
  readonly heading: string;
  readonly tenant: string;
  readonly summary: string;
  /** For the page as a whole. */
  readonly pageActions: readonly SnapshotAction[];
  readonly stages: readonly {
    readonly id: string;
    readonly title: string;
    readonly state: string;
    readonly stateText: string;
    readonly reason: string;
  }[];
  readonly next: {
    readonly text: string;
    /** The first is the obvious next step. */
    readonly actions: readonly SnapshotAction[];
  };
  /** What is known in full, a section for each subject. */
  readonly sections: readonly SnapshotSection[];
  readonly ways: readonly {
    readonly way: string;
    readonly title: string;
    readonly consequence: string;
    readonly detail: string;
    readonly chosen: boolean;
    readonly settings: readonly SnapshotRow[];
    /** What this way costs here and now; empty where nothing is to be said. */
    readonly warnings: readonly string[];
  }[];
  readonly texts: SnapshotTexts;
}

/** A part of the page with its facts and buttons. */
export interface SnapshotSection {
  readonly id: string;
  readonly heading: string;
  /** The state of its stage and why; empty where it has none. */
  readonly text: string;
  /** Further facts, a sentence each. */
  readonly lines: readonly string[];
  readonly rows: readonly SnapshotRow[];
  readonly actions: readonly SnapshotAction[];
}

/** A button. */
export interface SnapshotAction {
  readonly intent: PageAction;
  readonly label: string;
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
  readonly pageActions: string;
  readonly stagesHeading: string;
  readonly waysHeading: string;
  readonly valuesHeading: string;
  readonly nextHeading: string;
  readonly copy: string;
  readonly copyAll: string;
  readonly copied: string;
}

/** What a button can ask for; all but `refresh` are commands that exist elsewhere too. */
export const pageActions = [
  'refresh',
  'inspect',
  'rename',
  'remove',
  'saveMarkdown',
  'changeCertificate',
  'changeReceiver',
  'changeEndpoint',
  'changeRole',
  'copyValues',
  'copyCf',
  'copyTerraform',
  'copyCockpit',
  'copyCurl',
  'downloadSigningRequest',
  'importSigningResponse',
  'createKeyPair',
  'saveCertificate',
  'signInCloudFoundry',
  'chooseSpace',
  'readServiceKeys',
  'showServiceKey',
  'createServiceKey',
  'createInstance',
  'changeRoles',
  'mendGrantTypes',
  'renewCertificate',
  'addNeoMapping',
] as const;

export type PageAction = (typeof pageActions)[number];

/** What the page asks of the keystores and set-ups. */
export type RequestIntent =
  { readonly kind: PageAction } | { readonly kind: 'chooseWay'; readonly way: string };

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
  if (kind === 'ready') {
    return { kind };
  }
  if (snapshot === undefined) {
    return undefined;
  }
  const action = pageActions.find((known) => known === kind);
  if (action !== undefined) {
    return offeredActions(snapshot).some(({ intent }) => intent === action) ? { kind: action } : undefined;
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
  return [
    ...snapshot.sections.flatMap(({ rows }) => rows),
    ...snapshot.ways.flatMap(({ settings }) => settings),
  ].filter(({ canCopy }) => canCopy);
}

function offeredActions(snapshot: MappingSnapshot): readonly SnapshotAction[] {
  return [
    ...snapshot.pageActions,
    ...snapshot.next.actions,
    ...snapshot.sections.flatMap(({ actions }) => actions),
  ];
}

function isSnapshot(value: unknown): value is MappingSnapshot {
  return (
    typeof member(value, 'setUpId') === 'string' &&
    ['pageActions', 'stages', 'sections', 'ways'].every((name) => Array.isArray(member(value, name))) &&
    Array.isArray(member(member(value, 'next'), 'actions')) &&
    typeof member(value, 'texts') === 'object'
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
