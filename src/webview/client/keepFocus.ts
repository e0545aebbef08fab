/**
 * Draws a page anew and keeps the focus where it was. While the focus is elsewhere in the workbench, such as in a quick input that a
 * button of the page has opened, it is not taken from there: the page has it back when the person returns. The browser forgets which
 * control had the focus once another frame gets it, so that is remembered here. Where the control is gone, such as a button that has
 * given way to "Cancel", the first one of its section has the focus, else the heading of the page.
 */
export function focusKeeper(): (draw: () => void) => void {
  let last = '';
  let lastSection = '';
  const give = (): void => {
    if ((document.activeElement?.id ?? '') === '' && last !== '') {
      (document.getElementById(last) ?? instead(lastSection))?.focus({ preventScroll: true });
    }
  };
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target.id : '';
    lastSection =
      target instanceof Element ? (target.closest('section')?.getAttribute('aria-labelledby') ?? '') : '';
  });
  // A click beside all controls leaves them.
  document.addEventListener('pointerdown', () => {
    last = '';
  });
  window.addEventListener('focus', give);
  return (draw) => {
    draw();
    if (document.hasFocus()) {
      give();
    }
  };
}

/** `section` is the id of its heading. */
function instead(section: string): HTMLElement | undefined {
  const control = document.getElementById(section)?.closest('section')?.querySelector('button');
  if (control instanceof HTMLElement) {
    return control;
  }
  const heading = document.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  return heading ?? undefined;
}
