import type { NextStepCommand } from './failureState.js';

/** What presenting depends on besides the node. */
export interface Presentation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From how many days before its end on a certificate needs attention. */
  readonly warningDays: number;
  /** A calendar day, in UTC, as the person's language writes it. */
  readonly formatDay: (date: Date) => string;
}

/** An icon of VS Code's product icons, with a theme colour where it carries a state. */
export interface PresentedIcon {
  readonly id: string;
  readonly color?: string;
}

/** A row as plain data; the provider copies it field by field. All text is plain text, and no field holds markup. */
export interface PresentedNode {
  readonly label: string;
  readonly description: string | undefined;
  readonly icon: PresentedIcon;
  /** Sorted traits joined by `;`, matched with `\b` in `when` clauses. */
  readonly contextValue: string;
  readonly accessibilityLabel: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** What selecting the row does; only rows that stand for no entry have it. */
  readonly command?: { readonly id: NextStepCommand; readonly title: string };
}

/** Joins traits as `contextValue` wants them. */
export function traits(...names: readonly (string | false | undefined)[]): string {
  return names
    .filter((name): name is string => typeof name === 'string')
    .sort()
    .join(';');
}

/** Joins what there is to say in a description. */
export function joined(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join(' · ');
}

/** Writes calendar days in a language; one that the runtime does not know is written as the runtime's own. */
export function dayFormatter(language: string | undefined): (date: Date) => string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  let format: Intl.DateTimeFormat | undefined;
  return (date) => {
    // The first one of a process takes longer than all the rest of an activation, so it waits for the first date.
    format ??= newFormat(language === undefined || language === 'en' ? 'en-GB' : language, options);
    return Number.isNaN(date.getTime()) ? '' : format.format(date);
  };
}

function newFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(language, options);
  } catch {
    // A locale id that is not well-formed, such as a test locale's.
    return new Intl.DateTimeFormat('en-GB', options);
  }
}
