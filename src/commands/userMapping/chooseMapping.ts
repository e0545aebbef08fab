import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import { mappingSubject, mappingValidUntil, type UserMapping } from '../../inbound/userMapping.js';
import type { Connection } from '../../services/connection.js';
import { day } from '../change/facts.js';
import type { ActionContext, Environment } from '../environment.js';
import { isRecord, tenantIdOf } from '../targetIds.js';
import { plainLabel } from '../targets.js';
import { chooseNeoTenant, notNeo } from './neoTenant.js';
import type { UserMappingPorts } from './ports.js';

/** A mapping that a command works on, with all of its tenant, read now. */
export interface MappingTarget {
  readonly connection: Connection;
  readonly mapping: UserMapping;
  readonly all: readonly UserMapping[];
}

/** The mapping that a row stands for or belongs to; undefined for anything else. */
export function mappingOfRow(argument: unknown): { tenantId: string; mappingId: string } | undefined {
  const tenantId = tenantIdOf(argument);
  return isRecord(argument) && tenantId !== undefined && typeof argument.mappingId === 'string'
    ? { tenantId, mappingId: argument.mappingId }
    : undefined;
}

/** The mapping of the row, else the one that the person picks; what is there is read now. */
export async function chooseMapping(
  environment: Environment,
  argument: unknown,
  ports: Pick<UserMappingPorts, 'mappings'>,
  options: {
    readonly title: string;
    readonly context: ActionContext;
    readonly suits?: (mapping: UserMapping) => boolean;
  },
): Promise<MappingTarget> {
  const { title, context, suits = () => true } = options;
  const row = mappingOfRow(argument);
  const connection = await chooseNeoTenant(environment, argument, title);
  const all = await readMappings(connection, ports, context);
  if (row !== undefined) {
    const mapping = all.find(({ id }) => id === row.mappingId);
    if (mapping === undefined) {
      throw new KeystoreError('not-found', 'the mapping is gone', {
        details: {
          explanation: l10n.t('The mapping is not there any more, perhaps deleted elsewhere.'),
        },
      });
    }
    return { connection, mapping, all };
  }
  const suitable = all.filter(suits);
  if (suitable.length === 0) {
    throw new KeystoreError('refused', 'no suitable mapping', {
      details: {
        explanation: l10n.t('"{0}" has no certificate-to-user mapping for this.', connection.name),
      },
    });
  }
  const answer = await environment.prompts.pick({
    title,
    placeholder: l10n.t('Certificate-to-user mapping'),
    items: suitable.map((value) => ({
      label: plainLabel(value.user),
      description: l10n.t('until {0}', day(mappingValidUntil(value))),
      detail: plainLabel(mappingSubject(value)),
      value,
    })),
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  return { connection, mapping: answer.value, all };
}

/** The mapping of the row as the view shows it, without asking the tenant; else the one that the person picks. */
export async function mappingAtHand(
  environment: Environment,
  argument: unknown,
  ports: Pick<UserMappingPorts, 'mappings'>,
  options: { readonly title: string; readonly context: ActionContext },
): Promise<UserMapping> {
  const row = mappingOfRow(argument);
  const shown =
    row === undefined
      ? undefined
      : ports.mappings.mappings(row.tenantId)?.find(({ id }) => id === row.mappingId);
  return shown ?? (await chooseMapping(environment, argument, ports, options)).mapping;
}

/** Every mapping of a tenant, read now; throws what keeps them from being read. */
export async function readMappings(
  connection: Connection,
  { mappings }: Pick<UserMappingPorts, 'mappings'>,
  { withProgress, signal }: ActionContext,
): Promise<readonly UserMapping[]> {
  const all = await withProgress(
    l10n.t('Reading the mappings of "{0}"', connection.name),
    async (progress) => {
      try {
        const read = await mappings.current(connection.id);
        Cancelled.throwIfAborted(progress.signal);
        return read;
      } catch (error) {
        throw KeystoreError.is(error, 'refused') && error.details.reason === 'notOffered'
          ? notNeo(connection)
          : error;
      }
    },
  );
  Cancelled.throwIfAborted(signal);
  return all;
}
