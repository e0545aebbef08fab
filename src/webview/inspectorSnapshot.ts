import * as l10n from '@vscode/l10n';
import type { Certificate } from '../pki/certificate.js';
import type { Description } from '../pki/description.js';
import { keyInWords } from '../pki/descriptionOfKey.js';
import { describeSigningRequest } from '../pki/descriptionOfRequest.js';
import { labelText, shortened } from '../ui/visibleText.js';
import { certificateTitle, describeCertificate } from '../pki/descriptionOfCertificate.js';
import type { Inspected } from './inspected.js';
import { arrange, pageChain, roleText, shownTitle, untilText, type Arrangement } from './inspectorChain.js';
import { pageVerdicts, type Judging } from './inspectorVerdicts.js';
import type { InspectorSnapshot, InspectorTexts, PagePart, PageSection } from './protocolInspector.js';

/** The content of a page, and what its parts say when they are opened. */
export interface InspectorContent {
  readonly page: Pick<InspectorSnapshot, 'verdicts' | 'chain' | 'notes' | 'sections'>;
  /** Made when asked for; undefined for a part that is not there. */
  readonly describe: (part: string) => Description | undefined;
  /** Public keys of what the page is about: its leaf, request and keys. */
  readonly keys: ReadonlySet<string>;
  readonly hasCertificates: boolean;
  readonly missesIssuer: boolean;
}

/** Makes the content out of facts; throws nothing for what was read. */
export function inspectorContent(
  inspected: Inspected,
  { judging, now }: { readonly judging: Judging; readonly now: number },
): InspectorContent {
  const certificates = inspected.certificates.map(({ certificate }) => certificate);
  const certified = new Set(certificates.map(({ spkiSha256 }) => spkiSha256));
  const leafKey = inspected.keys.find(
    ({ spkiSha256 }) => spkiSha256 !== undefined && certified.has(spkiSha256),
  )?.spkiSha256;
  const arrangement = arrange(certificates, leafKey);
  const describers = new Map<string, () => Description>();
  const sections = [
    ...factSections(inspected, describers),
    ...requestSections(inspected, describers),
    ...certificateSections(inspected, arrangement, describers, now),
    ...keySections(inspected, describers),
  ];
  const [leaf] = arrangement.members;
  const keys = new Set(inspected.keys.map(({ spkiSha256 }) => spkiSha256));
  const canJudge = 'cases' in judging;
  return {
    page: {
      verdicts: canJudge
        ? pageVerdicts(arrangement, { certificates, isOrdered: inspected.isOrdered, keys }, judging, now)
        : [],
      chain: pageChain(arrangement, (index) => `c${index}`, now),
      notes: [
        ...(canJudge || leaf === undefined ? [] : [l10n.t('Not judged: {0}', judging.failure)]),
        ...inspected.notes,
        ...(arrangement.isTangled
          ? [l10n.t('So many of these certificates look like issuers of each other that no chain is shown.')]
          : []),
        ...(arrangement.duplicates === 0
          ? []
          : [
              l10n.t(
                '{0} certificates that are there more than once are shown once.',
                arrangement.duplicates,
              ),
            ]),
      ],
      sections,
    },
    describe: (part) => describers.get(part)?.(),
    keys: new Set([
      ...(leaf === undefined || arrangement.isTangled ? [] : [leaf.certificate.spkiSha256]),
      ...(inspected.request === undefined ? [] : [inspected.request.spkiSha256]),
      ...inspected.keys.flatMap(({ spkiSha256 }) => (spkiSha256 === undefined ? [] : [spkiSha256])),
    ]),
    hasCertificates: leaf !== undefined,
    missesIssuer: arrangement.missingIssuer !== undefined,
  };
}

type Describers = Map<string, () => Description>;

function part(
  id: string,
  more: Omit<PagePart, 'id'>,
  describe: () => Description,
  all: Describers,
): PagePart {
  all.set(id, describe);
  return { id, ...more };
}

function factSections({ facts, heading }: Inspected, all: Describers): readonly PageSection[] {
  if (facts.length === 0) {
    return [];
  }
  const description: Description = { kind: 'key', title: heading, groups: facts, notes: [] };
  return [
    {
      id: 'facts',
      heading: l10n.t('Keystore entry'),
      note: '',
      parts: [
        part('entry', { title: heading, badge: '', summary: '', isOpen: true }, () => description, all),
      ],
    },
  ];
}

