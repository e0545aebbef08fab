/** The names under which the practice tenants are connected. */
export const practiceNames = { cloudFoundry: 'Practice Tenant', neo: 'Practice Tenant of Neo' } as const;
