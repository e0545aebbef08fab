import {
  parseToPage,
  type Intent,
  type MappingSnapshot,
  type SnapshotAction,
  type SnapshotRow,
  type SnapshotSection,
} from '../protocol.js';

import { focusKeeper } from './keepFocus.js';

interface VsCodeApi {
  postMessage(message: Intent): void;
  getState(): unknown;
  setState(state: { readonly setUpId: string; readonly top: number }): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const keepFocus = focusKeeper();
let shown: MappingSnapshot | undefined;
/** A choice was made that the host may not keep, so that the next snapshot is shown even if it is the same. */
let hasChosen = false;

/** An element with its text set as text and its attributes set one by one. */
function element(
  tag: string,
  options: { readonly text?: string; readonly attributes?: Readonly<Record<string, string>> } = {},
  ...children: readonly HTMLElement[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    made.setAttribute(name, value);
  }
  if (options.text !== undefined) {
    made.textContent = options.text;
  }
  made.append(...children);
  return made;
}

function button(
  id: string,
  label: string,
  intent: Intent,
  options: { name?: string; primary?: boolean } = {},
): HTMLElement {
  const made = element('button', {
    text: label,
    attributes: {
      type: 'button',
      id,
      class: options.primary === true ? 'primary' : 'secondary',
      ...(options.name === undefined ? {} : { 'aria-label': options.name }),
    },
  });
  made.addEventListener('click', () => api.postMessage(intent));
  return made;
}

function rows(list: readonly SnapshotRow[], copyLabel: string): HTMLElement {
  const made = element('dl', { attributes: { class: 'rows' } });
  for (const { id, name, shown: text, canCopy } of list) {
    const group = element(
      'div',
      {},
      element('dt', { text: name }),
      element('dd', {}, element('span', { text, attributes: { class: canCopy ? 'value' : 'value absent' } })),
    );
    if (canCopy) {
      group.append(button(`copy-${id}`, copyLabel, { kind: 'copy', id }, { name: `${copyLabel}: ${name}` }));
    }
    made.append(group);
  }
  return made;
}

function section(id: string, heading: string, ...children: readonly HTMLElement[]): HTMLElement {
  return element(
    'section',
    { attributes: { 'aria-labelledby': id } },
    element('h2', { text: heading, attributes: { id } }),
    ...children,
  );
}

function actions(list: readonly SnapshotAction[], place: string, primary = false): HTMLElement {
  return element(
    'div',
    { attributes: { class: 'actions' } },
    ...list.map(({ intent, label }, index) =>
      button(`${place}-${intent}`, label, { kind: intent }, { primary: primary && index === 0 }),
    ),
  );
}

function lines(list: readonly string[], className: string): readonly HTMLElement[] {
  return list.length === 0
    ? []
    : [element('ul', { attributes: { class: className } }, ...list.map((text) => element('li', { text })))];
}

function facts(
  { id, heading, text, lines: list, rows: values, actions: buttons }: SnapshotSection,
  copy: string,
): HTMLElement {
  return section(
    id,
    heading,
    ...(text === '' ? [] : [element('p', { text, attributes: { class: 'note' } })]),
    ...lines(list, 'lines'),
    ...(values.length === 0 ? [] : [rows(values, copy)]),
    ...(buttons.length === 0 ? [] : [actions(buttons, id)]),
  );
}

function stages(snapshot: MappingSnapshot): HTMLElement {
  return section(
    'stages',
    snapshot.texts.stagesHeading,
    element(
      'ol',
      { attributes: { class: 'stages' } },
      ...snapshot.stages.map(({ title, state, stateText, reason }) =>
        element(
          'li',
          { attributes: { class: `stage ${state}` } },
          element('h3', { text: title }),
          element(
            'p',
            { attributes: { class: 'state' } },
            element('span', {
              text: symbols[state] ?? '',
              attributes: { 'aria-hidden': 'true', class: 'symbol' },
            }),
            element('span', { text: stateText }),
          ),
          element('p', { text: reason, attributes: { class: 'reason' } }),
        ),
      ),
    ),
  );
}

const symbols: Readonly<Record<string, string>> = {
  ok: '✓',
  missing: '○',
  waits: '…',
  problem: '✗',
  notKnown: '?',
  toBeSet: '✎',
  notTested: '–',
  notNeeded: '–',
};

function ways(snapshot: MappingSnapshot): HTMLElement {
  const { texts } = snapshot;
  return section(
    'ways',
    texts.waysHeading,
    element(
      'div',
      { attributes: { class: 'ways', role: 'radiogroup', 'aria-labelledby': 'ways' } },
      ...snapshot.ways.map((way) => {
        const radio = element('input', {
          attributes: {
            type: 'radio',
            name: 'way',
            id: `way-${way.way}`,
            'aria-describedby': `consequence-${way.way} detail-${way.way}`,
            ...(way.chosen ? { checked: '' } : {}),
          },
        });
        radio.addEventListener('change', () => {
          hasChosen = true;
          api.postMessage({ kind: 'chooseWay', way: way.way });
        });
        return element(
          'div',
          { attributes: { class: way.chosen ? 'way chosen' : 'way' } },
          element(
            'div',
            { attributes: { class: 'choice' } },
            radio,
            element('label', { text: way.title, attributes: { for: `way-${way.way}` } }),
          ),
          element('p', {
            text: way.consequence,
            attributes: { class: 'consequence', id: `consequence-${way.way}` },
          }),
          element('p', { text: way.detail, attributes: { class: 'detail', id: `detail-${way.way}` } }),
          ...lines(way.warnings, 'warnings'),
          element('h3', { text: texts.valuesHeading }),
          rows(way.settings, texts.copy),
          button(
            `copyAll-${way.way}`,
            texts.copyAll,
            { kind: 'copyAll', way: way.way },
            { name: `${texts.copyAll}: ${way.title}` },
          ),
        );
      }),
    ),
  );
}

function render(snapshot: MappingSnapshot): void {
  const page = document.getElementById('page');
  if (page === null) {
    return;
  }
  const top = shown === undefined ? keptTop(snapshot.setUpId) : window.scrollY;
  keepFocus(() =>
    page.replaceChildren(
      element(
        'header',
        {},
        element('h1', { text: snapshot.heading }),
        element('p', { text: snapshot.tenant, attributes: { class: 'tenant' } }),
        element('p', { text: snapshot.summary, attributes: { class: 'summary' } }),
        element(
          'nav',
          { attributes: { 'aria-label': snapshot.texts.pageActions } },
          actions(snapshot.pageActions, 'page'),
        ),
      ),
      stages(snapshot),
      section(
        'next',
        snapshot.texts.nextHeading,
        element('p', { text: snapshot.next.text }),
        actions(snapshot.next.actions, 'next', true),
      ),
      ways(snapshot),
      ...snapshot.sections.map((part) => facts(part, snapshot.texts.copy)),
    ),
  );
  window.scrollTo(0, top);
  api.setState({ setUpId: snapshot.setUpId, top });
}

/** How far the page was scrolled when it was hidden: its content is gone then, its state is not. */
function keptTop(setUpId: string): number {
  const state = api.getState();
  if (typeof state !== 'object' || state === null) {
    return 0;
  }
  const { setUpId: kept, top }: { setUpId?: unknown; top?: unknown } = state;
  return kept === setUpId && typeof top === 'number' ? top : 0;
}

/** Says a text to those who hear the page; the same text twice is heard only where it was taken away between. */
function announce(text: string): void {
  const live = document.getElementById('live');
  if (live !== null && text !== '') {
    live.textContent = '';
    requestAnimationFrame(() => (live.textContent = text));
  }
}

/** The stages whose state is not what it was, as a sentence each. */
function changedStages(before: MappingSnapshot | undefined, after: MappingSnapshot): string {
  return after.stages
    .filter(({ id, state }) => before?.stages.some((stage) => stage.id === id && stage.state !== state))
    .map(({ title, stateText }) => `${title}: ${stateText}.`)
    .join(' ');
}

/** Shows on the button itself that it has copied, until the pointer or the focus goes elsewhere. */
function showCopied(id: string, text: string): void {
  const pressed = document.getElementById(`copy-${id}`) ?? document.getElementById(`copyAll-${id}`);
  const label = pressed?.textContent ?? '';
  if (pressed === null || pressed.classList.contains('copied')) {
    return;
  }
  pressed.textContent = text;
  pressed.classList.add('copied');
  const restore = (): void => {
    pressed.textContent = label;
    pressed.classList.remove('copied');
  };
  pressed.addEventListener('blur', restore, { once: true });
  setTimeout(restore, 3000);
}

window.addEventListener('scroll', () => {
  if (shown !== undefined) {
    api.setState({ setUpId: shown.setUpId, top: window.scrollY });
  }
});

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseToPage(event.data);
  switch (message?.kind) {
    case 'snapshot': {
      const { snapshot } = message;
      if (hasChosen || JSON.stringify(snapshot) !== JSON.stringify(shown)) {
        hasChosen = false;
        const changes = changedStages(shown, snapshot);
        render(snapshot);
        shown = snapshot;
        announce(changes);
      }
      return;
    }
    case 'copied': {
      const text = shown?.texts.copied ?? '';
      showCopied(message.id, text);
      announce(text);
      return;
    }
    case undefined:
  }
});

api.postMessage({ kind: 'ready' });
