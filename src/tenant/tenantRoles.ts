import * as l10n from '@vscode/l10n';

/** The roles that reading and changing need on Cloud Foundry. */
export type TenantRole = 'MonitoringDataRead' | 'SecurityMaterialEdit' | 'WorkspacePackagesRead';

/** Whether a token grants a role; `not-known` where its scopes say nothing about roles of the tenant. */
export type RoleStanding = 'granted' | 'missing' | 'not-known';

/** What the scopes of a token say of one role. */
export interface RoleJudgement {
  readonly role: TenantRole;
  readonly standing: RoleStanding;
  /** What cannot be done without the role, in words for a person. */
  readonly forbids: string;
}

/** The authorizations that make up each role on Neo. */
const neoRoles: Readonly<Record<TenantRole, readonly string[]>> = {
  MonitoringDataRead: ['IntegrationOperationServer.read', 'NodeManager.read'],
  SecurityMaterialEdit: ['IntegrationOperationServer.read', 'NodeManager.deploysecuritycontent'],
  WorkspacePackagesRead: ['WebToolingWorkspace.Read'],
};

/** Role names whose presence shows that the scopes list the tenant's roles, so that one not listed is missing. */
const tenantRoleNames: readonly string[] = [
  'MonitoringDataRead',
  'SecurityMaterialEdit',
  'SecurityMaterialDownload',
  'MonitoringArtifactsDeploy',
  'MessagePayloadsRead',
  'WorkspacePackagesRead',
  'WorkspacePackagesEdit',
  'WorkspaceArtifactsDeploy',
  'HealthCheckMonitoringDataRead',
  'CredentialsEdit',
  'CredentialsRead',
  'UserRolesEdit',
  ...Object.values(neoRoles).flat(),
];

/** Judges the roles that this extension uses by the scopes of a token, such as `it!b55.MonitoringDataRead`. */
export function judgeRoles(scopes: readonly string[] | undefined): readonly RoleJudgement[] {
  const names = scopes ?? [];
  const listsRoles = tenantRoleNames.some((role) => isNamed(role, names));
  // A bundle such as AuthGroup_Administrator may contain the role.
  const hasBundle = names.some((scope) => /(?:^|\.)AuthGroup[_.]\w+$/.test(scope));
  const standing = (role: TenantRole): RoleStanding => {
    if (isNamed(role, names) || neoRoles[role].every((part) => isNamed(part, names))) {
      return 'granted';
    }
    return listsRoles && !hasBundle ? 'missing' : 'not-known';
  };
  return [
    {
      role: 'MonitoringDataRead',
      standing: standing('MonitoringDataRead'),
      forbids: l10n.t('Without it the keystore cannot be read.'),
    },
    {
      role: 'SecurityMaterialEdit',
      standing: standing('SecurityMaterialEdit'),
      forbids: l10n.t(
        'Without it the keystore cannot be changed: nothing created, imported, renamed or deleted.',
      ),
    },
    {
      role: 'WorkspacePackagesRead',
      standing: standing('WorkspacePackagesRead'),
      forbids: l10n.t('Without it the mapping page cannot tell what sender adapters ask for.'),
    },
  ];
}

/** The role as the environment of the tenant names it. */
export function roleName(role: TenantRole, environment: 'cloudFoundry' | 'neo'): string {
  return environment === 'neo' ? neoRoles[role].join(', ') : role;
}

/** Scopes carry the application's name in front of the role. */
function isNamed(role: string, scopes: readonly string[]): boolean {
  return scopes.some((scope) => scope === role || scope.endsWith(`.${role}`));
}
