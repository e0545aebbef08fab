/**
 * Draws a page anew and keeps the focus where it was. While the focus is elsewhere in the workbench, such as in a quick input that a
 * button of the page has opened, it is not taken from there: the page has it back when the person returns.
 */
export function focusKeeper(): (draw: () => void) => void {
  let waiting = '';
  const give = (id: string): void => {
    document.getElementById(id)?.focus({ preventScroll: true });
  };
  window.addEventListener('focus', () => {
    if (waiting !== '' && (document.activeElement?.id ?? '') === '') {
      give(waiting);
    }
    waiting = '';
  });
  return (draw) => {
    const focused = document.activeElement?.id ?? '';
    const id = focused === '' ? waiting : focused;
    draw();
    if (id !== '' && document.hasFocus()) {
      give(id);
    } else {
      waiting = id;
    }
  };
}
