/** What the page may ask for besides its own choices; each exists as a command elsewhere too. */
export const setUpActions = [
  'changeCertificate',
  'inspect',
  'refresh',
  'downloadSigningRequest',
  'importSigningResponse',
  'signWithPracticeCa',
  'saveCertificate',
  'saveChain',
  'signIn',
  'testConnection',
  'addTenant',
  'rename',
  'changeEndpoint',
  'showLog',
] as const;

/** The name of one such action. */
export type SetUpAction = (typeof setUpActions)[number];
