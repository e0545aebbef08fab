const day = 86_400_000;

/** Remembers on which day (UTC) texts such as "expires in 9 days" were written. */
export class DrawnDay {
  private drawn: number | undefined;

  /** `now` tells milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** Whether they were written on another day than today; from then on they count as written today. */
  isOver(): boolean {
    const today = Math.floor(this.now() / day);
    const isOver = this.drawn !== undefined && this.drawn !== today;
    this.drawn = today;
    return isOver;
  }
}
