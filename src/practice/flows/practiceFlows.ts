import { odataDate } from '../odataJson.js';
import { PracticeError } from '../practiceError.js';
import { flowArchive } from './flowArchive.js';
import type { PracticeFlow } from './flowSeed.js';

/** Where flows are called; nobody answers there. */
const runtimeUrl = 'https://practice.it-cpi-rt.example';

/** The integration flows of the practice tenant, in the shapes of the API "Integration Content". */
export class PracticeFlows {
  constructor(
    private readonly flows: readonly PracticeFlow[],
    private readonly clock: () => number,
  ) {}

  /** Rows of `IntegrationRuntimeArtifacts`. */
  runtimeArtifacts(root: string): readonly Record<string, unknown>[] {
    return this.flows.map((flow) => {
      const uri = `${root}/IntegrationRuntimeArtifacts('${encodeURIComponent(flow.id)}')`;
      return {
        __metadata: {
          id: uri,
          uri,
          type: 'com.sap.hci.api.IntegrationRuntimeArtifact',
          content_type: 'application/octet-stream',
          media_src: `${uri}/$value`,
          edit_media: `${uri}/$value`,
        },
        Id: flow.id,
        Version: flow.version,
        Name: flow.name,
        Type: flow.type,
        DeployedBy: 'practice',
        DeployedOn: odataDate(this.clock() - 30 * 86_400_000),
        Status: flow.status,
        ErrorInformation: { __deferred: { uri: `${uri}/ErrorInformation` } },
      };
    });
  }

  /** Rows of `ServiceEndpoints`; their entry points are in them where the request wants them expanded. */
  serviceEndpoints(root: string, expand: string | null): readonly Record<string, unknown>[] {
    const isExpanded = expand?.split(',').includes('EntryPoints') === true;
    return this.flows.flatMap(({ id, name, version, endpoint, status }) => {
      if (endpoint === undefined || status !== 'STARTED') {
        return [];
      }
      const url = runtimeUrl + endpoint.path;
      const key = `${id}$endpointAddress=${endpoint.path.replace(/^\/[^/]+\//, '')}`;
      const uri = `${root}/ServiceEndpoints('${encodeURIComponent(key)}')`;
      const pointUri = `${root}/EntryPoints('${encodeURIComponent(url)}')`;
      const point = {
        __metadata: { id: pointUri, uri: pointUri, type: 'com.sap.hci.api.EntryPoint' },
        Name: name,
        Url: url,
        Type: 'PROD',
        AdditionalInformation: '',
      };
      return [
        {
          __metadata: { id: uri, uri, type: 'com.sap.hci.api.ServiceEndpoint' },
          Name: id,
          Id: key,
          Title: name,
          Version: version,
          Summary: null,
          Description: '',
          LastUpdated: odataDate(this.clock() - 30 * 86_400_000),
          Protocol: endpoint.protocol,
          EntryPoints: isExpanded ? { results: [point] } : { __deferred: { uri: `${uri}/EntryPoints` } },
          ApiDefinitions: { __deferred: { uri: `${uri}/ApiDefinitions` } },
        },
      ];
    });
  }

  /** Rows of a flow's `Configurations`. */
  configurations(root: string, id: string, version: string): readonly Record<string, unknown>[] {
    const { parameters } = this.designed(id, version);
    return Object.entries(parameters).map(([key, value]) => {
      const uri = `${root}/Configurations('${encodeURIComponent(key)}')`;
      return {
        __metadata: { id: uri, uri, type: 'com.sap.hci.api.Configuration' },
        ParameterKey: key,
        ParameterValue: value,
        DataType: 'xsd:string',
      };
    });
  }

  /** The archive of a flow's design. */
  archive(id: string, version: string): Buffer {
    const flow = this.designed(id, version);
    const { design } = flow;
    if (design === 'configureOnly' || design === undefined) {
      throw new PracticeError(400, 'Cannot download the artifact from a configure only package.');
    }
    return flowArchive({ ...flow, ...design });
  }

  private designed(id: string, version: string): PracticeFlow {
    const flow = this.flows.find((one) => one.id === id);
    const { design } = flow ?? {};
    const isThere =
      design === 'configureOnly' || (design !== undefined && ['active', design.version].includes(version));
    if (flow === undefined || !isThere) {
      throw new PracticeError(404, `Integration design time artifact not found: ${id}, version ${version}`);
    }
    return flow;
  }
}
