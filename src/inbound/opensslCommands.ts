import * as l10n from '@vscode/l10n';
import { powerShellBlock, quoteFor, type Shell } from './shellQuote.js';

/** What the commands are to make. */
export interface OpensslRequest {
  readonly key:
    | { readonly kind: 'RSA'; readonly bits: number }
    /** The curve by OpenSSL's name. */
    | { readonly kind: 'EC'; readonly curve: string };
  /** Attribute types by their short names, the most general first. */
  readonly subject: readonly { readonly type: string; readonly value: string }[];
  readonly alternativeNames: readonly {
    readonly type: 'DNS' | 'IP' | 'email' | 'URI' | 'DirName' | 'RID';
    readonly value: string;
  }[];
  /** As OpenSSL's configuration has them: `digitalSignature`. */
  readonly keyUsage: readonly string[];
  /** As OpenSSL's configuration has them: `clientAuth`. */
  readonly extendedKeyUsage: readonly string[];
  /** Without extension; the files get `.key.pem`, `.csr`, `.p12`. */
  readonly fileName: string;
}

/**
 * The steps of "Create Local Key Pair and Signing Request" as commands for openssl 1.1.1 and later, to be copied: the key under a
 * passphrase that openssl asks for, the request and its check, and what joins key and signing response later.
 */
export function opensslCommands(request: OpensslRequest, shell: Shell): string {
  const { fileName, extendedKeyUsage, keyUsage, alternativeNames } = request;
  const keyFile = `${fileName}.key.pem`;
  const requestFile = `${fileName}.csr`;
  const command = (...args: readonly string[]): string =>
    args.map((argument) => quoteFor(shell, argument)).join(' ');
  const extension = (name: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : ['-addext', `${name}=${values.join(',')}`];
  const isBash = shell === 'bash';
  const makeKey = command('openssl', 'genpkey', ...algorithm(request.key), '-aes-256-cbc', '-out', keyFile);
  const makeRequest = command(
    ...['openssl', 'req', '-new', `-${digest(request.key)}`, '-key', keyFile, '-utf8'],
    ...['-subj', subjectArgument(request.subject)],
    ...extension('keyUsage', keyUsage.length === 0 ? [] : ['critical', ...keyUsage]),
    ...extension('extendedKeyUsage', extendedKeyUsage),
    // The last one, since a section of names ends with the configuration.
    ...extension('subjectAltName', namesValue(alternativeNames)),
    ...['-out', requestFile],
  );
  const checkRequest = command(
    ...['openssl', 'req', '-in', requestFile, '-verify', '-noout', '-subject'],
    ...['-nameopt', 'RFC2253,utf8,-esc_msb'],
  );
  const chainFile = `${fileName}.chain.pem`;
  const lines = [
    comment(l10n.t('The key pair: openssl asks for a passphrase, under which it stores the key.')),
    // The file is for its owner only.
    ...(isBash ? [`(umask 077 && ${makeKey})`] : inPowerShell(makeKey)),
    '',
    comment(l10n.t('The signing request, and its check: openssl asks for the passphrase again.')),
    // Git Bash on Windows must not take the subject for a path.
    ...(isBash ? [`MSYS_NO_PATHCONV=1 ${makeRequest}`] : inPowerShell(makeRequest)),
    checkRequest,
    '',
    comment(
      l10n.t(
        'Later, with what the certificate authority sends back: its certificates as PEM, the leaf first, and the file that joins them with the key.',
      ),
    ),
    comment(command('openssl', 'pkcs7', '-print_certs', '-in', `${fileName}.p7b`, '-out', chainFile)),
    comment(
      command(
        ...['openssl', 'pkcs12', '-export', '-inkey', keyFile, '-in', chainFile],
        ...['-name', fileName, '-out', `${fileName}.p12`],
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Not in the code page of Windows. */
function inPowerShell(line: string): readonly string[] {
  return powerShellBlock(["$env:OPENSSL_WIN32_UTF8 = '1'", line]);
}

function algorithm(key: OpensslRequest['key']): readonly string[] {
  return key.kind === 'RSA'
    ? ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${key.bits}`]
    : [
        ...['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${key.curve}`],
        ...['-pkeyopt', 'ec_param_enc:named_curve'],
      ];
}

function digest(key: OpensslRequest['key']): string {
  if (key.kind === 'EC' && key.curve === 'secp384r1') {
    return 'sha384';
  }
  return key.kind === 'EC' && key.curve === 'secp521r1' ? 'sha512' : 'sha256';
}

/** `/C=DE/O=…`: a slash ends a part, a plus joins parts, a backslash takes either literally. */
function subjectArgument(subject: OpensslRequest['subject']): string {
  return subject.map(({ type, value }) => `/${type}=${value.replace(/[\\/+]/g, '\\$&')}`).join('');
}

/** A list ends each name at a comma and has no way around it; a section of the configuration has one name a line. */
function namesValue(names: OpensslRequest['alternativeNames']): readonly string[] {
  const values = names.map(({ type, value }) => ({ type, value: configurationValue(value) }));
  if (values.every(({ value }) => !value.includes(','))) {
    return values.map(({ type, value }) => `${type}:${value}`);
  }
  const lines = values.map(({ type, value }, index) => `${type}.${index + 1}=${value}`);
  return [['@names', '[names]', ...lines].join('\n')];
}

/** What `-addext` reads is a line of OpenSSL's configuration, where these characters mean something. */
function configurationValue(value: string): string {
  return value.replace(/[\\$#"'`]/g, '\\$&');
}

/** A line that no shell obeys, whatever is in it. */
function comment(text: string): string {
  return `# ${text.replace(/[\r\n\u2028\u2029\u0085]+/g, ' ')}`;
}
