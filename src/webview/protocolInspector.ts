/** What the inspector's page shows; everything in it is text for people or an id, and nothing of it is secret. */
export interface InspectorSnapshot {
  /** Rises with each reading; details of an earlier reading are void. */
  readonly revision: number;
  readonly heading: string;
  /** What it is, and where it lies. */
  readonly origin: string;
  /** Instead of, or above, the content: being read, locked, damaged, nothing found. */
  readonly notice: PageNotice | undefined;
  readonly verdicts: readonly PageVerdict[];
  readonly chain: PageChain | undefined;
  readonly notes: readonly string[];
  readonly sections: readonly PageSection[];
  readonly matches: PageMatches | undefined;
  readonly actions: readonly PageAction[];
  readonly texts: InspectorTexts;
}

/** A state of the whole page, with the next step. */
export interface PageNotice {
  readonly tone: 'busy' | 'locked' | 'problem' | 'empty';
  readonly title: string;
  readonly text: string;
  readonly actions: readonly PageAction[];
}

/** A button. */
export interface PageAction {
  readonly action: InspectorAction;
  readonly label: string;
}

/** The answer for one purpose. */
export interface PageVerdict {
  readonly id: string;
  readonly question: string;
  readonly verdict: 'yes' | 'warnings' | 'no' | 'cannotTell';
  /** The verdict in a word or two. */
  readonly word: string;
  /** The verdict in one sentence. */
  readonly answer: string;
  readonly reasons: readonly {
    readonly kind: 'ok' | 'warning' | 'problem' | 'unknown';
    /** The kind in a word. */
    readonly word: string;
    readonly text: string;
  }[];
  readonly sources: readonly string[];
}

/** The chain in order, the leaf first; what is missing at its end stands last, without a part. */
export interface PageChain {
  readonly heading: string;
  readonly links: readonly {
    readonly role: 'leaf' | 'intermediate' | 'root' | 'missing';
    readonly roleText: string;
    readonly title: string;
    readonly facts: readonly string[];
    /** The part that tells more. */
    readonly part: string | undefined;
    /** What binds it to the next one. */
    readonly bond: string | undefined;
  }[];
}

/** Parts under one heading. */
export interface PageSection {
  readonly id: string;
  readonly heading: string;
  readonly note: string;
  readonly parts: readonly PagePart[];
}

/** A thing that opens; its fields are asked for when it does. */
export interface PagePart {
  readonly id: string;
  readonly title: string;
  readonly badge: string;
  readonly summary: string;
  /** Open unless a person closed it. */
  readonly isOpen: boolean;
}

/** The fields of one part. */
export interface PageDetails {
  readonly part: string;
  readonly notes: readonly string[];
  readonly groups: readonly { readonly title: string; readonly fields: readonly PageField[] }[];
}

/** One fact of a part. */
export interface PageField {
  readonly id: string;
  readonly label: string;
  readonly shown: string;
  /** Number, string type, critical. */
  readonly remarks: readonly string[];
  readonly problem: string;
  readonly canCopy: boolean;
  readonly children: readonly PageField[];
}

/** What has the same public key. */
export interface PageMatches {
  readonly heading: string;
  /** What was looked at and what could not be. */
  readonly notes: readonly string[];
  readonly found: readonly { readonly id: string; readonly title: string; readonly detail: string }[];
  readonly actions: readonly PageAction[];
}

/** The words of the page itself. */
export interface InspectorTexts {
  readonly verdictHeading: string;
  readonly otherVerdicts: string;
  readonly sources: string;
  readonly reading: string;
  readonly copy: string;
  readonly copied: string;
  readonly openAll: string;
  readonly closeAll: string;
  readonly show: string;
  readonly actionsHeading: string;
}

/** What a button may ask for; the host offers a part of it. */
export const inspectorActions = [
  'unlock',
  'cancel',
  'retry',
  'openAsText',
  'completeChain',
  'convert',
  'copyAsPem',
  'compare',
  'searchKeystores',
  'searchFiles',
  'showMapping',
  'showInKeystores',
] as const;

export type InspectorAction = (typeof inspectorActions)[number];

/** What the page may ask of the host. */
export type InspectorIntent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'details'; readonly part: string }
  | { readonly kind: 'copy'; readonly part: string; readonly field: string }
  | { readonly kind: 'showMatch'; readonly id: string }
  | { readonly kind: 'act'; readonly action: InspectorAction };

/** What the host tells the page. */
export type InspectorToPage =
  | { readonly kind: 'snapshot'; readonly snapshot: InspectorSnapshot }
  | { readonly kind: 'details'; readonly revision: number; readonly details: PageDetails }
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'copied'; readonly part: string; readonly field: string };

/** Checks a message of the page against the snapshot it was sent for; undefined where it is none of ours. */
export function parseInspectorIntent(
  message: unknown,
  snapshot: InspectorSnapshot | undefined,
): InspectorIntent | undefined {
  const kind = member(message, 'kind');
  if (kind === 'ready') {
    return { kind };
  }
  if (snapshot === undefined) {
    return undefined;
  }
  switch (kind) {
    case 'details':
    case 'copy': {
      const part = member(message, 'part');
      if (
        typeof part !== 'string' ||
        !snapshot.sections.some(({ parts }) => parts.some(({ id }) => id === part))
      ) {
        return undefined;
      }
      const field = member(message, 'field');
      if (kind === 'details') {
        return { kind, part };
      }
      return typeof field === 'string' && /^\d+(?:\.\d+)+$/.test(field) ? { kind, part, field } : undefined;
    }
    case 'showMatch': {
      const id = member(message, 'id');
      return snapshot.matches?.found.some((match) => match.id === id) === true
        ? { kind, id: String(id) }
        : undefined;
    }
    case 'act': {
      const action = offeredActions(snapshot).find((offered) => offered === member(message, 'action'));
      return action === undefined ? undefined : { kind, action };
    }
    default:
      return undefined;
  }
}

/** Every action that a button of the page has. */
export function offeredActions({ notice, actions, matches }: InspectorSnapshot): readonly InspectorAction[] {
  return [...(notice?.actions ?? []), ...actions, ...(matches?.actions ?? [])].map(({ action }) => action);
}

/** Checks a message of the host. */
export function parseInspectorToPage(message: unknown): InspectorToPage | undefined {
  const kind = member(message, 'kind');
  switch (kind) {
    case 'snapshot': {
      const snapshot = member(message, 'snapshot');
      return isSnapshot(snapshot) ? { kind, snapshot } : undefined;
    }
    case 'details': {
      const revision = member(message, 'revision');
      const details = member(message, 'details');
      return typeof revision === 'number' && isDetails(details) ? { kind, revision, details } : undefined;
    }
    case 'progress': {
      const text = member(message, 'text');
      return typeof text === 'string' ? { kind, text } : undefined;
    }
    case 'copied': {
      const [part, field] = [member(message, 'part'), member(message, 'field')];
      return typeof part === 'string' && typeof field === 'string' ? { kind, part, field } : undefined;
    }
    default:
      return undefined;
  }
}

function isSnapshot(value: unknown): value is InspectorSnapshot {
  return (
    typeof member(value, 'revision') === 'number' &&
    typeof member(value, 'heading') === 'string' &&
    ['verdicts', 'notes', 'sections', 'actions'].every((name) => Array.isArray(member(value, name))) &&
    typeof member(value, 'texts') === 'object'
  );
}

function isDetails(value: unknown): value is PageDetails {
  return (
    typeof member(value, 'part') === 'string' &&
    Array.isArray(member(value, 'notes')) &&
    Array.isArray(member(value, 'groups'))
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
