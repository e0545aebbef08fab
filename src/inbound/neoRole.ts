import * as l10n from '@vscode/l10n';

/** Why nothing here tells whether a user of Neo has a role. */
export function neoRoleText(user: string, role: string): string {
  return l10n.t(
    'Whether the user "{0}" has the role {1} is not known from here: the tenant does not tell.',
    user,
    role,
  );
}

/** Where a user of Neo is given a role. */
export function neoRolePlace(user: string, role: string): string {
  return l10n.t(
    'It is given in the SAP BTP cockpit of the subaccount: Security > Authorizations, user "{0}" spelled exactly so, Assign, the application that ends in "iflmap", role {1}.',
    user,
    role,
  );
}
