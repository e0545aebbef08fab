const sets = [
  'KeystoreEntries',
  'HistoryKeystoreEntries',
  'Keystores',
  'ChainCertificates',
  'CertificateResources',
  'CertificateChainResources',
  'KeyPairGenerationRequests',
] as const;

/** The service document in JSON. */
export const serviceDocument = { d: { EntitySets: sets } };

const text = [
  'KeyType',
  'SerialNumber',
  'SignatureAlgorithm',
  'EllipticCurve',
  'Validity',
  'SubjectDN',
  'IssuerDN',
];
const fingerprints = ['FingerprintSha1', 'FingerprintSha256', 'FingerprintSha512'];
const entry = ['Type', 'Owner', 'LastModifiedBy', 'CreatedBy', 'Status'];

function properties(names: readonly string[], type: string): string {
  return names.map((name) => `<Property Name="${name}" Type="${type}"/>`).join('');
}

/** The model of what the practice tenant serves (OData V2 EDMX). */
export const metadata = `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices m:DataServiceVersion="1.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Schema Namespace="com.sap.hci.api" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"><EntityType Name="KeystoreEntry"><Key><PropertyRef Name="Hexalias"/></Key><Property Name="Hexalias" Type="Edm.String" Nullable="false" MaxLength="2000"/><Property Name="Alias" Type="Edm.String" MaxLength="250"/>${properties([...text, ...fingerprints, ...entry], 'Edm.String')}${properties(['KeySize', 'Version'], 'Edm.Int32')}${properties(['ValidNotBefore', 'ValidNotAfter', 'LastModifiedTime', 'CreatedTime'], 'Edm.DateTimeOffset')}</EntityType><EntityContainer Name="default" m:IsDefaultEntityContainer="true">${sets.map((name) => `<EntitySet Name="${name}" EntityType="com.sap.hci.api.KeystoreEntry"/>`).join('')}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
