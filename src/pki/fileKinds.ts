import type { Certificate } from './certificate.js';
import type { ContainerForm } from './container.js';
import type { Pkcs12Content } from './pkcs12Reader.js';
import type { KeyContent } from './privateKeys.js';
import type { SigningRequest } from './signingRequest.js';
import type { SshKeyFile } from './sshPublicKey.js';
import type { UnreadPart } from './unreadPart.js';

/** What a file holds, told by its content alone. */
export type FileContent = Content & {
  /** What else says to be something of these and was not read. */
  readonly unread: readonly UnreadPart[];
};

/** The content itself. */
export type Content =
  | {
      readonly kind: 'certificates';
      readonly form: ContainerForm;
      /** At least one, in the order of the file. */
      readonly certificates: readonly Certificate[];
      /** The first that stands beside them. */
      readonly request: SigningRequest | undefined;
      /** Those that stand beside them, in the order of the file. */
      readonly keys: readonly KeyContent[];
    }
  | {
      readonly kind: 'signingRequest';
      readonly request: SigningRequest;
      readonly keys: readonly KeyContent[];
    }
  /** At least one key. */
  | { readonly kind: 'privateKey'; readonly keys: readonly KeyContent[] }
  | { readonly kind: 'publicKey'; readonly spki: Uint8Array }
  /** `beside` are the certificates of other files of an archive. */
  | { readonly kind: 'pkcs12'; readonly state: 'locked'; readonly beside: readonly Certificate[] }
  | { readonly kind: 'pkcs12'; readonly state: 'open'; readonly content: Pkcs12Content }
  /** Also an SSH certificate (`key.kind`). */
  | { readonly kind: 'sshPublicKey'; readonly key: SshKeyFile }
  /** Nothing of these; `labels` are those of the PEM blocks that it has. */
  | { readonly kind: 'nothing'; readonly labels: readonly string[] };