function requestSections(
  { request, keys, certificates }: Inspected,
  all: Describers,
): readonly PageSection[] {
  if (request === undefined) {
    return [];
  }
  const description = describeSigningRequest(request);
  const fits = [...keys, ...certificates.map(({ certificate }) => certificate)].some(
    ({ spkiSha256 }) => spkiSha256 === request.spkiSha256,
  );
  return [
    {
      id: 'request',
      heading: l10n.t('Signing request'),
      note: fits
        ? l10n.t('Its key is in this file as well.')
        : l10n.t(
            'A request is no certificate: a certificate authority signs it. Search the keystores for the key that it belongs to.',
          ),
      parts: [
        part(
          'request',
          {
            title: shortened(description.title, 300),
            badge: '',
            summary: keyInWords(request.keyType),
            isOpen: true,
          },
          () => description,
          all,
        ),
      ],
    },
  ];
}

function certificateSections(
  { certificates, keys }: Inspected,
  { members }: Arrangement,
  all: Describers,
  now: number,
): readonly PageSection[] {
  if (members.length === 0) {
    return [];
  }
  const names = new Map(
    certificates.flatMap(({ certificate, friendlyName }) =>
      friendlyName === undefined ? [] : [[certificate.sha256, friendlyName] as const],
    ),
  );
  const ownKeys = new Set(keys.map(({ spkiSha256 }) => spkiSha256));
  return [
    {
      id: 'certificates',
      heading: members.length === 1 ? l10n.t('Certificate') : l10n.t('Certificates ({0})', members.length),
      note: '',
      parts: members.map(({ certificate, role }, index) =>
        part(
          `c${index}`,
          {
            title: shownTitle(certificate),
            badge: members.length === 1 ? '' : roleText(role),
            summary: summaryOf(certificate, {
              name: names.get(certificate.sha256),
              hasKey: ownKeys.has(certificate.spkiSha256),
              now,
            }),
            isOpen: index === 0 && role !== 'other',
          },
          () => describeCertificate(certificate, { now: new Date(now) }),
          all,
        ),
      ),
    },
  ];
}

function summaryOf(
  certificate: Certificate,
  about: { readonly name: string | undefined; readonly hasKey: boolean; readonly now: number },
): string {
  return [
    untilText(certificate, about.now),
    ...(about.hasKey ? [l10n.t('private key at hand')] : []),
    ...(about.name === undefined ? [] : [l10n.t('named {0}', labelText(about.name))]),
    ...(certificate.problems.length === 0 ? [] : [l10n.t('not as RFC 5280 says')]),
  ].join(' · ');
}

function keySections({ keys, certificates, request }: Inspected, all: Describers): readonly PageSection[] {
  if (keys.length === 0) {
    return [];
  }
  const owner = (spkiSha256: string | undefined): string => {
    const own = certificates.find(({ certificate }) => certificate.spkiSha256 === spkiSha256);
    if (own !== undefined) {
      return l10n.t('fits the certificate {0}', labelText(certificateTitle(own.certificate)));
    }
    return spkiSha256 !== undefined && request?.spkiSha256 === spkiSha256
      ? l10n.t('fits the signing request')
      : '';
  };
  return [
    {
      id: 'keys',
      heading: keys.length === 1 ? l10n.t('Key') : l10n.t('Keys ({0})', keys.length),
      note: l10n.t('Only public parts are shown; no private key reaches this page.'),
      parts: keys.map(({ description, spkiSha256, friendlyName }, index) =>
        part(
          `k${index}`,
          {
            title: description.title,
            badge: '',
            summary: [
              owner(spkiSha256),
              friendlyName === undefined ? '' : l10n.t('named {0}', labelText(friendlyName)),
            ]
              .filter((text) => text !== '')
              .join(' · '),
            isOpen: certificates.length === 0 && request === undefined,
          },
          () => description,
          all,
        ),
      ),
    },
  ];
}

/** The words of the page. */
export function inspectorTexts(): InspectorTexts {
  return {
    verdictHeading: l10n.t('Verdict'),
    otherVerdicts: l10n.t('Other uses'),
    sources: l10n.t('Sources'),
    reading: l10n.t('Reading…'),
    copy: l10n.t('Copy'),
    copied: l10n.t('Copied.'),
    openAll: l10n.t('Open All'),
    closeAll: l10n.t('Close All'),
    show: l10n.t('Show'),
    actionsHeading: l10n.t('What you can do with it'),
  };
}
