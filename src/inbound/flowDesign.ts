import sax from 'sax';
import { KeystoreError } from '../errors.js';
import { readZip } from '../pki/zipArchive.js';

/** A channel of a flow's model that messages come in by, with its properties as its author set them. */
export interface DesignedChannel {
  /** Such as `HTTPS` or `SOAP`. */
  readonly adapter: string;
  /** Values may hold parameters, written `{{name}}`. */
  readonly properties: ReadonlyMap<string, string>;
}

/** A row of a table that is a property's value, by the ids of its cells. */
export type TableRow = ReadonlyMap<string, string>;

const maximumDepth = 64;

/** The channels of senders in the archive of an integration flow; throws `malformed` where it holds no model. */
export function readFlowDesign(archive: Uint8Array): readonly DesignedChannel[] {
  const models = readZip(archive, (name) => /\.iflw$/i.test(name));
  if (models.length === 0) {
    throw malformed('The archive holds no model of an integration flow');
  }
  return models.flatMap(({ bytes }) => channelsOf(Buffer.from(bytes).toString('utf8')));
}

/** The rows of `<row><cell id='…'>…</cell></row>`, as properties hold tables; none where the value is no table. */
export function readTable(value: string): readonly TableRow[] {
  const rows: Map<string, string>[] = [];
  let cell: { readonly id: string; text: string } | undefined;
  walk(`<table>${value}</table>`, {
    open: ({ name, attributes }) => {
      if (name === 'row') {
        rows.push(new Map());
      } else if (name === 'cell') {
        cell = { id: attributes['id'] ?? '', text: '' };
      }
    },
    text: (text) => {
      if (cell !== undefined) {
        cell.text += text;
      }
    },
    close: (name) => {
      if (name === 'cell' && cell !== undefined) {
        rows.at(-1)?.set(cell.id, cell.text);
        cell = undefined;
      }
    },
  });
  return rows;
}

/** A channel of a sender is a message flow whose property `direction` says so. */
function channelsOf(model: string): readonly DesignedChannel[] {
  const channels: DesignedChannel[] = [];
  let properties: Map<string, string> | undefined;
  let key: string | undefined;
  let text = '';
  walk(model, {
    open: ({ name }) => {
      text = '';
      if (name === 'messageFlow') {
        properties = new Map();
      }
    },
    text: (more) => {
      text += more;
    },
    close: (name) => {
      if (name === 'key') {
        key = text.trim();
      } else if (name === 'value' && key !== undefined) {
        properties?.set(key, text);
        key = undefined;
      } else if (name === 'messageFlow') {
        if (properties?.get('direction')?.trim() === 'Sender') {
          channels.push({ adapter: properties.get('ComponentType')?.trim() ?? '', properties });
        }
        properties = undefined;
      }
      text = '';
    },
  });
  return channels;
}

/** Walks over XML by names without prefixes; a document type, from which entities could grow, is refused. */
function walk(
  xml: string,
  visitor: {
    readonly open: (tag: sax.Tag) => void;
    readonly text: (text: string) => void;
    readonly close: (name: string) => void;
  },
): void {
  const parser = sax.parser(true, { position: false });
  let depth = 0;
  let elements = 0;
  parser.onopentag = (tag) => {
    elements += 1;
    depth += 1;
    if (depth > maximumDepth) {
      throw malformed('The model of the integration flow is nested too deeply');
    }
    visitor.open({ ...tag, name: localName(tag.name) });
  };
  parser.ontext = visitor.text;
  parser.oncdata = visitor.text;
  parser.onclosetag = (name) => {
    depth -= 1;
    visitor.close(localName(name));
  };
  parser.ondoctype = () => {
    throw malformed('The model of the integration flow has a document type');
  };
  parser.onerror = (cause) => {
    throw malformed('The model of the integration flow is damaged XML', cause);
  };
  parser.write(xml).close();
  if (elements === 0) {
    throw malformed('The model of the integration flow is empty');
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function malformed(message: string, cause?: Error): KeystoreError {
  return new KeystoreError('malformed', message, cause === undefined ? {} : { cause });
}
