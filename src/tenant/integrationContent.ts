import * as l10n from '@vscode/l10n';
import { KeystoreError, type ErrorDetails } from '../errors.js';
import { isArray, isObject } from '../http/checked.js';
import type { HttpAnswer } from '../http/httpMessages.js';
import { bytesOf, jsonOf, readRows, type ReadingSession } from './odataReader.js';
import { parsePage } from './odataPage.js';
import { date, required, rowOf, text } from './odataValue.js';
import { isNeoTenant } from './tenantAddress.js';
import { isForeignNotFound } from './tenantFailure.js';
import { roleName, type TenantRole } from './tenantRoles.js';
import type { TenantSession } from './tenantSession.js';

/** An artifact that is deployed, such as an integration flow or a value mapping. */
export interface RuntimeArtifact {
  readonly id: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** Such as `INTEGRATION_FLOW`. */
  readonly type: string | undefined;
  /** Such as `STARTED` or `ERROR`. */
  readonly status: string | undefined;
  readonly deployedOn: Date | undefined;
}

/** What a deployed integration flow is called under. */
export interface ServiceEndpoint {
  readonly id: string;
  /** Of the integration flow. */
  readonly name: string;
  /** Such as `REST`, `SOAP` or `ODATAV2`. */
  readonly protocol: string | undefined;
  /** Addresses as the tenant tells them. */
  readonly urls: readonly string[];
}

/** A parameter of an integration flow that its author put outside of the model. */
export interface FlowParameter {
  readonly key: string;
  readonly value: string;
}

/** An integration flow as it was designed. */
export interface DesignRef {
  readonly id: string;
  /** A saved version, or `active` for what it is now. */
  readonly version: string;
}

/**
 * What a tenant tells of its integration flows; nothing is written. An error `forbidden` names in `details.role` the role
 * that SAP's list of tasks and permissions asks for.
 */
export interface IntegrationContentClient {
  /** Every artifact that is deployed, all pages. */
  readRuntimeArtifacts(signal: AbortSignal): Promise<readonly RuntimeArtifact[]>;
  /** Every endpoint of what is deployed, all pages. */
  readServiceEndpoints(signal: AbortSignal): Promise<readonly ServiceEndpoint[]>;
  /** The parameters of a flow; undefined where the design time has no such flow or version. */
  readConfigurations(design: DesignRef, signal: AbortSignal): Promise<readonly FlowParameter[] | undefined>;
  /** The archive (ZIP) that holds the model of a flow; undefined as above. */
  downloadDesign(design: DesignRef, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

type Session = ReadingSession & Pick<TenantSession, 'address'>;

/** The integration content over a session. */
export class ODataIntegrationContent implements IntegrationContentClient {
  constructor(private readonly session: Session) {}

  async readRuntimeArtifacts(signal: AbortSignal): Promise<readonly RuntimeArtifact[]> {
    return await this.naming('MonitoringDataRead', () =>
      readRows(this.session, '/api/v1/IntegrationRuntimeArtifacts', parseRuntimeArtifact, { signal }),
    );
  }

  async readServiceEndpoints(signal: AbortSignal): Promise<readonly ServiceEndpoint[]> {
    return await this.naming('MonitoringDataRead', () =>
      readRows(this.session, '/api/v1/ServiceEndpoints?$expand=EntryPoints', parseServiceEndpoint, {
        signal,
      }),
    );
  }

  async readConfigurations(
    design: DesignRef,
    signal: AbortSignal,
  ): Promise<readonly FlowParameter[] | undefined> {
    return await this.naming('WorkspacePackagesRead', async () => {
      const path = `${designPath(design)}/Configurations`;
      const first = await this.get(path, 'application/json', signal);
      if (first === undefined) {
        return undefined;
      }
      const page = parsePage(jsonOf(this.session, first), first.url);
      const more =
        page.next === undefined
          ? []
          : await readRows(this.session, page.next, parseFlowParameter, { signal });
      return [...page.rows.map(parseFlowParameter), ...more];
    });
  }

  async downloadDesign(design: DesignRef, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return await this.naming('WorkspacePackagesRead', async () => {
      const answer = await this.get(
        `${designPath(design)}/$value`,
        'application/zip, application/octet-stream, */*;q=0.5',
        signal,
      );
      return answer === undefined ? undefined : bytesOf(this.session, answer);
    });
  }

  /** An answer; undefined where the tenant says that there is no such thing. */
  private async get(path: string, accept: string, signal: AbortSignal): Promise<HttpAnswer | undefined> {
    const answer = await this.session.send({ kind: 'read', method: 'GET', path, accept }, signal);
    return answer.status === 404 && !isForeignNotFound(answer) ? undefined : answer;
  }

  private async naming<T>(role: TenantRole, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (KeystoreError.is(error, 'forbidden')) {
        throw withDetails(error, {
          role: roleName(role, isNeoTenant(this.session.address) ? 'neo' : 'cloudFoundry'),
        });
      }
      if (KeystoreError.is(error, 'not-found')) {
        throw withDetails(error, {
          explanation: l10n.t('The tenant does not tell of its integration flows: it answers 404.'),
        });
      }
      throw error;
    }
  }
}

function withDetails(error: KeystoreError, details: ErrorDetails): KeystoreError {
  return new KeystoreError(error.code, error.message, {
    cause: error.cause,
    details: { ...error.details, ...details },
  });
}

/** Keys of OData are quoted texts, with a quote in them doubled. */
function designPath({ id, version }: DesignRef): string {
  const quoted = (value: string): string => `'${encodeURIComponent(value.replaceAll("'", "''"))}'`;
  return `/api/v1/IntegrationDesigntimeArtifacts(Id=${quoted(id)},Version=${quoted(version)})`;
}

function parseRuntimeArtifact(row: unknown): RuntimeArtifact {
  const fields = rowOf(row);
  return {
    id: required(fields, 'Id'),
    name: text(fields['Name'], 'Name'),
    version: text(fields['Version'], 'Version'),
    type: text(fields['Type'], 'Type'),
    status: text(fields['Status'], 'Status'),
    deployedOn: date(fields['DeployedOn'], 'DeployedOn'),
  };
}

function parseServiceEndpoint(row: unknown): ServiceEndpoint {
  const fields = rowOf(row);
  const expanded = fields['EntryPoints'];
  const points = isObject(expanded) ? expanded['results'] : expanded;
  return {
    id: required(fields, 'Id'),
    name: required(fields, 'Name'),
    protocol: text(fields['Protocol'], 'Protocol'),
    urls: (isArray(points) ? points : []).flatMap((point) => text(rowOf(point)['Url'], 'Url') ?? []),
  };
}

function parseFlowParameter(row: unknown): FlowParameter {
  const fields = rowOf(row);
  return {
    key: required(fields, 'ParameterKey'),
    value: text(fields['ParameterValue'], 'ParameterValue') ?? '',
  };
}
