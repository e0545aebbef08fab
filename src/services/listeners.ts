/** Hears of a change until it is disposed of; VS Code's `Event` fits it. */
export type Listen<T> = (listener: (value: T) => unknown) => { dispose(): void };

/** Tells listeners of changes, in folders and tests that know no VS Code. */
export class Listeners<T> {
  private readonly all = new Set<{ readonly hear: (value: T) => unknown }>();

  readonly listen: Listen<T> = (listener) => {
    const entry = { hear: listener };
    this.all.add(entry);
    return { dispose: () => void this.all.delete(entry) };
  };

  fire(value: T): void {
    for (const { hear } of [...this.all]) {
      hear(value);
    }
  }

  dispose(): void {
    this.all.clear();
  }
}
