import type {
  InspectorIntent,
  InspectorSnapshot,
  PageAction,
  PageChain,
  PageDetails,
  PageField,
  PageMatches,
  PageNotice,
  PageVerdict,
} from '../protocolInspector.js';
import { button, element, section, sign } from './inspectorDom.js';

/** Sends what a person asks for. */
export type Ask = (intent: InspectorIntent) => void;

const signs = { ok: '✓', warning: '!', problem: '✗', unknown: '?' } as const;
const verdictSigns = { yes: '✓', warnings: '!', no: '✗', cannotTell: '?' } as const;
const noticeSigns = { busy: '…', locked: '●', problem: '✗', empty: '○' } as const;

/** Buttons in a row; the first is the obvious one. */
export function actionRow(actions: readonly PageAction[], ask: Ask, hasPrimary: boolean): HTMLElement {
  return element(
    'div',
    { attributes: { class: 'actions' } },
    ...actions.map(({ action, label }, index) =>
      button(label, () => ask({ kind: 'act', action }), {
        id: `action-${action}`,
        class: hasPrimary && index === 0 ? 'primary' : 'secondary',
      }),
    ),
  );
}

/** A state of the page, with the next step. */
export function noticeBox({ tone, title, text, actions }: PageNotice, ask: Ask): HTMLElement {
  return element(
    'section',
    { attributes: { class: `notice ${tone}`, 'aria-labelledby': 'notice-title' } },
    element(
      'h2',
      { attributes: { id: 'notice-title' } },
      sign(noticeSigns[tone]),
      element('span', { text: title }),
    ),
    text === '' ? undefined : element('p', { text }),
    element('p', { attributes: { id: 'progress', class: 'progress' } }),
    actions.length === 0 ? undefined : actionRow(actions, ask, tone !== 'busy'),
  );
}

/** The first answer in full, the others to be opened. */
export function verdictSection({ verdicts, texts }: InspectorSnapshot): HTMLElement | undefined {
  const [first, ...others] = verdicts;
  if (first === undefined) {
    return undefined;
  }
  return section(
    'verdict',
    first.question,
    element(
      'div',
      { attributes: { class: `verdict ${first.verdict}` } },
      element(
        'p',
        { attributes: { class: 'answer' } },
        sign(verdictSigns[first.verdict]),
        element('span', { text: first.answer }),
      ),
      reasonList(first),
      sourceList(first, texts.sources),
    ),
    others.length === 0
      ? undefined
      : element(
          'div',
          { attributes: { class: 'others' } },
          element('h3', { text: texts.otherVerdicts }),
          ...others.map((verdict) => otherVerdict(verdict, texts.sources)),
        ),
  );
}

function otherVerdict(verdict: PageVerdict, sources: string): HTMLElement {
  return element(
    'details',
    { attributes: { class: `other ${verdict.verdict}`, id: `verdict-${verdict.id}` } },
    element(
      'summary',
      { attributes: { id: `summary-verdict-${verdict.id}` } },
      sign(verdictSigns[verdict.verdict]),
      element('span', { text: verdict.question, attributes: { class: 'question' } }),
      element('span', { text: verdict.word, attributes: { class: 'short' } }),
    ),
    element('p', { text: verdict.answer }),
    reasonList(verdict),
    sourceList(verdict, sources),
  );
}

function reasonList({ reasons }: PageVerdict): HTMLElement {
  return element(
    'ul',
    { attributes: { class: 'reasons' } },
    ...reasons.map(({ kind, word, text }) =>
      element(
        'li',
        { attributes: { class: kind } },
        sign(signs[kind]),
        element('span', { text: word, attributes: { class: 'word' } }),
        element('span', { text, attributes: { class: 'text' } }),
      ),
    ),
  );
}

function sourceList({ sources }: PageVerdict, heading: string): HTMLElement {
  return element('p', { text: `${heading}: ${sources.join(' · ')}`, attributes: { class: 'sources' } });
}

/** The chain as a list in order, which a screen reader reads as it is seen. */
export function chainSection({ heading, links }: PageChain, open: (part: string) => void): HTMLElement {
  return section(
    'chain',
    heading,
    element(
      'ol',
      { attributes: { class: 'chain' } },
      ...links.map(({ role, roleText, title, facts, part, bond }) =>
        element(
          'li',
          { attributes: { class: role } },
          element(
            'div',
            { attributes: { class: 'link' } },
            element('span', { text: roleText, attributes: { class: 'role' } }),
            part === undefined
              ? element('span', { text: title, attributes: { class: 'title' } })
              : button(title, () => open(part), { class: 'title', id: `link-${part}` }),
            element('span', { text: facts.join(' · '), attributes: { class: 'facts' } }),
          ),
          bond === undefined
            ? undefined
            : element('span', { attributes: { class: 'bond' } }, sign('↓'), element('span', { text: bond })),
        ),
      ),
    ),
  );
}

/** What has the same key, and the buttons that look for it. */
export function matchSection(matches: PageMatches, show: string, ask: Ask): HTMLElement {
  return section(
    'matches',
    matches.heading,
    ...matches.notes.map((text) => element('p', { text, attributes: { class: 'note' } })),
    matches.found.length === 0
      ? undefined
      : element(
          'ul',
          { attributes: { class: 'found' } },
          ...matches.found.map(({ id, title, detail }) =>
            element(
              'li',
              {},
              element('span', { text: title, attributes: { class: 'title' } }),
              element('span', { text: detail, attributes: { class: 'facts' } }),
              button(show, () => ask({ kind: 'showMatch', id }), {
                id: `match-${id}`,
                class: 'secondary small',
                'aria-label': `${show}: ${title}`,
              }),
            ),
          ),
        ),
    element('p', { attributes: { id: 'search-progress', class: 'progress' } }),
    actionRow(matches.actions, ask, false),
  );
}

/** The fields of a part. */
export function detailsOf(details: PageDetails, copyLabel: string, ask: Ask): HTMLElement {
  return element(
    'div',
    { attributes: { class: 'groups' } },
    ...details.notes.map((text) => element('p', { text, attributes: { class: 'warning-note' } })),
    ...details.groups.map(({ title, fields }) =>
      element(
        'div',
        { attributes: { class: 'group' } },
        details.groups.length === 1 ? undefined : element('h4', { text: title }),
        fieldList(fields, (field) =>
          button(copyLabel, () => ask({ kind: 'copy', part: details.part, field: field.id }), {
            id: `copy-${details.part}-${field.id}`,
            class: 'copy',
            'aria-label': `${copyLabel}: ${title}, ${field.label}`,
          }),
        ),
      ),
    ),
  );
}

function fieldList(fields: readonly PageField[], copy: (field: PageField) => HTMLElement): HTMLElement {
  return element(
    'dl',
    { attributes: { class: 'fields' } },
    ...fields.map((field) => {
      const { label, shown, remarks, problem, canCopy, children } = field;
      return element(
        'div',
        { attributes: { class: children.length > 0 ? 'field parent' : 'field' } },
        element(
          'dt',
          {},
          element('span', { text: label }),
          remarks.length === 0
            ? undefined
            : element('span', { text: remarks.join(', '), attributes: { class: 'remark' } }),
        ),
        element(
          'dd',
          {},
          shown === '' ? undefined : element('span', { text: shown, attributes: { class: 'value' } }),
          problem === '' ? undefined : element('span', { text: problem, attributes: { class: 'wrong' } }),
          canCopy ? copy(field) : undefined,
        ),
        children.length === 0
          ? undefined
          : element('dd', { attributes: { class: 'children' } }, fieldList(children, copy)),
      );
    }),
  );
}
