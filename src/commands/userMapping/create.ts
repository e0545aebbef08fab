import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { neoRolePlace } from '../../inbound/neoRole.js';
import { parseSenderCertificate } from '../../inbound/senderSetUp.js';
import type { Certificate } from '../../pki/certificate.js';
import { displayName } from '../../pki/distinguishedName.js';
import type { Connection } from '../../services/connection.js';
import type { MappingWriteResult } from '../../services/userMappingWrites.js';
import { mappingId } from '../../tenant/certificateUserMappings.js';
import { refusePracticeCertificate } from '../change/facts.js';
import {
  certificateOfEntry,
  certificateOfFile,
  certificateOfSetUp,
  chooseSenderCertificate,
  type SenderCertificate,
} from '../cloudFoundry/senderCertificate.js';
import type { ActionContext, Environment } from '../environment.js';
import { entryIdOf, isRecord, tenantIdOf } from '../targetIds.js';
import { askUser } from './askUser.js';
import { readMappings } from './chooseMapping.js';
import { chooseNeoTenant } from './neoTenant.js';
import { rolesOfSender } from './rolesOfSender.js';
import type { UserMappingPorts } from './ports.js';
import { existingMapping, reviewMapping } from './review.js';

/** What a renewal knows already: the tenant, the certificate, and the user. */
export interface GivenMapping {
  readonly connection: Connection;
  readonly sender: SenderCertificate;
  readonly user: string;
  /** The certificate that is renewed: set-ups name the role for it. */
  readonly renewed: Pick<Certificate, 'sha256'> | undefined;
}

/**
 * "Create Certificate-to-User Mapping…": of a certificate from an entry of any connected tenant, a file or wherever the person
 * says. What the tenant has is read before, and nothing is sent before the person has seen what it would do. A certificate that is
 * mapped to another user already is shown with old and new user, since SAP overwrites silently.
 */
export async function createUserMapping(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  context: ActionContext,
  given?: GivenMapping,
): Promise<void> {
  const title = l10n.t('Create Certificate-to-User Mapping');
  const { prompts } = environment;
  const sender = given?.sender ?? (await chooseSender(environment, argument, ports, { title, context }));
  const connection = given?.connection ?? (await chooseReceiver(environment, argument, ports, sender, title));
  await refusePracticeCertificate([sender.leaf], connection);
  const all = await readMappings(connection, ports, context);
  const existing = existingMapping({ sender, all });
  const user =
    given?.user ??
    (await askUser(
      prompts,
      all,
      existing === undefined
        ? { title }
        : { title: l10n.t('Mapped already: choose the new user'), except: existing.user },
    ));
  if (existing?.user === user) {
    throw new KeystoreError('refused', 'the mapping is there already', {
      details: {
        performed: 'no',
        explanation: l10n.t(
          'The certificate is mapped to the user "{0}" already: nothing is left to do.',
          user,
        ),
      },
    });
  }
  const roles =
    givenRole(argument) ??
    rolesOfSender(ports.setUps(), connection.id, [
      sender.leaf,
      ...(given?.renewed === undefined ? [] : [given.renewed]),
    ]);
  const lines = await reviewMapping(environment, { connection, sender, user, all, roles }, ports, context);
  const agreed = await prompts.confirm({
    message:
      existing === undefined
        ? l10n.t('Map the certificate to the user "{0}" in "{1}"?', user, connection.name)
        : l10n.t('Change the user of the certificate in "{0}"?', connection.name),
    detail: lines.join('\n'),
    action: existing === undefined ? l10n.t('Create Mapping') : l10n.t('Change User'),
  });
  if (!agreed) {
    throw new Cancelled();
  }
  const { leaf } = sender;
  const result = await context.withProgress(l10n.t('Mapping the certificate to "{0}"', user), ({ signal }) =>
    ports.mappings.map(connection.id, { der: leaf.der, user, seen: existing }, signal),
  );
  await tellMapped(environment, ports, { connection, leaf, user, roles, result });
}

/** Tells what was mapped and the role that is needed next, and shows the row. */
export async function tellMapped(
  { prompts }: Pick<Environment, 'prompts'>,
  { reveal }: Pick<UserMappingPorts, 'reveal'>,
  made: {
    readonly connection: Connection;
    readonly leaf: SenderCertificate['leaf'];
    readonly user: string;
    /** What the endpoints ask of the user. */
    readonly roles: string;
    readonly result: MappingWriteResult;
  },
): Promise<void> {
  const { connection, leaf, user, roles, result } = made;
  const id = result.after?.id;
  await reveal({ tenantId: connection.id, mappingId: id });
  const subject = displayName(leaf.subject);
  void prompts.inform(
    [
      result.answerLost
        ? l10n.t('The certificate of {0} is mapped to the user "{1}"; the answer was lost.', subject, user)
        : l10n.t('The certificate of {0} is mapped to the user "{1}".', subject, user),
      ...(id === undefined || id === mappingId(leaf.der)
        ? []
        : [l10n.t('The tenant gave it the identifier {0}, which is not the MD5 that is computed here.', id)]),
      l10n.t('Next, the user needs the role {0}. {1}', roles, neoRolePlace(user, roles)),
    ].join(' '),
  );
}

/** The role that the endpoint of a set-up asks for, as its page hands it over. */
function givenRole(argument: unknown): string | undefined {
  return isRecord(argument) && typeof argument.role === 'string' ? argument.role : undefined;
}

async function chooseSender(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<SenderCertificate> {
  if (ports.isUri(argument)) {
    return await certificateOfFile(environment, argument, ports, options);
  }
  if (isRecord(argument) && argument.receiverId !== undefined) {
    const { name, certificate } = argument;
    return await certificateOfSetUp(
      environment,
      { name: String(name), certificate: parseSenderCertificate(certificate) },
      options,
    );
  }
  const entry = entryIdOf(argument);
  return entry === undefined
    ? await chooseSenderCertificate(environment, ports, {
        ...options,
        placeholder: l10n.t('The certificate with which the sender calls'),
      })
    : await certificateOfEntry(environment, entry, options);
}

/** An entry may be of one tenant and be mapped in another: with several tenants of Neo the one to be called is asked for. */
async function chooseReceiver(
  environment: Environment,
  argument: unknown,
  ports: UserMappingPorts,
  sender: SenderCertificate,
  title: string,
): Promise<Connection> {
  const receiverId =
    isRecord(argument) && typeof argument.receiverId === 'string' ? argument.receiverId : undefined;
  if (receiverId !== undefined) {
    return await chooseNeoTenant(environment, { tenantId: receiverId }, title);
  }
  const isRowOfTenant = !ports.isUri(argument) && entryIdOf(argument) === undefined;
  return await chooseNeoTenant(
    environment,
    isRowOfTenant && tenantIdOf(argument) !== undefined ? argument : undefined,
    sender.from === undefined ? title : l10n.t('Tenant That Is to Be Called'),
  );
}
