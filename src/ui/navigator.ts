/** How commands show something, without knowing views or pages; built in `extension.ts`. */
export interface Navigator {
  /** Selects an entry in the tree. */
  revealEntry(tenantId: string, hexalias: string): Promise<void>;
  revealTenant(tenantId: string): Promise<void>;
  /** Opens an entry in a read-only editor. */
  inspectEntry(tenantId: string, hexalias: string): Promise<void>;
  /** Shows two texts side by side, differences marked; neither can be changed. */
  compareTexts(
    left: { readonly label: string; readonly text: string },
    right: { readonly label: string; readonly text: string },
  ): Promise<void>;
  /** Opens the mapping page of a tenant, with an entry as its certificate where one is given. */
  showMapping(tenantId: string, hexalias: string | undefined): Promise<void>;
}
