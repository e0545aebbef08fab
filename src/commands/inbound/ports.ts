import type { Uri } from 'vscode';
import type { FolderFiles } from '../../services/folderFiles.js';
import type { InboundClients } from '../../services/inboundClients.js';
import type { InboundPlace } from '../../services/inboundState.js';
import type { UserMappings } from '../../services/userMappings.js';
import type { PartsPorts } from '../file/parts.js';
import type { KeyFile } from '../whichKeyFits.js';

/** What the commands of Inbound Clients need besides the environment. */
export interface InboundPorts extends PartsPorts {
  readonly clients: InboundClients;
  readonly mappings: UserMappings;
  /** Shows and selects an instance, a key or a mapping in the view; false where it is not there. */
  readonly reveal: (place: InboundPlace) => Promise<boolean>;
  /** Files of the open folder that by their names hold certificates. */
  readonly certificateFiles: () => Promise<FolderFiles<KeyFile>>;
  readonly openFile: (uri: Uri) => Promise<void>;
}
