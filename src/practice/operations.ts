/** A request of the API, told by its method and path below `/api/v1`. */
export interface Operation {
  readonly name: string;
  /** The role that it needs. */
  readonly role: 'MonitoringDataRead' | 'SecurityMaterialEdit' | 'WorkspacePackagesRead' | undefined;
  readonly isWrite: boolean;
  /** The key in the path, where there is one: a hexalias, or the identifier of a mapping. */
  readonly hexalias: string | undefined;
  /** The design of an integration flow that the path names. */
  readonly design?: { readonly id: string; readonly version: string };
}

function designPath(rest: string): RegExp {
  return new RegExp(
    `^/IntegrationDesigntimeArtifacts\\(Id='((?:[^']|'')*)',Version='((?:[^']|'')*)'\\)/${rest}$`,
  );
}

/** Operations that only a tenant of Neo has. */
export const mappingOperations: readonly string[] = ['mappings', 'mapping', 'map', 'unmap'];

const routes: readonly (readonly [string, RegExp, string])[] = [
  ['GET', /^\/?$/, 'serviceDocument'],
  ['GET', /^\/\$metadata$/, 'metadata'],
  ['GET', /^\/KeystoreEntries$/, 'entries'],
  ['GET', /^\/HistoryKeystoreEntries$/, 'history'],
  ['GET', /^\/HistoryKeystoreEntries\('([^']*)'\)$/, 'historyEntry'],
  ['GET', /^\/Keystores\('([^']*)'\)$/, 'keystore'],
  ['GET', /^\/Keystores\('([^']*)'\)\/Size\/\$value$/, 'keystoreSize'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)$/, 'entry'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)\/ChainCertificates$/, 'chain'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)\/Certificate\/\$value$/, 'certificate'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)\/ChainResource\/\$value$/, 'chainResource'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)\/SigningRequest\/\$value$/, 'signingRequest'],
  ['GET', /^\/KeystoreEntries\('([^']*)'\)\/Sshkey\/\$value$/, 'sshKey'],
  ['GET', /^\/CertificateChainResources\('([^']*)'\)(?:\/\$value)?$/, 'chainResourceSet'],
  ['GET', /^\/IntegrationRuntimeArtifacts$/, 'runtimeArtifacts'],
  ['GET', /^\/ServiceEndpoints$/, 'serviceEndpoints'],
  ['GET', designPath('Configurations'), 'configurations'],
  ['GET', designPath('\\$value'), 'design'],
  ['POST', /^\/KeyPairGenerationRequests$/, 'createKeyPair'],
  ['POST', /^\/KeyPairResources$/, 'importKeyPair'],
  ['PUT', /^\/CertificateChainResources\('([^']*)'\)\/\$value$/, 'importSigningResponse'],
  ['PUT', /^\/CertificateResources\('([^']*)'\)\/\$value$/, 'importCertificate'],
  ['PUT', /^\/KeystoreEntries\('([^']*)'\)$/, 'rename'],
  ['DELETE', /^\/KeystoreEntries\('([^']*)'\)$/, 'delete'],
  ['PUT', /^\/KeystoreResources\('system'\)$/, 'massDelete'],
  ['GET', /^\/CertificateUserMappings$/, 'mappings'],
  ['GET', /^\/CertificateUserMappings\('([^']*)'\)$/, 'mapping'],
  ['POST', /^\/CertificateUserMappings$/, 'map'],
  ['DELETE', /^\/CertificateUserMappings\('([^']*)'\)$/, 'unmap'],
];

/** The operation of a request, or undefined where the API has none there. */
export function operationOf(method: string, path: string): Operation | undefined {
  for (const [routeMethod, pattern, name] of routes) {
    const match = routeMethod === method ? pattern.exec(path) : null;
    if (match !== null) {
      const isWrite = method !== 'GET';
      return {
        name,
        isWrite,
        role: roleOf(name, isWrite),
        ...(isDesign(name)
          ? { hexalias: undefined, design: { id: plain(match[1]), version: plain(match[2]) } }
          : { hexalias: match[1] }),
      };
    }
  }
  return undefined;
}

function isDesign(name: string): boolean {
  return name === 'configurations' || name === 'design';
}

function roleOf(name: string, isWrite: boolean): Operation['role'] {
  if (isWrite) {
    return 'SecurityMaterialEdit';
  }
  if (name === 'serviceDocument' || name === 'metadata') {
    return undefined;
  }
  return isDesign(name) ? 'WorkspacePackagesRead' : 'MonitoringDataRead';
}

/** A quoted text of a path, where a quote is doubled. */
function plain(quoted = ''): string {
  return quoted.replaceAll("''", "'");
}
