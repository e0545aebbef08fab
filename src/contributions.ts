/** Every command that the manifest declares; `test/unit/contributions.test.ts` holds the two against each other. */
export const Command = {
  tenantAdd: 'ciKeystore.tenant.add',
  tenantEdit: 'ciKeystore.tenant.edit',
  tenantRename: 'ciKeystore.tenant.rename',
  tenantSignIn: 'ciKeystore.tenant.signIn',
  tenantRemove: 'ciKeystore.tenant.remove',
  tenantTest: 'ciKeystore.tenant.test',
  practiceOpen: 'ciKeystore.practice.open',
  practiceReset: 'ciKeystore.practice.reset',
  practiceSign: 'ciKeystore.practice.sign',
  entriesRefresh: 'ciKeystore.entries.refresh',
  entriesGroupBy: 'ciKeystore.entries.groupBy',
  entriesSortBy: 'ciKeystore.entries.sortBy',
  entriesFilter: 'ciKeystore.entries.filter',
  entriesClearFilter: 'ciKeystore.entries.clearFilter',
  entryInspect: 'ciKeystore.entry.inspect',
  entryCopyAlias: 'ciKeystore.entry.copyAlias',
  entryCopyHexalias: 'ciKeystore.entry.copyHexalias',
  entryCopyFingerprint: 'ciKeystore.entry.copyFingerprint',
  entryCopySubject: 'ciKeystore.entry.copySubject',
  entryCopySerialNumber: 'ciKeystore.entry.copySerialNumber',
  entryCopyValidity: 'ciKeystore.entry.copyValidity',
  entryCopyMarkdown: 'ciKeystore.entry.copyMarkdown',
  entryRename: 'ciKeystore.entry.rename',
  entryDelete: 'ciKeystore.entry.delete',
  keyPairCreate: 'ciKeystore.keyPair.create',
  keyPairAdd: 'ciKeystore.keyPair.add',
  signingRequestDownload: 'ciKeystore.signingRequest.download',
  signingResponseImport: 'ciKeystore.signingResponse.import',
  certificateAdd: 'ciKeystore.certificate.add',
  certificateSave: 'ciKeystore.certificate.save',
  chainSave: 'ciKeystore.chain.save',
  rootCertificateSave: 'ciKeystore.rootCertificate.save',
  localKeyPairCreate: 'ciKeystore.localKeyPair.create',
  localKeyPairComplete: 'ciKeystore.localKeyPair.complete',
  localKeyPairPending: 'ciKeystore.localKeyPair.pending',
  localKeyPairForget: 'ciKeystore.localKeyPair.forget',
  fileInspect: 'ciKeystore.file.inspect',
  fileCopyAsPem: 'ciKeystore.file.copyAsPem',
  fileConvert: 'ciKeystore.file.convert',
  fileCompleteChain: 'ciKeystore.file.completeChain',
  fileCompare: 'ciKeystore.file.compare',
  keyFind: 'ciKeystore.key.find',
  cloudFoundrySignIn: 'ciKeystore.cloudFoundry.signIn',
  cloudFoundrySignOut: 'ciKeystore.cloudFoundry.signOut',
  cloudFoundryChooseSpace: 'ciKeystore.cloudFoundry.chooseSpace',
  serviceInstanceCreate: 'ciKeystore.serviceInstance.create',
  serviceInstanceChangeRoles: 'ciKeystore.serviceInstance.changeRoles',
  serviceInstanceMendGrantTypes: 'ciKeystore.serviceInstance.mendGrantTypes',
  cloudFoundryFollow: 'ciKeystore.cloudFoundry.follow',
  serviceKeyCreate: 'ciKeystore.serviceKey.create',
  serviceKeyDelete: 'ciKeystore.serviceKey.delete',
  serviceKeySaveCredentials: 'ciKeystore.serviceKey.saveCredentials',
  mappingCopyAsText: 'ciKeystore.mapping.copyAsText',
  mappingShow: 'ciKeystore.mapping.show',
  mappingChange: 'ciKeystore.mapping.change',
  mappingReadKeys: 'ciKeystore.mapping.readKeys',
  mappingDelete: 'ciKeystore.mapping.delete',
  mappingSaveMarkdown: 'ciKeystore.mapping.saveMarkdown',
  mappingCopySteps: 'ciKeystore.mapping.copySteps',
  logShow: 'ciKeystore.log.show',
  windowReload: 'ciKeystore.window.reload',
} as const;

/** The id of a command of this extension. */
export type CommandId = (typeof Command)[keyof typeof Command];

/** Views and panels. */
export const View = {
  container: 'ciKeystore',
  entries: 'ciKeystore.entries',
  mapping: 'ciKeystore.mapping',
  inspector: 'ciKeystore.inspector',
  inspectorOfText: 'ciKeystore.inspectorOfText',
} as const;

/** Settings, with the defaults that the manifest declares. */
export const Setting = {
  warningDays: { id: 'ciKeystore.expiry.warningDays', fallback: 30 },
  timeoutSeconds: { id: 'ciKeystore.network.timeoutSeconds', fallback: 30 },
  trustListFiles: { id: 'ciKeystore.trust.listFiles', fallback: [] },
} as const;

/** Context keys that menus and welcome views ask for. */
export const ContextKey = {
  hasTenants: 'ciKeystore:hasTenants',
  hasFilter: 'ciKeystore:hasFilter',
} as const;
