import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { Cancelled } from '../../errors.js';
import { isPassportAuthority } from '../../inbound/passport.js';
import { formatFingerprint } from '../../pki/certificate.js';
import type { Connection } from '../../services/connection.js';
import { gatherIssuers } from '../../services/issuers.js';
import { importKeyPair } from '../../services/keystoreWritesOfFiles.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import { visibleText } from '../../ui/visibleText.js';
import { certificateLabel, chainChanges } from '../chainText.js';
import type { ActionContext, Environment } from '../environment.js';
import { entriesOf } from '../entriesOf.js';
import { baseName } from '../fileName.js';
import { listedAuthority } from '../listedAuthority.js';
import { chooseTenant } from '../targets.js';
import { confirmUntrusted } from '../untrusted.js';
import { verdictLines } from '../verdict.js';
import { addCertificate, certificateTask, type AddPorts } from './addCertificate.js';
import { alreadyThere, certificateFacts, refusePracticeCertificate, replacementFacts } from './facts.js';
import { fileArguments } from './fileArguments.js';
import { addFiles, type FileTask } from './fileSeries.js';
import { askImportAlias, proposeAlias, type ImportAlias } from './importAlias.js';
import { keyPairContainer, type KeyPairContainer } from './keyPairContainer.js';
import { chooseKeyPair, readKeyPairs, type KeyPairPart } from './keyPairFile.js';

/** What the command needs beside the environment. */
export interface KeyPairPorts extends AddPorts {
  /** Opens an address of SAP's in the browser. */
  readonly openAddress: (address: string) => void;
  readonly createLocalKeyPair: () => void;
}

/** Where SAP's guide sends people for a Passport. */
const passportPage = 'https://support.sap.com/en/my-support/single-sign-on-passports.html';

/**
 * "Add Key Pair…": a private key with its certificates goes into the tenant, where it is needed for outbound calls only; for a sender
 * the way leads to "Add Certificate…". The file itself is not sent: a container is made of what was read, and shown before.
 */
export async function addKeyPair(
  environment: Environment,
  given: { readonly argument: unknown; readonly selection: unknown },
  ports: KeyPairPorts,
  context: ActionContext,
): Promise<void> {
  const need = await askNeed(environment);
  if (need === 'certificate') {
    await addCertificate(environment, given, ports, context);
    return;
  }
  const { files, certificates, row } = fileArguments(given.argument, given.selection, ports.isUri);
  if (need === 'nothingYet') {
    tellWhereFrom(environment, ports);
    if (certificates.length === 0) {
      return;
    }
  }
  const connection = await chooseTenant(environment, row, l10n.t('Add Key Pair'));
  const tasks = [
    ...certificates.map((file) => certificateTask(environment, connection, { file, ports })),
    ...(need === 'keyPair' ? files : []).map((file) => keyPairTask(environment, connection, { file, ports })),
  ];
  if (tasks.length === 0) {
    await addFrom(environment, connection, { file: undefined, ports, begun: () => undefined }, context);
  } else {
    await addFiles(environment, connection, tasks, context);
  }
}

function keyPairTask(
  environment: Environment,
  connection: Connection,
  { file, ports }: { readonly file: Uri; readonly ports: KeyPairPorts },
): FileTask {
  return {
    uri: file,
    title: l10n.t('Add Key Pair of "{0}"', visibleText(baseName(file))),
    add: (context, begun) => addFrom(environment, connection, { file, ports, begun }, context),
  };
}

