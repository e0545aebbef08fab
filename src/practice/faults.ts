/** What goes wrong on purpose. */
export type Fault =
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'dropBefore' }
  | { readonly kind: 'dropAfter' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'wrongContentType' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'expireTokens' }
  | { readonly kind: 'loseSession' }
  | { readonly kind: 'renewCsrf' };

/** A fault for the next requests of one operation. */
export interface FaultRule<F = Fault> {
  /** An operation's name, or `*`. */
  readonly operation: string;
  readonly fault: F;
  /** How many requests it hits; all further ones where left out. */
  readonly times?: number;
}

/** Faults that wait for their requests. */
export class FaultRules<F> {
  private rules: { rule: FaultRule<F>; left: number }[] = [];

  add(rule: FaultRule<F>): void {
    this.rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.rules = [];
  }

  /** The faults for a request of this operation; each counts as used. */
  take(operation: string): readonly F[] {
    const hit = this.rules.filter(({ rule }) => rule.operation === operation || rule.operation === '*');
    for (const entry of hit) {
      entry.left -= 1;
    }
    this.rules = this.rules.filter(({ left }) => left > 0);
    return hit.map(({ rule }) => rule.fault);
  }
}

/** The knobs that tests turn; in the product all stand at rest. */
export class FaultKnobs extends FaultRules<Fault> {
  /** Rows on a page of a list. */
  pageSize = 1000;
  /** Whether `__next` names the whole address or a path below the service root. */
  nextLink: 'absolute' | 'relative' = 'absolute';
  /** Whether a bearer token's writes need a CSRF token too; the facts disagree. */
  csrfForBearer = false;
  /** Whether a CSRF token is given at all. */
  givesCsrf = true;
  /** Roles in the token's scope. */
  roles: readonly string[] = ['MonitoringDataRead', 'SecurityMaterialEdit', 'WorkspacePackagesRead'];
  /** Seconds of a token's life as told to the client. */
  expiresIn = 43_199;
}
