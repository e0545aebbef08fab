interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** False where the server named the domain and so meant the hosts below it too. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since the epoch; none for the session. */
  readonly expires: number | undefined;
}

const maximumCookies = 50;

/** Keeps the cookies of one tenant's session, as RFC 6265 says, without a public suffix list: they go back to one host only. */
export class CookieJar {
  private cookies: Cookie[] = [];

  constructor(private readonly clock: () => number) {}

  /** Takes the `Set-Cookie` headers of an answer from this address. */
  store(url: URL, headers: readonly string[] | undefined): void {
    for (const header of headers ?? []) {
      const cookie = this.parse(url, header);
      if (cookie !== undefined) {
        this.cookies = this.cookies.filter((other) => !isSame(cookie, other));
        this.cookies.push(cookie);
      }
    }
    this.dropExpired();
    this.cookies = this.cookies.slice(-maximumCookies);
  }

  /** The `Cookie` header for a request to this address, longer paths first. */
  header(url: URL): string | undefined {
    this.dropExpired();
    const fitting = this.cookies
      .filter((cookie) => isForHost(cookie, url.hostname) && isForPath(cookie, url.pathname))
      .filter((cookie) => !cookie.secure || url.protocol === 'https:')
      .sort((a, b) => b.path.length - a.path.length);
    return fitting.length === 0 ? undefined : fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  clear(): void {
    this.cookies = [];
  }

  /** The values, for masking. */
  values(): readonly string[] {
    return this.cookies.map(({ value }) => value);
  }

  private dropExpired(): void {
    const now = this.clock();
    this.cookies = this.cookies.filter(({ expires }) => expires === undefined || expires > now);
  }

  private parse(url: URL, header: string): Cookie | undefined {
    const [pair = '', ...attributes] = header.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals < 1 || name === '' || !/^[\x20-\x7e]*$/.test(name + value)) {
      return undefined;
    }
    const named = new Map(
      attributes.map((attribute) => {
        const [key = '', ...rest] = attribute.split('=');
        return [key.trim().toLowerCase(), rest.join('=').trim()];
      }),
    );
    const domain = (named.get('domain') ?? '').replace(/^\./, '').toLowerCase();
    if (domain !== '' && !isWithin(url.hostname, domain)) {
      return undefined;
    }
    const path = named.get('path') ?? '';
    return {
      name,
      value,
      domain: domain === '' ? url.hostname : domain,
      hostOnly: domain === '',
      path: path.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
      secure: named.has('secure'),
      expires: expiryOf(named, this.clock()),
    };
  }
}

function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d{1,12}$/.test(maxAge)) {
    return now + Number(maxAge) * 1000;
  }
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? undefined : expires;
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path;
}

function isForHost(cookie: Cookie, host: string): boolean {
  return cookie.hostOnly ? host === cookie.domain : isWithin(host, cookie.domain);
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));
}

function isForPath(cookie: Cookie, path: string): boolean {
  return path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`);
}
