// What each manifest of the corpora asks of the PKI harness, and how its answer is held against what is expected.
// `requests(entry, path)` gives the harness requests of an entry; `judge(entry, answers)` what differs, as words.
import { existsSync } from 'node:fs';

const names = {
  '2.5.4.3': 'COMMON_NAME',
  '2.5.4.5': 'SERIAL_NUMBER',
  '2.5.4.6': 'COUNTRY_NAME',
  '2.5.4.7': 'LOCALITY_NAME',
  '2.5.4.8': 'STATE_OR_PROVINCE_NAME',
  '2.5.4.9': 'STREET_ADDRESS',
  '2.5.4.10': 'ORGANIZATION_NAME',
  '2.5.4.11': 'ORGANIZATIONAL_UNIT_NAME',
  '0.9.2342.19200300.100.1.1': 'USER_ID',
  '0.9.2342.19200300.100.1.25': 'DOMAIN_COMPONENT',
  '1.2.840.113549.1.9.1': 'EMAIL_ADDRESS',
};

/** A time as OpenSSL prints it, as the harness gives it. */
const isoTime = (text) => text.replace(' ', 'T');

/** What differs between two values, or nothing. */
function unlike(what, actual, expected) {
  return JSON.stringify(actual) === JSON.stringify(expected)
    ? []
    : [`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}

/** Every code of the contract. */
const codes = ['wrong-password', 'password-needed', 'malformed', 'unsupported', 'mismatch', 'budget'];

/** An answer that must be an error with one of these codes, and no failure of the program. */
function refused(answer, ...expected) {
  if (answer.ok) {
    return ['accepted instead of refused'];
  }
  return expected.includes(answer.code) && answer.internal !== true
    ? []
    : [`refused with ${answer.code} (${answer.message}) instead of ${expected.join(' or ')}`];
}

function accepted(answer, judge) {
  return answer.ok ? judge(answer) : [`refused: ${answer.code} ${answer.message}`];
}

const sorted = (list) => [...list].sort();

/** OpenSSL's RFC 2253 and RFC 4514 differ in escapes; both name the same when parsed, so names are compared by the harness. */
const nameRequest = (text) => ({ op: 'name', rfc4514: text });
const sameRdns = (what, actual, expected) => [
  ...(expected.ok ? [] : [`${what}: the expected name is not read: ${expected.message}`]),
  ...(actual?.ok ? [] : [`${what}: the name of the answer is not read: ${actual?.message}`]),
  ...(expected.ok && actual?.ok ? unlike(what, actual.rdns, expected.rdns) : []),
];

export const manifests = {
  certs: {
    requests: (entry, path) => [
      { op: 'certificates', file: path(entry.file) },
      ...entry.certs.flatMap(({ subjectRfc2253, issuerRfc2253 }) => [
        nameRequest(subjectRfc2253 ?? ''),
        nameRequest(issuerRfc2253 ?? ''),
      ]),
    ],
    judge: (entry, [answer, ...expectedNames], { parsedName }) =>
      accepted(answer, ({ certs }) => [
        ...unlike(
          'certificates',
          certs.map(({ sha256 }) => sha256),
          entry.certs.map(({ sha256 }) => sha256),
        ),
        ...entry.certs.flatMap((expected, index) => {
          const actual = certs[index];
          if (actual === undefined || expected.openssl !== 'ok') {
            return [];
          }
          return [
            ...unlike('sha1', actual.sha1, expected.sha1),
            ...unlike('serial', serialText(actual.serial), serialText(expected.serial)),
            ...unlike('notBefore', actual.notBefore, isoTime(expected.notBefore)),
            ...unlike('notAfter', actual.notAfter, isoTime(expected.notAfter)),
            ...(expected.spkiSha256 == null
              ? []
              : unlike('spkiSha256', actual.spkiSha256, expected.spkiSha256)),
            ...sameRdns('subject', parsedName(actual.subject), expectedNames[2 * index]),
            ...sameRdns('issuer', parsedName(actual.issuer), expectedNames[2 * index + 1]),
          ];
        }),
      ]),
    namesOf: ([answer]) =>
      answer.ok ? answer.certs.flatMap(({ subject, issuer }) => [subject, issuer]) : [],
  },
  'chain-pkits': {
    takes: (entry) => entry.needs.length === 0,
    requests: (entry, path) => [
      {
        op: 'chain',
        leaf: { file: path(entry.leaf) },
        untrusted: entry.intermediates.map((file) => ({ file: path(file) })),
        trusted: [{ file: path(entry.trustAnchor) }],
        at: '2015-06-01T00:00:00Z',
        usage: 'any',
      },
    ],
    judge: (entry, [answer]) =>
      accepted(answer, ({ valid, reason }) =>
        valid === entry.shouldValidate
          ? []
          : [
              `${entry.name}: ${valid ? 'valid' : `invalid (${reason})`} instead of ${entry.shouldValidate ? 'valid' : 'invalid'}`,
            ],
      ),
  },
  csr: {
    requests: (entry, path) => [
      { op: 'csr', file: path(entry.file) },
      nameRequest(entry.facts.subjectRfc2253 ?? ''),
    ],
    judge: (entry, [answer, subject], { parsedName }) => {
      switch (entry.expect) {
        case 'error':
          return refused(answer, 'malformed', 'unsupported');
        case 'duplicate-extension':
        case 'bad-extension':
          return answer.ok
            ? answer.problems.length > 0
              ? []
              : ['read without a word on what is wrong']
            : refused(answer, 'malformed', 'unsupported');
        case 'ok-lenient':
          return answer.ok ? [] : refused(answer, 'malformed', 'unsupported');
        default:
          return accepted(answer, (request) => [
            ...unlike('spkiSha256', request.spkiSha256, entry.facts.spkiSha256),
            ...unlike('signatureValid', request.signatureValid, entry.facts.signature === 'ok'),
            ...sameRdns('subject', parsedName(request.subject), subject),
          ]);
      }
    },
    namesOf: ([answer]) => (answer.ok ? [answer.subject] : []),
  },
  dn: {
    requests: (entry) => [nameRequest(entry.rfc4514)],
    judge: (entry, [answer]) => {
      if (entry.expect === 'error') {
        return refused(answer, 'malformed', 'unsupported');
      }
      return accepted(answer, ({ rdns, formatted }) => [
        ...unlike(
          'rdns',
          rdns.map((rdn) => rdn.map(({ oid, value }) => ({ type: names[oid] ?? oid, value }))),
          entry.rdnsInDerOrder,
        ),
        ...(entry.kind === 'dn-format' ? unlike('formatted', formatted, entry.rfc4514) : []),
      ]);
    },
  },
  'encrypted-keys': {
    requests: (entry, path) => [{ op: 'private-key', file: path(entry.file), password: entry.password }],
    judge: (entry, [answer]) =>
      entry.expect === 'ok'
        ? accepted(answer, ({ spkiSha256, encrypted }) => [
            ...unlike('spkiSha256', spkiSha256, entry.spkiSha256),
            ...unlike('encrypted', encrypted, true),
          ])
        : refused(answer, 'malformed', 'unsupported', 'password-needed'),
  },
  keymatch: {
    requests: (entry, path) => [
      { op: 'private-key', file: path(entry.keyFile), password: null },
      ...entry.matchingCerts.map((file) => ({ op: 'certificates', file: path(file) })),
      ...entry.matchingCsrs.map((file) => ({ op: 'csr', file: path(file) })),
    ],
    judge: (entry, [key, ...others]) =>
      accepted(key, ({ spkiSha256, type }) => [
        ...unlike('spkiSha256', spkiSha256, entry.spkiSha256),
        ...(entry.keyType === undefined ? [] : unlike('type', type, entry.keyType)),
        ...others.flatMap((other, index) =>
          accepted(other, (found) =>
            [found.spkiSha256, ...(found.certs ?? []).map((one) => one.spkiSha256)].includes(spkiSha256)
              ? []
              : [`${[...entry.matchingCerts, ...entry.matchingCsrs][index]} does not match`],
          ),
        ),
      ]),
  },
  p12: {
    requests: (entry, path) => [{ op: 'pkcs12', file: path(entry.file), password: entry.password }],
    judge: (entry, [answer]) => {
      switch (entry.expect) {
        case 'wrong-password':
          return refused(answer, 'wrong-password');
        case 'error':
          return refused(answer, 'malformed', 'unsupported', 'budget');
        case 'ok-optional':
        case 'quirk':
          return answer.ok ? [] : refused(answer, ...codes);
        case 'unsupported-key':
          return answer.ok ? [] : refused(answer, 'unsupported');
        default:
          return accepted(answer, ({ certs, keys }) => [
            ...unlike(
              'certificates',
              sorted(certs.map(({ sha256 }) => sha256)),
              sorted(entry.facts.certs.map(({ sha256 }) => sha256)),
            ),
            ...unlike(
              'keys',
              sorted(keys.map(({ spkiSha256 }) => spkiSha256)),
              sorted(entry.facts.keys.map(({ spkiSha256 }) => spkiSha256)),
            ),
            ...entry.facts.keys
              .filter(({ type }) => type !== undefined)
              .flatMap((expected) =>
                unlike(
                  `type of the key ${expected.spkiSha256}`,
                  keys.find(({ spkiSha256 }) => spkiSha256 === expected.spkiSha256)?.type,
                  expected.type,
                ),
              ),
            ...(entry.upstream?.friendlyNames ?? entry.facts.friendlyNames ?? []).flatMap((name) =>
              [...certs, ...keys].some(({ friendlyName }) => friendlyName === name)
                ? []
                : [`friendly name ${JSON.stringify(name)} is missing`],
            ),
          ]);
      }
    },
  },
  pkcs7: {
    requests: (entry, path) => [{ op: 'certificates', file: path(entry.file) }],
    judge: (entry, [answer]) => {
      switch (entry.expect) {
        case 'error':
          return refused(answer, 'malformed', 'unsupported');
        case 'no-certificates':
          return accepted(answer, ({ certs }) => unlike('certificates', certs.length, 0));
        case 'optional':
          return answer.ok ? [] : refused(answer, ...codes);
        default:
          return accepted(answer, ({ certs }) =>
            unlike(
              'certificates',
              certs.map(({ sha256 }) => sha256),
              entry.facts.certSha256,
            ),
          );
      }
    },
  },
  ssh: {
    requests: (entry, path) => [
      { op: 'ssh', file: path(entry.file), passphrase: entry.passphrase ?? null },
      ...(entry.publicFile !== undefined && existsSync(path(entry.publicFile))
        ? [{ op: 'ssh', file: path(entry.publicFile), passphrase: null }]
        : []),
    ],
    judge: (entry, [answer, publicAnswer]) =>
      accepted(answer, ({ type, fingerprint }) =>
        entry.kind === 'ssh-public'
          ? [
              ...unlike('type', type, entry.type),
              ...unlike('fingerprint', fingerprint, entry.fingerprintSha256),
            ]
          : publicAnswer === undefined
            ? []
            : unlike('fingerprint', fingerprint, publicAnswer.fingerprint),
      ),
  },
};

/** A serial number in hexadecimal, with a sign where it is negative, without leading zeros: "-01" gives "-1". */
function serialText(text) {
  const [, sign, digits] = /^(-?)(?:0x)?([0-9a-f]+)$/i.exec(text) ?? [];
  if (digits === undefined) {
    return `unreadable: ${text}`;
  }
  const value = BigInt(`0x${digits}`);
  return (sign === '-' ? -value : value).toString(16);
}
