import type { Certificate } from './certificate.js';
import { nameKeyParts } from './distinguishedName.js';
import type { NameConstraints, Subtree } from './extensions.js';
import type { GeneralName, GeneralNameType } from './generalName.js';

/** A name of a certificate, or a base of a constraint, ready to be compared. */
interface ComparableName {
  readonly type: GeneralNameType;
  readonly text: string;
  readonly parts: readonly string[];
  readonly content: Uint8Array;
}

type Base = ComparableName & { readonly isBounded: boolean };

const comparedTypes: ReadonlySet<GeneralNameType> = new Set(['email', 'DNS', 'DirName', 'URI', 'IP']);

/** Comparisons made for one path; a path made to need more is refused. */
const maxComparisons = 250_000;

/**
 * The permitted and excluded subtrees gathered on the way from the trust anchor to the leaf (RFC 5280 6.1.1 (b) and (c)).
 */
export class NameConstraintState {
  private readonly permitted: (readonly Base[])[] = [];
  private readonly excluded: Base[] = [];
  private comparisons = 0;

  /** RFC 5280 6.1.4 (g). */
  add(constraints: NameConstraints): void {
    if (constraints.permitted.length > 0) {
      this.permitted.push(constraints.permitted.map(baseOf));
    }
    for (const subtree of constraints.excluded) {
      this.excluded.push(baseOf(subtree));
    }
  }

  /** True where every name of the certificate lies inside what is permitted and outside what is excluded. */
  allows(certificate: Certificate): boolean {
    if (this.permitted.length === 0 && this.excluded.length === 0) {
      return true;
    }
    return namesOf(certificate).every((name) => this.allowsName(name));
  }

  private allowsName(name: ComparableName): boolean {
    const isExcluded = this.excluded.some((base) => base.type === name.type && this.excludes(base, name));
    return (
      !isExcluded &&
      this.permitted.every((bases) => {
        const ofType = bases.filter((base) => base.type === name.type);
        return ofType.length === 0 || ofType.some((base) => this.permits(base, name));
      })
    );
  }

  /** What cannot be compared is taken for outside (RFC 5280 4.2.1.10: process the constraint or reject). */
  private permits(base: Base, name: ComparableName): boolean {
    return this.mayCompare() && base.isBounded && comparedTypes.has(name.type) && lies(name, base);
  }

  private excludes(base: Base, name: ComparableName): boolean {
    if (!this.mayCompare() || !base.isBounded || !comparedTypes.has(name.type)) {
      return true;
    }
    return lies(name, base) || mayLie(name, base);
  }

  private mayCompare(): boolean {
    return ++this.comparisons <= maxComparisons;
  }
}

function baseOf({ base, minimum, maximum }: Subtree): Base {
  // RFC 5280 4.2.1.10: minimum is always 0 and maximum absent; other values are not processed but refused.
  return { ...comparable(base), isBounded: minimum === 0 && maximum === undefined };
}

function comparable({ type, value, name, content }: GeneralName): ComparableName {
  return {
    type,
    text: type === 'DNS' ? hostText(value) : value,
    parts: name === undefined ? [] : nameKeyParts(name),
    content,
  };
}

/** The subject, its alternative names, and mail addresses in the subject where there are no alternative names. */
function namesOf(certificate: Certificate): readonly ComparableName[] {
  const names = certificate.subjectAltNames.map(comparable);
  const { subject } = certificate;
  if (subject.rdns.length > 0) {
    names.push({ type: 'DirName', text: '', parts: nameKeyParts(subject), content: subject.der });
  }
  // RFC 5280 says this for certificates without alternative names only; like others, it is done for all, which refuses
  // more and never less.
  for (const { oid, value, der } of subject.rdns.flat()) {
    if (oid === '1.2.840.113549.1.9.1') {
      names.push({ type: 'email', text: value, parts: [], content: der });
    }
  }
  return names;
}

function lies(name: ComparableName, base: ComparableName): boolean {
  switch (name.type) {
    case 'DNS':
      return hostLies(name.text, base.text);
    case 'email':
      return mailLies(name.text, base.text);
    case 'URI':
      return uriLies(name.text, base.text);
    case 'IP':
      return addressLies(name.content, base.content);
    case 'DirName':
      return base.parts.every((part, index) => part === name.parts[index]);
    default:
      return false;
  }
}

/**
 * A wildcard stands for hosts of which some may be excluded; an URI without a host name is refused wherever URIs are
 * constrained (RFC 5280 4.2.1.10), and an address of a length that no address has wherever addresses are.
 */
function mayLie(name: ComparableName, base: ComparableName): boolean {
  if (name.type === 'IP') {
    return name.content.length !== 4 && name.content.length !== 16;
  }
  if (name.type === 'URI') {
    return hostOfUri(name.text) === undefined;
  }
  if (name.type !== 'DNS' || !name.text.startsWith('*.')) {
    return false;
  }
  const parent = name.text.slice(2);
  const host = base.text.replace(/^\./, '');
  const dot = host.indexOf('.');
  return dot !== -1 && host.slice(dot + 1) === parent;
}

function hostText(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Zero or more labels before the base; a base with a leading dot, which some write, wants at least one. */
function hostLies(host: string, base: string): boolean {
  if (base === '') {
    return true;
  }
  return base.startsWith('.') ? host.endsWith(base) : host === base || host.endsWith(`.${base}`);
}

/** A mailbox, all mailboxes of a host, or with a leading dot those of the hosts below it. */
function mailLies(mail: string, base: string): boolean {
  const at = mail.lastIndexOf('@');
  if (at === -1) {
    return false;
  }
  const host = hostText(mail.slice(at + 1));
  const baseAt = base.lastIndexOf('@');
  if (baseAt !== -1) {
    return mail.slice(0, at) === base.slice(0, baseAt) && host === hostText(base.slice(baseAt + 1));
  }
  const baseHost = hostText(base);
  return baseHost.startsWith('.') ? host.endsWith(baseHost) : host === baseHost || baseHost === '';
}

/** One host, or with a leading dot those below it; an address or no host at all lies nowhere. */
function uriLies(uri: string, base: string): boolean {
  const host = hostOfUri(uri);
  const baseHost = hostText(base);
  return host !== undefined && (baseHost.startsWith('.') ? host.endsWith(baseHost) : host === baseHost);
}

function hostOfUri(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host === undefined || /^[\d.]+$/.test(host) ? undefined : hostText(host);
}

function addressLies(address: Uint8Array, base: Uint8Array): boolean {
  const size = address.length;
  if (base.length !== size * 2) {
    return false;
  }
  return address.every((octet, index) => {
    const mask = base[size + index] ?? 0;
    return (octet & mask) === ((base[index] ?? 0) & mask);
  });
}

/** True where the mask of an address constraint is a prefix, as RFC 4632 writes it. */
export function isPrefixMask(base: Uint8Array): boolean {
  const bits = Array.from(base.subarray(base.length / 2), (octet) => octet.toString(2).padStart(8, '0')).join(
    '',
  );
  return /^1*0*$/.test(bits);
}
