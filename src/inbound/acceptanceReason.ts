import type { Certificate } from '../pki/certificate.js';
import type { ListedPurpose } from './trustLists.js';

/** What a certificate is to be used for; SAP has a list of authorities for each but `outbound`. */
export type Purpose = ListedPurpose | 'outbound';

/** What a reason is about. */
export type ReasonSubject = 'root' | 'usage' | 'chain' | 'validity' | 'leaf' | 'strength' | 'option';

/** One fact, for people. */
export interface Reason {
  readonly about: ReasonSubject;
  /** `problem`: refused; `unknown`: a fact is missing. */
  readonly kind: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly text: string;
  /** The certificate that the reason is about, where it is one. */
  readonly certificate?: Certificate | undefined;
}
