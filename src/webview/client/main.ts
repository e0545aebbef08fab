import { parseToPage, type Intent, type MappingSnapshot, type SnapshotRow } from '../protocol.js';

interface VsCodeApi {
  postMessage(message: Intent): void;
  setState(state: { readonly setUpId: string }): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
let shown: string | undefined;

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
        radio.addEventListener('change', () => api.postMessage({ kind: 'chooseWay', way: way.way }));
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
  const focused = document.activeElement?.id ?? '';
  const top = window.scrollY;
  page.replaceChildren(
    element(
      'header',
      {},
      element('h1', { text: snapshot.heading }),
      element('p', { text: snapshot.tenant, attributes: { class: 'tenant' } }),
      element('p', { text: snapshot.summary, attributes: { class: 'summary' } }),
    ),
    stages(snapshot),
    section(
      'next',
      snapshot.texts.nextHeading,
      element(
        'div',
        { attributes: { class: 'actions' } },
        ...snapshot.actions.map(({ intent, label }, index) =>
          button(`action-${intent}`, label, { kind: intent }, { primary: index === 0 }),
        ),
      ),
    ),
    section(
      'certificate',
      snapshot.texts.certificateHeading,
      element('p', { text: snapshot.certificateNote, attributes: { class: 'note' } }),
      rows(snapshot.certificate, snapshot.texts.copy),
    ),
    ways(snapshot),
  );
  if (focused !== '') {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  window.scrollTo(0, top);
  api.setState({ setUpId: snapshot.setUpId });
}

let copiedText = '';

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseToPage(event.data);
  switch (message?.kind) {
    case 'snapshot': {
      const text = JSON.stringify(message.snapshot);
      copiedText = message.snapshot.texts.copied;
      if (text !== shown) {
        shown = text;
        render(message.snapshot);
      }
      return;
    }
    case 'copied': {
      const live = document.getElementById('live');
      if (live !== null) {
        // The same text twice is said only once, so it is taken away first.
        live.textContent = '';
        requestAnimationFrame(() => (live.textContent = copiedText));
      }
      return;
    }
    case undefined:
  }
});

api.postMessage({ kind: 'ready' });
