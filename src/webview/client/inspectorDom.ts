/** What an element is made with. */
export interface ElementOptions {
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An element with its text set as text and its attributes set one by one. */
export function element(
  tag: string,
  options: ElementOptions = {},
  ...children: readonly (HTMLElement | undefined)[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    made.setAttribute(name, value);
  }
  if (options.text !== undefined) {
    made.textContent = options.text;
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button that does something when it is pressed. */
export function button(
  label: string,
  press: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  const made = element('button', { text: label, attributes: { type: 'button', ...attributes } });
  made.addEventListener('click', press);
  return made;
}

/** A section that is named by its heading. */
export function section(
  id: string,
  heading: string,
  ...children: readonly (HTMLElement | undefined)[]
): HTMLElement {
  return element(
    'section',
    { attributes: { 'aria-labelledby': `heading-${id}` } },
    element('h2', { text: heading, attributes: { id: `heading-${id}` } }),
    ...children,
  );
}

/** A sign that stands beside a word and says nothing of its own. */
export function sign(text: string): HTMLElement {
  return element('span', { text, attributes: { class: 'sign', 'aria-hidden': 'true' } });
}

/** Says a text to those who hear the page; the same text twice is heard only where it was taken away between. */
export function announce(text: string): void {
  const live = document.getElementById('live');
  if (live !== null && text !== '') {
    live.textContent = '';
    requestAnimationFrame(() => (live.textContent = text));
  }
}
