// Whether a window can be shown to somebody.

export function hasDisplay() {
  return (
    process.platform !== 'linux' ||
    (process.env.DISPLAY ?? '') !== '' ||
    (process.env.WAYLAND_DISPLAY ?? '') !== ''
  );
}
