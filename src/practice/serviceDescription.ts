/** Properties as `Name:Type:MaxLength`; the type is a text unless it is named, and `!` ends one that is never null. */
interface EntityType {
  readonly base?: string;
  readonly isAbstract?: boolean;
  readonly key?: readonly string[];
  readonly hasStream?: boolean;
  readonly properties?: string;
}

const namespace = 'com.sap.hci.api';
const subject =
  'CommonName::500 OrganizationUnit::500 Organization::500 Locality::500 State::500 Country::2 Email::500';
const names =
  'Validity::1000 SubjectDN::50000 IssuerDN::50000 Version:Int32 FingerprintSha1::200 FingerprintSha256::200 FingerprintSha512::200';
const times = 'ValidNotBefore:DateTimeOffset ValidNotAfter:DateTimeOffset';

const types: Readonly<Record<string, EntityType>> = {
  KeystoreEntryAlias: {
    isAbstract: true,
    key: ['Hexalias'],
    properties: 'Hexalias::2000! Alias::250!',
  },
  KeystoreEntryCertificatePartBase: {
    base: 'KeystoreEntryAlias',
    isAbstract: true,
    properties: `KeyType::30 KeySize:Int32 ${times} SerialNumber::256 SignatureAlgorithm::60 EllipticCurve::500`,
  },
  KeystoreEntryCertificatePart: {
    base: 'KeystoreEntryCertificatePartBase',
    isAbstract: true,
    properties: names,
  },
  KeystoreEntry: {
    base: 'KeystoreEntryCertificatePart',
    properties:
      'Type::30 Owner::30 LastModifiedBy::150 LastModifiedTime:DateTimeOffset CreatedBy::150 CreatedTime:DateTimeOffset Status::500',
  },
  HistoryKeystoreEntry: {
    base: 'KeystoreEntry',
    properties:
      'ActivatedBy::150 ActiveFrom:DateTimeOffset DeactivatedBy::150 ActiveUntil:DateTimeOffset ActivationSequenceNumber:Int32 OriginalAlias::250',
  },
  ChainCertificate: {
    key: ['Hexalias', 'Index'],
    properties: `Hexalias::2000! Index:Int32! Alias::250! KeyType::30 KeySize:Int32 ${times} SerialNumber::66 SignatureAlgorithm::60 ${names}`,
  },
  KeyPairResource: { base: 'KeystoreEntryAlias', properties: 'Resource:Binary:30072 Password::500' },
  SSHKeyResource: { base: 'KeystoreEntryAlias', hasStream: true },
  CertificateResource: { base: 'KeystoreEntryAlias', hasStream: true },
  CertificateChainResource: { base: 'KeystoreEntryAlias', hasStream: true },
  CertificateSigningRequest: { key: ['Hexalias'], hasStream: true, properties: 'Hexalias::2000!' },
  KeyPairGenerationRequest: {
    base: 'KeystoreEntryCertificatePartBase',
    properties: `KeyAlgorithmParameter::500 ${subject} Extensions:Binary:3000`,
  },
  KeystoreResource: {
    key: ['Name'],
    properties: 'Name::100! Resource:Binary:6291456 Password::300 Aliases::2097152',
  },
  Keystore: {
    key: ['Name'],
    properties: 'Name::100! LastModifiedBy::150 LastModifiedTime:DateTimeOffset Size:Int32',
  },
  IntegrationRuntimeArtifact: {
    key: ['Id'],
    hasStream: true,
    properties: 'Id:! Version: Name: Type: DeployedBy: DeployedOn:DateTime Status:',
  },
  ServiceEndpoint: {
    key: ['Id'],
    properties: 'Id:! Name: Title: Version: Summary: Description: LastUpdated:DateTime Protocol:',
  },
  EntryPoint: { key: ['Url'], properties: 'Url:! Name: Type: AdditionalInformation:' },
  IntegrationDesigntimeArtifact: {
    key: ['Id', 'Version'],
    hasStream: true,
    properties: 'Id:! Version:! PackageId: Name: Description:',
  },
  Configuration: {
    key: ['ParameterKey'],
    properties: 'ParameterKey:! ParameterValue: DataType:',
  },
};

