/** A channel by which messages come into a flow, with the properties of its model. */
export interface FlowChannel {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** The archive of a flow as it can be downloaded: manifest, model and parameters. */
export function flowArchive(flow: {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly channels: readonly FlowChannel[];
  readonly parameters: Readonly<Record<string, string>>;
}): Buffer {
  const resources = 'src/main/resources';
  return zipOf([
    [
      'META-INF/MANIFEST.MF',
      [
        'Manifest-Version: 1.0',
        `Bundle-SymbolicName: ${flow.id}; singleton:=true`,
        `Bundle-Name: ${flow.name}`,
        `Bundle-Version: ${flow.version}`,
        'SAP-BundleType: IntegrationFlow',
        '',
      ].join('\r\n'),
    ],
    [`${resources}/scenarioflows/integrationflow/${flow.id}.iflw`, modelOf(flow.channels)],
    [
      `${resources}/parameters.prop`,
      Object.entries(flow.parameters)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    ],
  ]);
}

function modelOf(channels: readonly FlowChannel[]): string {
  const flows = channels.map(
    (
      { name, properties },
      index,
    ) => `        <bpmn2:messageFlow id="MessageFlow_${index + 1}" name="${escapeXml(name)}" sourceRef="Participant_Sender" targetRef="StartEvent_1">
            <bpmn2:extensionElements>
${Object.entries({ ...properties, direction: 'Sender' })
  .map(
    ([key, value]) => `                <ifl:property>
                    <key>${escapeXml(key)}</key>
                    ${value === '' ? '<value/>' : `<value>${escapeXml(value)}</value>`}
                </ifl:property>`,
  )
  .join('\n')}
            </bpmn2:extensionElements>
        </bpmn2:messageFlow>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ifl="http:///com.sap.ifl.model/Ifl.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1">
    <bpmn2:collaboration id="Collaboration_1" name="Default Collaboration">
        <bpmn2:participant id="Participant_Sender" ifl:type="EndpointSender" name="Sender"/>
        <bpmn2:participant id="Participant_Process_1" ifl:type="IntegrationProcess" name="Integration Process" processRef="Process_1"/>
${flows.join('\n')}
    </bpmn2:collaboration>
    <bpmn2:process id="Process_1" name="Integration Process"/>
</bpmn2:definitions>
`;
}

/** Text as the content of an element or of an attribute in double quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A ZIP archive (APPNOTE 4.3) with its files stored. */
function zipOf(files: readonly (readonly [string, string])[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of files) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are UTF-8.
    common.writeUInt16LE(0x0800, 2);
    // 1 January 1980, the earliest that the format knows.
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    local.push(Buffer.from('504b0304', 'hex'), common, name, content);
    directory.push(Buffer.from('504b01021400', 'hex'), common, tail, name);
    offset += 30 + name.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, entries, end]);
}

/** CRC-32 of ISO 3309; `zlib.crc32` is younger than the oldest Node that tests run on. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
