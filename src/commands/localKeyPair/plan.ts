import * as l10n from '@vscode/l10n';
import type { KeyObject } from 'node:crypto';
import type { OpensslRequest } from '../../inbound/opensslCommands.js';
import type { Name } from '../../pki/distinguishedName.js';
import type { KeyUsage } from '../../pki/extensions.js';
import type { GeneralNameInput } from '../../pki/generalName.js';
import type { LocalKeyType } from '../../pki/localKeyPair.js';
import { checkCountryExists, checkSubjectMember, type KeyPairSubject } from '../../tenant/keyPairRequest.js';
import type { SubjectDraft } from '../subjectSteps.js';

/** What the holder of a certificate is to be allowed to do with it. */
export type Purpose = 'client' | 'clientAndServer' | 'unstated';

/** All that a key pair and its request are made from. */
export interface LocalPlan {
  readonly key: LocalKeyType;
  readonly subject: SubjectDraft;
  readonly alternativeNames: readonly GeneralNameInput[];
  readonly purpose: Purpose;
  /** Without extension. */
  readonly fileName: string;
}

/** Attributes in the order of the encoding, with their short names, numbers and upper bounds (RFC 5280 appendix A.1). */
const attributes: readonly {
  readonly member: keyof KeyPairSubject;
  readonly type: string;
  readonly oid: string;
  readonly limit: number;
}[] = [
  { member: 'country', type: 'C', oid: '2.5.4.6', limit: 2 },
  { member: 'state', type: 'ST', oid: '2.5.4.8', limit: 128 },
  { member: 'locality', type: 'L', oid: '2.5.4.7', limit: 128 },
  { member: 'organization', type: 'O', oid: '2.5.4.10', limit: 64 },
  { member: 'organizationUnit', type: 'OU', oid: '2.5.4.11', limit: 64 },
  { member: 'commonName', type: 'CN', oid: '2.5.4.3', limit: 64 },
  { member: 'email', type: 'emailAddress', oid: '1.2.840.113549.1.9.1', limit: 255 },
];

/** What is wrong with a member of the subject of a request made here, or undefined. */
export function checkRequestSubject(member: keyof KeyPairSubject, value: string): string | undefined {
  const text = value.trim();
  if (member === 'country') {
    return text === '' ? undefined : (checkSubjectMember('country', text) ?? checkCountryExists(text));
  }
  const limit = attributes.find((attribute) => attribute.member === member)?.limit ?? 0;
  const { length } = Array.from(text);
  if (length > limit) {
    return l10n.t('This has {0} characters; at most {1} fit into a certificate.', length, limit);
  }
  return checkSubjectMember(member, text);
}

/** Makes and signs the request; the DER encoding. */
export async function signingRequestOf(plan: LocalPlan, privateKey: KeyObject): Promise<Uint8Array> {
  const [{ writeSigningRequest }, { KeyPurpose }] = await Promise.all([
    import('../../pki/signingRequest.js'),
    import('../../pki/oids.js'),
  ]);
  return writeSigningRequest({
    subject: await subjectName(plan.subject),
    privateKey,
    subjectAltNames: plan.alternativeNames,
    keyUsage: keyUsages(plan),
    extendedKeyUsage: extendedKeyUsages(plan.purpose).map((name) => KeyPurpose[name]),
  });
}

/** The same as `signingRequestOf`, for openssl. */
export function opensslRequestOf(plan: LocalPlan): OpensslRequest {
  return {
    key: plan.key,
    subject: givenAttributes(plan.subject).map(({ type, value }) => ({ type, value })),
    alternativeNames: plan.alternativeNames,
    keyUsage: keyUsages(plan),
    extendedKeyUsage: extendedKeyUsages(plan.purpose),
    fileName: plan.fileName,
  };
}

async function subjectName(subject: SubjectDraft): Promise<Name> {
  const { makeName } = await import('../../pki/distinguishedName.js');
  return makeName(givenAttributes(subject).map(({ oid, value }) => [{ oid, value }]));
}

function givenAttributes(subject: SubjectDraft): readonly { type: string; oid: string; value: string }[] {
  return attributes.flatMap(({ member, type, oid }) => {
    const value = subject[member]?.trim() ?? '';
    return value === '' ? [] : [{ type, oid, value }];
  });
}

/** What a TLS client needs: RSA keys also decipher keys in TLS 1.2. */
function keyUsages({ key, purpose }: LocalPlan): readonly KeyUsage[] {
  if (purpose === 'unstated') {
    return [];
  }
  return key.kind === 'RSA' ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
}

function extendedKeyUsages(purpose: Purpose): readonly ('clientAuth' | 'serverAuth')[] {
  switch (purpose) {
    case 'client':
      return ['clientAuth'];
    case 'clientAndServer':
      return ['clientAuth', 'serverAuth'];
    case 'unstated':
      return [];
  }
}