/** Navigation from an entity by a property: its name, the type that it leads to, and how many. */
const links: readonly (readonly [from: string, property: string, to: string, many: '0..1' | '*'])[] = [
  ['KeystoreEntry', 'ChainCertificates', 'ChainCertificate', '*'],
  ['KeystoreEntry', 'Certificate', 'CertificateResource', '0..1'],
  ['KeystoreEntry', 'Sshkey', 'SSHKeyResource', '0..1'],
  ['KeystoreEntry', 'Keystore', 'Keystore', '0..1'],
  ['KeystoreEntry', 'ChainResource', 'CertificateChainResource', '0..1'],
  ['KeystoreEntry', 'SigningRequest', 'CertificateSigningRequest', '0..1'],
  ['Keystore', 'Entries', 'KeystoreEntry', '*'],
  ['ServiceEndpoint', 'EntryPoints', 'EntryPoint', '*'],
  ['IntegrationDesigntimeArtifact', 'Configurations', 'Configuration', '*'],
];

const setNames = Object.keys(types).filter((type) => types[type]?.isAbstract !== true);

function setOf(type: string): string {
  return type.endsWith('Entry') ? `${type.slice(0, -1)}ies` : `${type}s`;
}

/** The service document in JSON; certificate-to-user mappings are of Neo only. */
export function serviceDocument(hasMappings: boolean): unknown {
  const own = setNames.map(setOf);
  return { d: { EntitySets: hasMappings ? [...own, 'CertificateUserMappings'] : own } };
}

function propertyXml(text: string): string {
  const [, name = '', type = '', length, needed] = /^(\w+):(\w*)(?::(\d+))?(!?)$/.exec(text) ?? [];
  const maximum = length === undefined ? '' : ` MaxLength="${length}"`;
  return `<Property Name="${name}" Type="Edm.${type || 'String'}" Nullable="${needed !== '!'}"${maximum}/>`;
}

function typeXml([name, type]: readonly [string, EntityType]): string {
  const base = type.base === undefined ? '' : ` BaseType="${namespace}.${type.base}"`;
  const flags = `${type.isAbstract === true ? ' Abstract="true"' : ''}${type.hasStream === true ? ' m:HasStream="true"' : ''}`;
  const key = type.key?.map((property) => `<PropertyRef Name="${property}"/>`).join('');
  const properties = (type.properties ?? '').split(' ').filter((text) => text !== '');
  const navigation = links
    .filter(([from]) => from === name)
    .map(
      ([from, property]) =>
        `<NavigationProperty Name="${property}" Relationship="${namespace}.${from}_${property}" FromRole="From" ToRole="To"/>`,
    );
  return `<EntityType Name="${name}"${base}${flags}>${key === undefined ? '' : `<Key>${key}</Key>`}${properties.map(propertyXml).join('')}${navigation.join('')}</EntityType>`;
}

const associations = links.map(
  ([from, property, to, many]) =>
    `<Association Name="${from}_${property}"><End Type="${namespace}.${from}" Multiplicity="0..1" Role="From"/><End Type="${namespace}.${to}" Multiplicity="${many}" Role="To"/></Association>`,
);
const associationSets = links.map(
  ([from, property, to]) =>
    `<AssociationSet Name="${from}_${property}Set" Association="${namespace}.${from}_${property}"><End EntitySet="${setOf(from)}" Role="From"/><End EntitySet="${setOf(to)}" Role="To"/></AssociationSet>`,
);
const sets = setNames.map((type) => `<EntitySet Name="${setOf(type)}" EntityType="${namespace}.${type}"/>`);

/** The model of what the practice tenant serves (OData V2 EDMX). */
export const metadata = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">',
  '<edmx:DataServices m:DataServiceVersion="2.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">',
  `<Schema Namespace="${namespace}" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">`,
  ...Object.entries(types).map(typeXml),
  ...associations,
  '<EntityContainer Name="com_sap_hci_api" m:IsDefaultEntityContainer="true">',
  ...sets,
  ...associationSets,
  '</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>',
].join('\n');
