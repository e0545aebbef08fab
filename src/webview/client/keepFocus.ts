/**
 * Draws a page anew and keeps the focus where it was. While the focus is elsewhere in the workbench, such as in a quick input that a
 * button of the page has opened, it is not taken from there: the page has it back when the person returns. The browser forgets which
 * control had the focus once another frame gets it, so that is remembered here.
 */
export function focusKeeper(): (draw: () => void) => void {
  let last = '';
  const give = (): void => {
    if ((document.activeElement?.id ?? '') === '') {
      document.getElementById(last)?.focus({ preventScroll: true });
    }
  };
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target.id : '';
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
