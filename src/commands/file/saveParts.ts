import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { CertificateFileForm } from '../../pki/certificateFile.js';
import type { Answer, PickItem, Prompts } from '../../ui/prompts.js';
import { certificateLabel } from '../chainText.js';
import type { ActionContext } from '../environment.js';
import { baseName } from '../fileName.js';
import { askJoinedChoice, joinedFile, type JoinedForm } from '../localKeyPair/joined.js';
import { keyFileFilters, openKeyFile } from '../localKeyPair/keyFile.js';
import type { LocalPorts } from '../localKeyPair/ports.js';
import type { Opened } from '../passphrase.js';
import { askSecretPlace, writeToSecretPlace } from '../secretPlace.js';
import { plainLabel } from '../targets.js';
import { fittingKeys, pickKey } from './keyChoice.js';
import type { FileParts, KeyPart } from './parts.js';
import { askPublicPlace, keyLosses, lossText, newName, requestLosses, unreadLosses } from './publicPlace.js';

/** What a file can be turned into. */
type Target =
  | { readonly kind: 'certificates'; readonly form: CertificateFileForm; readonly extension: string }
  | { readonly kind: 'withKey'; readonly form: JoinedForm; readonly extension: string };

/** Asks into which form certificates are written, with what each form loses, and writes them; a key goes under a passphrase only. */
export async function saveParts(
  prompts: Prompts,
  ports: LocalPorts,
  { parts, title }: { readonly parts: FileParts; readonly title: string },
  context: ActionContext,
): Promise<void> {
  const { orderChain } = await import('../../pki/chain.js');
  const { chain } = orderChain(parts.certificates);
  const answer = await prompts.pick<Target>({
    title,
    placeholder: l10n.t('Into which form?'),
    items: targetItems(parts, chain),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const target = answer.value;
  if (target.kind === 'withKey') {
    await saveWithKey(prompts, ports, { parts, target, title }, context);
    return;
  }
  const certificates =
    target.form === 'der'
      ? [await chooseCertificate(prompts, parts.certificates, title)]
      : target.form === 'pkipath'
        ? chain
        : parts.certificates;
  const { writeCertificateFile } = await import('../../pki/certificateFile.js');
  const bytes = writeCertificateFile(certificates, target.form);
  const uri = await askPublicPlace(prompts, {
    parts,
    title,
    fileName: newName(parts, target.extension, '-certificates'),
    filters: { [l10n.t('Certificates')]: [target.extension.slice(1)] },
  });
  await ports.files.write(uri, bytes);
  prompts.note(l10n.t('Certificates saved as "{1}": {0}.', certificates.length, baseName(uri)));
}

function targetItems(parts: FileParts, chain: readonly Certificate[]): readonly PickItem<Target>[] {
  const { certificates, openKeys } = parts;
  const others = certificates.length - 1;
  const outside = certificates.length - chain.length;
  const keyLost = keyLosses(parts);
  const otherLost = [...requestLosses(parts), ...unreadLosses(parts)];
  const certificateItem = (
    label: string,
    form: CertificateFileForm,
    extension: string,
    losses: readonly string[],
  ): PickItem<Target> => ({
    label,
    description: extension,
    detail: lossText([...keyLost, ...otherLost, ...losses]),
    value: { kind: 'certificates', form, extension },
  });
  const keyItem = (label: string, form: JoinedForm, extension: string, note: string): PickItem<Target> => ({
    label,
    description: extension,
    detail: [
      note,
      ...(openKeys === undefined ? [l10n.t('asks for the key file')] : []),
      ...(otherLost.length === 0 ? [] : [lossText(otherLost)]),
    ].join('; '),
    value: { kind: 'withKey', form, extension },
  });
  const withKey = [
    keyItem(l10n.t('PKCS#12, modern'), 'modern', '.p12', l10n.t('AES-256 and SHA-256')),
    keyItem(
      l10n.t('PKCS#12, compatible'),
      'compatible',
      '.p12',
      l10n.t('triple DES and SHA-1, for old ABAP and older Windows; easier to break'),
    ),
    keyItem(l10n.t('PEM with encrypted key'), 'pem', '.pem', l10n.t('names in the file are lost')),
  ].map((item, index) =>
    index === 0 ? { ...item, separatorBefore: l10n.t('With the private key, under a passphrase') } : item,
  );
  if (certificates.length === 0) {
    return withKey;
  }
  return [
    {
      ...certificateItem('PEM', 'pem', '.pem', []),
      separatorBefore: l10n.t('Certificates only'),
    },
    certificateItem(
      'DER',
      'der',
      '.cer',
      others === 0 ? [] : [l10n.t('only one certificate fits; left out: {0}', others)],
    ),
    certificateItem(l10n.t('PKCS#7, PEM'), 'pkcs7-pem', '.p7b', [orderLost()]),
    certificateItem(l10n.t('PKCS#7, binary'), 'pkcs7-der', '.p7c', [orderLost()]),
    certificateItem(
      l10n.t('PKI path'),
      'pkipath',
      '.pkipath',
      outside === 0 ? [] : [l10n.t('only the chain fits; certificates left out: {0}', outside)],
    ),
    ...withKey,
  ];
}

function orderLost(): string {
  return l10n.t('programs may read the certificates in another order');
}

async function saveWithKey(
  prompts: Prompts,
  ports: LocalPorts,
  { parts, target, title }: { parts: FileParts; target: Target & { kind: 'withKey' }; title: string },
  context: ActionContext,
): Promise<void> {
  const { content, passphrase } = await keyOf(prompts, ports, { parts, title }, context);
  const { key, friendlyName } = content;
  const { orderChain } = await import('../../pki/chain.js');
  const { chain, strangers } = orderChain(parts.certificates, { leafSpkiSha256: key.spkiSha256 });
  const [leaf] = chain;
  const choice = await askJoinedChoice(prompts, {
    title,
    form: target.form,
    friendlyName: friendlyName ?? (leaf === undefined ? parts.name : certificateLabel(leaf)),
    passphrase,
  });
  const place = await askSecretPlace(prompts, {
    title: l10n.t('Where to Keep Key and Certificates'),
    fileName: newName(parts, target.extension),
    filters: target.form === 'pem' ? { PEM: ['pem'] } : { 'PKCS#12': ['p12', 'pfx'] },
    ...(parts.uri === undefined ? {} : { startAt: parts.uri }),
    workspaceFolders: ports.workspaceFolders(),
  });
  await context.withProgress(l10n.t('Writing "{0}"', baseName(place.uri)), async ({ signal }) => {
    const bytes = await joinedFile(key.pkcs8, [...chain, ...strangers], choice, {
      derivation: ports.derivation,
      signal,
    });
    await writeToSecretPlace(prompts, place, bytes);
  });
  prompts.note(l10n.t('Key and certificates saved as "{0}".', baseName(place.uri)));
}

async function keyOf(
  prompts: Prompts,
  ports: LocalPorts,
  { parts, title }: { readonly parts: FileParts; readonly title: string },
  context: ActionContext,
): Promise<Opened<KeyPart>> {
  if (parts.openKeys === undefined) {
    const uri = await prompts.openFile({
      title: l10n.t('Private Key of the Certificate'),
      filters: keyFileFilters(),
    });
    return await openKeyFile(prompts, ports, { uri, certificates: parts.certificates, title }, context);
  }
  const { content, passphrase } = await parts.openKeys();
  return { content: await chooseKey(prompts, content, { parts, title }), passphrase };
}

/** The key of the certificates; a file with a key and the certificates of another would serve nobody. */
async function chooseKey(
  prompts: Prompts,
  keys: readonly KeyPart[],
  { parts, title }: { readonly parts: FileParts; readonly title: string },
): Promise<KeyPart> {
  const { certificates, name } = parts;
  const [first, second, ...others] = fittingKeys(keys, certificates);
  if (first === undefined) {
    throw new KeystoreError('mismatch', 'no certificate has the public key of the private key', {
      details: {
        explanation: l10n.t(
          'None of the certificates in "{0}" belongs to this private key, so they are not joined. "Which Key Fits?" finds what does.',
          name,
        ),
      },
    });
  }
  if (second === undefined) {
    return first;
  }
  return await pickKey(prompts, [first, second, ...others], {
    certificates,
    title,
    placeholder: l10n.t('The file holds several private keys; the new one holds one of them'),
  });
}

/** The only certificate, else the one that the person picks; the likely leaf stands first. */
export async function chooseCertificate(
  prompts: Prompts,
  certificates: readonly Certificate[],
  title: string,
): Promise<Certificate> {
  const { orderChain } = await import('../../pki/chain.js');
  const { chain, strangers } = orderChain(certificates);
  const [first, ...others] = [...chain, ...strangers];
  if (first === undefined) {
    throw new KeystoreError('malformed', 'no certificate in the file');
  }
  if (others.length === 0) {
    return first;
  }
  return await chosen(
    prompts.pick({
      title,
      placeholder: l10n.t('Certificate'),
      items: [first, ...others].map((certificate) => ({
        label: plainLabel(certificateLabel(certificate)),
        description: l10n.t('until {0}', certificate.notAfter.toISOString().slice(0, 10)),
        value: certificate,
      })),
    }),
  );
}

async function chosen<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (given.kind === 'back') {
    throw new Cancelled();
  }
  return given.value;
}
