import {
  parseInspectorToPage,
  type InspectorIntent,
  type InspectorSnapshot,
  type PageDetails,
  type PagePart,
  type PageSection,
} from '../protocolInspector.js';
import { announce, button, element, section } from './inspectorDom.js';
import {
  actionRow,
  chainSection,
  detailsOf,
  matchSection,
  noticeBox,
  verdictSection,
} from './inspectorParts.js';
import { focusKeeper } from './keepFocus.js';

/** What outlives the page: how far it was scrolled, and which parts a person opened or closed, by their places. */
interface KeptState {
  readonly top: number;
  readonly open: Readonly<Record<string, boolean>>;
}

interface VsCodeApi {
  postMessage(message: InspectorIntent): void;
  getState(): unknown;
  setState(state: KeptState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const keepFocus = focusKeeper();
const kept = keptState();
const chosen: Record<string, boolean> = { ...kept.open };
let shown: InspectorSnapshot | undefined;
let details = new Map<string, PageDetails>();
const asked = new Set<string>();

/** Where the page was when it was hidden; it is as long again only when its fields are back. */
let wantedTop = kept.top;

const ask = (intent: InspectorIntent): void => api.postMessage(intent);

function keptState(): KeptState {
  const state = api.getState();
  const { top, open }: { top?: unknown; open?: unknown } =
    typeof state === 'object' && state !== null ? state : {};
  return {
    top: typeof top === 'number' ? top : 0,
    open:
      typeof open === 'object' && open !== null
        ? Object.fromEntries(
            Object.entries(open).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
          )
        : {},
  };
}

function keep(): void {
  api.setState({ top: Math.max(window.scrollY, wantedTop), open: chosen });
}

function partElement(part: PagePart): HTMLElement {
  const made = element(
    'details',
    { attributes: { class: 'part', id: `part-${part.id}` } },
    element(
      'summary',
      { attributes: { id: `summary-${part.id}` } },
      element('h3', { text: part.title }),
      part.badge === '' ? undefined : element('span', { text: part.badge, attributes: { class: 'badge' } }),
      part.summary === ''
        ? undefined
        : element('span', { text: part.summary, attributes: { class: 'facts' } }),
    ),
    element('div', { attributes: { id: `content-${part.id}`, class: 'content' } }),
  );
  if (made instanceof HTMLDetailsElement) {
    keepOpen(made, part.id, part.isOpen);
    made.addEventListener('toggle', () => fill(part.id));
  }
  return made;
}

/** What a person opens or closes stays so while the page is drawn anew. */
function keepOpen(made: HTMLDetailsElement, id: string, isOpenAtFirst: boolean): void {
  made.open = chosen[id] ?? isOpenAtFirst;
  made.addEventListener('toggle', () => {
    if (made.open !== (chosen[id] ?? isOpenAtFirst)) {
      chosen[id] = made.open;
      keep();
    }
  });
}

/** Puts the fields into an open part; asks for them where they are not here. */
function fill(part: string): void {
  const place = document.getElementById(`content-${part}`);
  const owner = document.getElementById(`part-${part}`);
  if (place === null || !(owner instanceof HTMLDetailsElement) || !owner.open || place.hasChildNodes()) {
    return;
  }
  const known = details.get(part);
  if (known !== undefined) {
    place.replaceChildren(detailsOf(known, shown?.texts.copy ?? '', ask));
  } else if (!asked.has(part)) {
    asked.add(part);
    ask({ kind: 'details', part });
  }
}

function openPart(part: string): void {
  const owner = document.getElementById(`part-${part}`);
  const summary = document.getElementById(`summary-${part}`);
  if (owner instanceof HTMLDetailsElement && summary !== null) {
    owner.open = true;
    summary.focus();
    summary.scrollIntoView({ block: 'start' });
  }
}

function sectionElement(
  { id, heading, note, parts }: PageSection,
  texts: InspectorSnapshot['texts'],
): HTMLElement {
  const setAll = (open: boolean): void => {
    for (const part of parts) {
      const owner = document.getElementById(`part-${part.id}`);
      if (owner instanceof HTMLDetailsElement) {
        owner.open = open;
      }
    }
  };
  // All of very many would be more than anybody reads, and slow.
  const few = parts.length > 1 && parts.length <= 50;
  return section(
    id,
    heading,
    note === '' ? undefined : element('p', { text: note, attributes: { class: 'note' } }),
    few
      ? element(
          'div',
          { attributes: { class: 'actions' } },
          button(texts.openAll, () => setAll(true), {
            id: `openAll-${id}`,
            class: 'secondary small',
            'aria-label': `${texts.openAll}: ${heading}`,
          }),
          button(texts.closeAll, () => setAll(false), {
            id: `closeAll-${id}`,
            class: 'secondary small',
            'aria-label': `${texts.closeAll}: ${heading}`,
          }),
        )
      : undefined,
    ...parts.map(partElement),
  );
}

function render(snapshot: InspectorSnapshot): void {
  const page = document.getElementById('page');
  if (page === null) {
    return;
  }
  const isFirst = shown === undefined;
  const top = isFirst ? kept.top : window.scrollY;
  if (shown?.revision !== snapshot.revision) {
    details = new Map();
    asked.clear();
  }
  shown = snapshot;
  const { notice, chain, matches, actions, texts, notes } = snapshot;
  keepFocus(() => {
    page.replaceChildren(
      element(
        'header',
        {},
        element('h1', { text: snapshot.heading }),
        snapshot.origin === ''
          ? element('span')
          : element('p', { text: snapshot.origin, attributes: { class: 'origin' } }),
      ),
      ...[
        notice === undefined ? undefined : noticeBox(notice, ask),
        verdictSection(snapshot),
        ...notes.map((text) => element('p', { text, attributes: { class: 'warning-note' } })),
        chain === undefined ? undefined : chainSection(chain, openPart),
        ...snapshot.sections.map((one) => sectionElement(one, texts)),
        matches === undefined ? undefined : matchSection(matches, texts.show, ask),
        actions.length === 0
          ? undefined
          : section('actions', texts.actionsHeading, actionRow(actions, ask, false)),
      ].filter((child) => child !== undefined),
    );
    for (const other of page.querySelectorAll('details.other')) {
      if (other instanceof HTMLDetailsElement) {
        keepOpen(other, other.id, false);
      }
    }
    for (const { parts } of snapshot.sections) {
      for (const { id } of parts) {
        fill(id);
      }
    }
  });
  window.scrollTo(0, top);
}

/** Shows on the button itself that it has copied, for a while. */
function showCopied(part: string, field: string, text: string): void {
  const pressed = document.getElementById(`copy-${part}-${field}`);
  const label = pressed?.textContent ?? '';
  if (pressed === null || pressed.classList.contains('copied')) {
    return;
  }
  pressed.textContent = text;
  pressed.classList.add('copied');
  setTimeout(() => {
    pressed.textContent = label;
    pressed.classList.remove('copied');
  }, 3000);
}

window.addEventListener('scroll', keep);
for (const kind of ['wheel', 'keydown', 'pointerdown']) {
  // From here on a person scrolls.
  window.addEventListener(kind, () => (wantedTop = 0));
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseInspectorToPage(event.data);
  switch (message?.kind) {
    case 'snapshot': {
      const before = shown?.notice?.title;
      const searched = shown?.matches?.notes.join(' ');
      if (JSON.stringify(message.snapshot) !== JSON.stringify(shown)) {
        render(message.snapshot);
      }
      const after = message.snapshot.notice?.title;
      const found = message.snapshot.matches?.notes.join(' ') ?? '';
      if (after !== undefined && after !== before) {
        announce(after);
      } else if (found !== '' && searched !== undefined && found !== searched) {
        announce(found);
      } else if (before !== undefined && after === undefined) {
        announce(message.snapshot.verdicts[0]?.answer ?? message.snapshot.heading);
      }
      return;
    }
    case 'details':
      if (message.revision === shown?.revision) {
        details.set(message.details.part, message.details);
        fill(message.details.part);
        if (wantedTop > 0) {
          window.scrollTo(0, wantedTop);
        }
      }
      return;
    case 'progress': {
      const place = document.getElementById(shown?.notice?.tone === 'busy' ? 'progress' : 'search-progress');
      if (place !== null) {
        place.textContent = message.text;
      }
      return;
    }
    case 'copied':
      showCopied(message.part, message.field, shown?.texts.copied ?? '');
      announce(shown?.texts.copied ?? '');
      return;
    case undefined:
  }
});

ask({ kind: 'ready' });
