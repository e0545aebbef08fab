const reservedNames: ReadonlySet<string> = new Set([
  'hcicertificate',
  'hcicertificate1',
  'hcimsgcertificate',
]);
const predeliveredKeyPairs: ReadonlySet<string> = new Set([
  'sap_cloudintegrationcertificate',
  'hcicertificate',
  'hcicertificate1',
]);
const possiblyReserved = /^(?:sap_|hcicertificate|hcimsgcertificate$)/i;

/**
 * True for an alias that a new entry must not have. SAP's sources differ in how far the reservation goes, so this is
 * the widest reading of them, whatever the case of the letters; `isReservedByRule` is the rule of the API's description.
 */
export function isReservedAlias(alias: string): boolean {
  return possiblyReserved.test(alias);
}

/** The rule as the API's description states it: begins with `sap_`, or is one of three names. */
export function isReservedByRule(alias: string): boolean {
  return alias.startsWith('sap_') || reservedNames.has(alias);
}

/** True for the key pairs that SAP delivers with a tenant: signed already, their private key stays in the tenant. */
export function isPredelivered(alias: string): boolean {
  return predeliveredKeyPairs.has(alias);
}
