import * as make from '../../../src/pki/extensionMakers.js';
import { type ExtensionTemplate } from '../../../src/pki/extensionMakers.js';
import { type PathVerdict, findPath } from '../../../src/pki/pathBuilder.js';
import { type PathUsage } from '../../../src/pki/pathValidation.js';
import { encodePem } from '../../../src/pki/pem.js';
import { openssl, type temporaryFolder } from './opensslTool.js';
import { type Issued, type TestKey, issue, newKey } from './testAuthority.js';

/** The moment at which paths are judged unless a case names another. */
export const at = new Date('2030-06-01T00:00:00Z');

/** What a path is sought for and among. */
export interface Case {
  readonly leaf: Issued;
  readonly untrusted?: readonly Issued[];
  readonly trusted: readonly Issued[];
  readonly usage?: PathUsage;
  readonly at?: Date;
}

/** The verdict of the code under test. */
export function judge(given: Case): PathVerdict {
  return findPath({
    leaf: given.leaf.certificate,
    untrusted: (given.untrusted ?? []).map(({ certificate }) => certificate),
    trusted: given.trusted.map(({ certificate }) => certificate),
    at: given.at ?? at,
    usage: given.usage ?? 'any',
  });
}

/** `valid`, or the reason and the subject of the certificate that it is about. */
export function told(verdict: PathVerdict): string {
  return verdict.isValid
    ? `valid ${verdict.path.length}`
    : `${verdict.reason} ${verdict.certificate.subject.rdns.map(([first]) => first?.value).join()}`;
}

/** True where openssl, given the same certificates, comes to the same verdict. */
export function opensslAgrees(folder: ReturnType<typeof temporaryFolder>, given: Case): boolean {
  const pem = (all: readonly Issued[]): string =>
    all.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join('');
  const leaf = folder.write('leaf.pem', pem([given.leaf]));
  const trusted = folder.write('trusted.pem', pem(given.trusted));
  const untrusted = folder.write('untrusted.pem', pem(given.untrusted ?? []));
  const usage = given.usage ?? 'any';
  const purpose = usage === 'any' ? [] : ['-purpose', usage === 'clientAuth' ? 'sslclient' : 'sslserver'];
  try {
    openssl([
      ...['verify', '-partial_chain', '-attime', String((given.at ?? at).getTime() / 1000), ...purpose],
      ...['-CAfile', trusted, ...((given.untrusted ?? []).length > 0 ? ['-untrusted', untrusted] : []), leaf],
    ]);
    return judge(given).isValid;
  } catch {
    return !judge(given).isValid;
  }
}

/** A root. */
export const root = issue({ subject: 'CN=root', isCa: true });
/** An ordinary CA below the root. */
export const ca = issue({ subject: 'CN=ca', isCa: true }, root);

/** A CA below the root with these extensions instead of the usual ones. */
export function caWith(extensions: readonly ExtensionTemplate[], key: TestKey = newKey()): Issued {
  return issue(
    {
      subject: 'CN=ca',
      key,
      onlyExtensions: [
        make.basicConstraints({ isCa: true }),
        make.keyUsage(['keyCertSign']),
        make.subjectKeyIdentifier(key.spki),
        ...extensions,
      ],
    },
    root,
  );
}
