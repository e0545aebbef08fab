import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { Command } from '../../contributions.js';
import { certificateOfEntry, certificateOfFile } from '../../inbound/senderCertificate.js';
import type { SenderCertificateRef } from '../../inbound/senderSetUp.js';
import type { Connection } from '../../services/connection.js';
import { entryKind, hasPrivateKey, isPredeliveredKeyPair } from '../../tenant/entryKind.js';
import type { KeystoreEntry } from '../../tenant/keystoreEntry.js';
import type { PickItem } from '../../ui/prompts.js';
import type { ActionContext, Environment } from '../environment.js';
import { certificateFileFilters, readParts } from '../file/parts.js';
import { readFileSource } from '../source.js';
import { plainLabel } from '../targets.js';
import type { MappingPorts } from './ports.js';
import { refuseCertificate } from './refusals.js';

/** A certificate that a sender can call with, and a name for its set-up. */
export interface ChosenSender {
  readonly certificate: SenderCertificateRef;
  readonly name: string;
}

type Origin = 'predelivered' | 'passport' | 'keyPair' | 'file' | 'entry' | 'local';

/** Asks who calls and with what, by the options of the mission; what cannot work is refused with the reason and the way out. */
export async function chooseSender(
  environment: Environment,
  ports: MappingPorts,
  receiver: Connection,
  context: ActionContext,
): Promise<ChosenSender> {
  const title = l10n.t('Sender Certificate');
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Who calls, and where is the private key?'),
    items: origins(),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  switch (answer.value) {
    case 'predelivered':
      return await chooseTenantKey(environment, { title, context, suits: isPredeliveredKeyPair });
    case 'keyPair':
      return await chooseTenantKey(environment, {
        title,
        context,
        suits: (entry) => entryKind(entry) === 'keyPair' && !isPredeliveredKeyPair(entry),
      });
    case 'passport':
    case 'file':
      return await chooseFile(environment, ports, title, context);
    case 'entry':
      return await chooseEntryOf(environment, receiver, title, context);
    case 'local':
      await ports.runCommand(Command.localKeyPairCreate);
      throw new Cancelled();
  }
}

function origins(): readonly PickItem<Origin>[] {
  return [
    {
      separatorBefore: l10n.t('An outside system calls'),
      label: l10n.t('Certificate file'),
      description: l10n.t('option 4'),
      detail: l10n.t("The sender's own certificate, signed by an authority; PEM, DER, PKCS#7 or PKCS#12."),
      value: 'file',
    },
    {
      label: l10n.t('SAP Passport'),
      description: l10n.t('option 2'),
      detail: l10n.t('It came signed; choose the file with it.'),
      value: 'passport',
    },
    {
      label: l10n.t('Certificate in the keystore'),
      detail: l10n.t('The public part, as an entry of the receiving tenant.'),
      value: 'entry',
    },
    {
      label: l10n.t('Make a key pair first…'),
      description: l10n.t('option 4'),
      detail: l10n.t('On this machine, with a signing request; choose its certificate once it is signed.'),
      value: 'local',
    },
    {
      separatorBefore: l10n.t('Cloud Integration calls Cloud Integration'),
      label: l10n.t('Key pair of SAP'),
      description: l10n.t('option 1'),
      detail: l10n.t(
        'Signed already. Its public certificate is exported from the calling tenant and mapped in the receiving one.',
      ),
      value: 'predelivered',
    },
    {
      label: l10n.t('Key pair of the calling tenant'),
      description: l10n.t('option 3'),
      detail: l10n.t('Made in its keystore; it must be signed by an authority before it can call.'),
      value: 'keyPair',
    },
  ];
}

/** A key of any connected tenant, which then is the caller. */
async function chooseTenantKey(
  { connections, keystores, prompts }: Environment,
  options: {
    readonly title: string;
    readonly context: ActionContext;
    readonly suits: (entry: KeystoreEntry) => boolean;
  },
): Promise<ChosenSender> {
  const { title, suits, context } = options;
  const unread: string[] = [];
  const read = async (): Promise<readonly PickItem<{ tenantId: string; entry: KeystoreEntry }>[]> => {
    const items: PickItem<{ tenantId: string; entry: KeystoreEntry }>[] = [];
    for (const { id, name } of connections.list()) {
      const entries = await keystores.entriesOrRead(id, context.signal).catch((error: unknown) => {
        if (!KeystoreError.is(error)) {
          throw error;
        }
        unread.push(name);
        return [];
      });
      items.push(
        ...entries.filter(suits).map((entry, index) => ({
          ...entryItem(entry),
          ...(index === 0 ? { separatorBefore: plainLabel(name) } : {}),
          value: { tenantId: id, entry },
        })),
      );
    }
    if (items.length === 0) {
      throw new KeystoreError('refused', 'no tenant has such a key pair', {
        details: {
          reason: 'no-key-pair',
          explanation:
            unread.length === 0
              ? l10n.t(
                  'No connected tenant has such a key pair. Connect the tenant that calls ("Add Tenant…"), or create a key pair in it; trial tenants have no key pair of SAP.',
                )
              : l10n.t('No key pair was found; the keystore could not be read of: {0}.', unread.join(', ')),
        },
      });
    }
    return items;
  };
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Key pair of the tenant that calls'),
    items: read(),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const { tenantId, entry } = answer.value;
  refuseCertificate(certificateOfEntry(entry), { caller: 'cloudIntegration', isCa: false });
  return ofEntry(tenantId, entry);
}