async function askNeed({ prompts }: Environment): Promise<'keyPair' | 'certificate' | 'nothingYet'> {
  const answer = await prompts.pick<'keyPair' | 'certificate' | 'nothingYet'>({
    title: l10n.t('Add Key Pair'),
    placeholder: l10n.t('Does the tenant need the private key?'),
    items: [
      {
        label: l10n.t('Yes, integration flows call others with it'),
        detail: l10n.t(
          'Outbound: key and certificates are stored in the tenant; the key cannot be read out again.',
        ),
        value: 'keyPair',
      },
      {
        label: l10n.t('No, a sender calls integration flows with it'),
        detail: l10n.t('Inbound: the key stays with the sender; only its certificate is added.'),
        value: 'certificate',
      },
      {
        label: l10n.t('There is no key pair yet'),
        detail: l10n.t('Where an SAP Passport is requested, and how a key pair is made here'),
        value: 'nothingYet',
      },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return answer.value;
}

function tellWhereFrom({ prompts }: Environment, ports: KeyPairPorts): void {
  const open = l10n.t("Open SAP's Page");
  const create = l10n.t('Create Local Key Pair');
  void prompts
    .inform(
      l10n.t(
        'An SAP Passport is requested with an S-user at {0}; it comes as a .pfx file. Any other key pair can be made on this machine and signed by a certificate authority.',
        passportPage,
      ),
      open,
      create,
    )
    .then((chosen) => {
      if (chosen === open) {
        ports.openAddress(passportPage);
      } else if (chosen === create) {
        ports.createLocalKeyPair();
      }
    });
}

async function addFrom(
  environment: Environment,
  connection: Connection,
  given: { readonly file: Uri | undefined; readonly ports: KeyPairPorts; readonly begun: () => void },
  context: ActionContext,
): Promise<void> {
  const { file, ports, begun } = given;
  const { prompts } = environment;
  const title = l10n.t('Add Key Pair to "{0}"', connection.name);
  const { pairs, leftOut } = await readKeyPairs(prompts, ports, { file, title }, context);
  let left = pairs;
  for (let isFirst = true; left.length > 0; isFirst = false) {
    const pair = await chooseKeyPair(prompts, { pairs: left, leftOut }, { title, isFirst });
    if (pair === undefined) {
      return;
    }
    await addOne(environment, connection, { pair, title, ports }, context);
    begun();
    left = left.filter((other) => other !== pair);
  }
}

async function addOne(
  environment: Environment,
  connection: Connection,
  {
    pair,
    title,
    ports,
  }: { readonly pair: KeyPairPart; readonly title: string; readonly ports: KeyPairPorts },
  { withProgress }: ActionContext,
): Promise<void> {
  const { prompts, keystores } = environment;
  await refusePracticeCertificate([pair.leaf], connection);
  const entries = await entriesOf(environment, connection, { withProgress });
  const alias = await askImportAlias(prompts, {
    title,
    prompt: l10n.t('Alias of the key pair "{0}"', certificateLabel(pair.leaf)),
    proposal: proposeAlias(pair.name, entries),
    type: 'Key Pair',
    entries,
  });
  const gaps: string[] = [];
  const container = await withProgress(l10n.t('Preparing the key pair'), async ({ signal: cancel }) => {
    const sources = ports.issuerSources((told) => gaps.push(told));
    const leafSpkiSha256 = pair.key.spkiSha256;
    const found = await gatherIssuers(pair.certificates, { leafSpkiSha256, sources, signal: cancel });
    return await keyPairContainer(pair.key, pair.certificates, {
      found,
      isListed: await listedAuthority(environment, connection),
      derivation: ports.derivation,
      signal: cancel,
    });
  });
  await confirm(environment, connection, { pair, alias, container, entries, gaps });
  const { pkcs12, password } = container;
  const result = await withProgress(
    l10n.t('Adding the key pair "{0}" to "{1}"', alias.alias, connection.name),
    ({ signal: cancel }) =>
      keystores.write(connection.id, (client) =>
        importKeyPair(
          client,
          { alias: alias.alias, pkcs12, password, fingerprint: formatFingerprint(pair.leaf.sha256) },
          {
            signal: cancel,
            replaces: alias.replaces,
            confirmUntrusted: (chain) =>
              confirmUntrusted(environment, { alias: alias.alias, sent: container.repaired.chain }, chain),
          },
        ),
      ),
  );
  tell(environment, alias, result.answerLost);
  await environment.navigator.revealEntry(connection.id, result.after.hexalias);
}

async function confirm(
  environment: Environment,
  connection: Connection,
  review: {
    readonly pair: KeyPairPart;
    readonly alias: ImportAlias;
    readonly container: KeyPairContainer;
    readonly entries: readonly KeystoreEntry[];
    readonly gaps: readonly string[];
  },
): Promise<void> {
  const { pair, alias, container, entries, gaps } = review;
  const { repaired, pkcs12 } = container;
  const { replaces } = alias;
  const verdict = await verdictLines(environment, connection, {
    chain: repaired.chain,
    extra: [],
    purpose: 'outbound',
  });
  const agreed = await environment.prompts.confirm({
    message:
      replaces === undefined
        ? l10n.t('Add this key pair to "{0}" as "{1}"?', connection.name, alias.alias)
        : l10n.t('Replace the key pair "{1}" of "{0}"?', connection.name, alias.alias),
    detail: [
      ...(replaces === undefined ? certificateFacts(pair.leaf) : replacementFacts(replaces, pair.leaf)),
      l10n.t('Chain: {0}', repaired.chain.map(certificateLabel).join(' ← ')),
      ...chainChanges(repaired),
      ...gaps,
      ...(replaces === undefined
        ? []
        : [l10n.t('The private key that is stored there now is gone for good.')]),
      ...(isPassportAuthority(pair.leaf.issuer)
        ? [
            l10n.t(
              'This is an SAP Passport: it was issued to a person, and whoever uses its private key acts as that person.',
            ),
          ]
        : []),
      ...alreadyThere(pair.leaf, entries),
      ...verdict,
      l10n.t(
        'The private key leaves this machine and is stored in the tenant. It is sent in a PKCS#12 container of {0} bytes, made for this under a random password.',
        pkcs12.length,
      ),
    ].join('\n'),
    action: replaces === undefined ? l10n.t('Add Key Pair') : l10n.t('Replace Key Pair'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
}

function tell({ prompts }: Environment, { alias, replaces }: ImportAlias, answerLost: boolean): void {
  const isNew = replaces === undefined;
  if (answerLost) {
    void prompts.inform(
      isNew
        ? l10n.t('The key pair "{0}" was added; the answer was lost.', alias)
        : l10n.t('The key pair "{0}" was replaced; the answer was lost.', alias),
    );
    return;
  }
  prompts.note(isNew ? l10n.t('Key pair "{0}" added.', alias) : l10n.t('Key pair "{0}" replaced.', alias));
}
