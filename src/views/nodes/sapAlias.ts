const predelivered: readonly string[] = [
  'sap_cloudintegrationcertificate',
  'hcicertificate',
  'hcicertificate1',
];

const reserved: readonly string[] = ['hcicertificate', 'hcicertificate1', 'hcimsgcertificate'];

/** True for an alias under which SAP delivers a key pair with a productive tenant (option 1). */
export function isPredelivered(alias: string): boolean {
  return predelivered.includes(alias);
}

/** True for an alias that the tenant reserves for SAP: changes to it are answered with 403. */
export function isReservedAlias(alias: string): boolean {
  return alias.startsWith('sap_') || reserved.includes(alias);
}