/** A certificate of the receiver's keystore; a key pair there is refused, since no outside sender can have its key. */
async function chooseEntryOf(
  { keystores, prompts }: Environment,
  receiver: Connection,
  title: string,
  context: ActionContext,
): Promise<ChosenSender> {
  const items = keystores.entriesOrRead(receiver.id, context.signal).then((entries) => {
    const sorted = [
      ...entries.filter((entry) => !hasPrivateKey(entry)),
      ...entries.filter((entry) => entryKind(entry) === 'keyPair'),
    ];
    const firstKey = sorted.findIndex(hasPrivateKey);
    return sorted.map((entry, index) => ({
      ...entryItem(entry),
      ...(index === firstKey
        ? { separatorBefore: l10n.t('Their private keys cannot leave the tenant') }
        : {}),
      value: entry,
    }));
  });
  const answer = await prompts.pick({
    title,
    placeholder: l10n.t('Entry with the certificate of the sender'),
    items,
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  const entry = answer.value;
  const { client } = await keystores.access(receiver.id);
  const { readCertificates } = await import('../../pki/container.js');
  const [leaf] = hasPrivateKey(entry)
    ? []
    : readCertificates(await client.readCertificate(entry.hexalias, 'leaf', context.signal)).certificates;
  refuseCertificate(certificateOfEntry(entry), { caller: 'outside', isCa: leaf?.isCa === true });
  return ofEntry(receiver.id, entry);
}

async function chooseFile(
  { prompts }: Environment,
  ports: MappingPorts,
  title: string,
  context: ActionContext,
): Promise<ChosenSender> {
  const uri = await prompts.openFile({
    title,
    filters: { ...certificateFileFilters(), [l10n.t('All files')]: ['*'] },
  });
  return await senderOfFile(prompts, ports, { uri, title }, context);
}

/** The sender of a file: its own certificate and the chain that comes along, never a key. */
async function senderOfFile(
  prompts: Environment['prompts'],
  ports: MappingPorts,
  { uri, title }: { readonly uri: Parameters<MappingPorts['files']['read']>[0]; readonly title: string },
  context: ActionContext,
): Promise<ChosenSender> {
  const source = await readFileSource(ports, uri);
  const { certificates, name } = await readParts(prompts, ports, { source, title }, context);
  const [{ orderChain }, { encodePem }, { commonName }] = await Promise.all([
    import('../../pki/chain.js'),
    import('../../pki/pem.js'),
    import('../../pki/distinguishedName.js'),
  ]);
  const { leaf, chain } = orderChain(certificates);
  if (leaf === undefined) {
    throw new KeystoreError('refused', 'no certificate in the file', {
      details: {
        reason: 'no-certificate',
        explanation: l10n.t(
          '"{0}" holds no certificate. Choose the file with the certificate that the authority sent, not the key or the request.',
          name,
        ),
      },
    });
  }
  refuseCertificate(certificateOfFile(leaf, name), { caller: 'outside', isCa: leaf.isCa });
  return {
    certificate: {
      kind: 'file',
      uri: uri.toString(),
      pem: chain.map(({ der }) => encodePem('CERTIFICATE', der)).join(''),
    },
    name: commonName(leaf.subject) ?? name,
  };
}

function ofEntry(tenantId: string, entry: KeystoreEntry): ChosenSender {
  const { hexalias, fingerprintSha256, alias } = entry;
  return { certificate: { kind: 'entry', tenantId, hexalias, fingerprintSha256 }, name: alias };
}

function entryItem(entry: KeystoreEntry): Omit<PickItem<never>, 'value'> {
  return {
    label: plainLabel(entry.alias),
    description: entry.type,
    ...(entry.subjectDn === undefined ? {} : { detail: plainLabel(entry.subjectDn) }),
  };
}
