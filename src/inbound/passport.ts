import type { Name } from '../pki/distinguishedName.js';

/** SAP issues Passports under the CA `CN=SSO_CA, O=SAP-AG`. */
export function isPassportAuthority(name: Name): boolean {
  const holds = (oid: string, value: string): boolean =>
    name.rdns.some((rdn) =>
      rdn.some((attribute) => attribute.oid === oid && attribute.value.trim().toLowerCase() === value),
    );
  return holds('2.5.4.3', 'sso_ca') && holds('2.5.4.10', 'sap-ag');
}
