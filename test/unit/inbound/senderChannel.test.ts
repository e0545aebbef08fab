import assert from 'node:assert/strict';
import { KeystoreError } from '../../../src/errors.js';
import { deployedEndpoints, findEndpoint } from '../../../src/inbound/deployedEndpoints.js';
import { readFlowDesign } from '../../../src/inbound/flowDesign.js';
import { adapterFacts, needsParameters, type ParametersFact } from '../../../src/inbound/senderChannel.js';
import { zip } from '../pki/testZip.js';

/** A model as SAP exports it, shortened. */
function model(flows: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ifl="http:///com.sap.ifl.model/Ifl.xsd" id="Definitions_1">
    <bpmn2:collaboration id="Collaboration_1" name="Default Collaboration">
        <bpmn2:extensionElements>
            <ifl:property>
                <key>namespaceMapping</key>
                <value/>
            </ifl:property>
        </bpmn2:extensionElements>
        <bpmn2:participant id="Participant_1" ifl:type="EndpointSender" name="Sender"/>
        ${flows}
    </bpmn2:collaboration>
</bpmn2:definitions>`;
}

function flow(properties: Readonly<Record<string, string>>): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `<ifl:property>
                    <key>${key}</key>
                    <value>${value}</value>
                </ifl:property>`,
  );
  return `<bpmn2:messageFlow id="MessageFlow_4" name="HTTPS" sourceRef="Participant_1" targetRef="StartEvent_2"><bpmn2:extensionElements>${list.join('\n')}</bpmn2:extensionElements></bpmn2:messageFlow>`;
}

const receiver = flow({
  ComponentType: 'HTTP',
  direction: 'Receiver',
  address: '/orders',
  senderAuthType: 'x',
});
const https = (more: Readonly<Record<string, string>>): string =>
  flow({ ComponentType: 'HTTPS', direction: 'Sender', urlPath: '/orders', ...more });

const archive = (...flows: string[]): Uint8Array =>
  zip([
    { name: 'META-INF/MANIFEST.MF', bytes: Buffer.from('Manifest-Version: 1.0') },
    {
      name: 'src/main/resources/scenarioflows/integrationflow/Orders.iflw',
      bytes: Buffer.from(model(flows.join('\n'))),
    },
  ]);

const endpoint = {
  url: 'https://demo-rt.example/http/orders',
  protocol: 'REST',
  flowId: 'Orders',
  flowName: 'Orders of ACME',
  version: '1.0.3',
  status: 'STARTED',
};
const none: ParametersFact = { kind: 'notKnown', reason: 'Nobody may read them.' };
const values = (entries: Readonly<Record<string, string>>): ParametersFact => ({
  kind: 'known',
  values: new Map(Object.entries(entries)),
});

function facts(flows: readonly string[], parameters = none, version = '1.0.3') {
  return adapterFacts(
    endpoint,
    { kind: 'known', channels: readFlowDesign(archive(...flows)), version },
    parameters,
  );
}

describe('the sender channel of an integration flow', () => {
  it('tells the role that it asks for', () => {
    const told = facts([receiver, https({ senderAuthType: 'RoleBased', userRole: 'Orders.send' })]);
    assert.deepEqual(
      [told.flow, told.authorization, told.userRole],
      ['Orders of ACME', 'userRole', 'Orders.send'],
    );
    assert.match(told.notes[0] ?? '', /version 1\.0\.3, which is deployed/);
  });

  it('tells the certificates that it lists, as its table has them', () => {
    const table =
      "&lt;row&gt;&lt;cell id='clientCertificate.subjectDN'&gt;CN=a, O=A &amp;amp; B&lt;/cell&gt;&lt;cell id='clientCertificate.issuerDN'&gt;{{Issuer_DN}}&lt;/cell&gt;&lt;/row&gt;";
    const channel = https({ senderAuthType: 'ClientCertificate', clientCertificates: table, userRole: 'x' });
    const told = facts([channel], values({ Issuer_DN: 'CN=ca' }));
    assert.equal(told.authorization, 'clientCertificate');
    assert.deepEqual(told.certificates, [{ subjectDn: 'CN=a, O=A & B', issuerDn: 'CN=ca' }]);
    assert.equal(told.userRole, undefined);
    assert.equal(facts([channel]).certificates, undefined);
  });

  it('puts the values of parameters in, and says which are not known', () => {
    const channel = https({
      urlPath: '/{{Path}}',
      senderAuthType: '{{Auth}}',
      userRole: '{{USER_ROLE}}',
    });
    assert.equal(needsParameters(readFlowDesign(archive(channel))), true);
    assert.equal(needsParameters(readFlowDesign(archive(https({ userRole: 'x' })))), false);
    const told = facts([channel], values({ Auth: 'RoleBased', USER_ROLE: 'ESBMessaging.send' }));
    assert.deepEqual([told.authorization, told.userRole], ['userRole', 'ESBMessaging.send']);
    const notTold = facts([channel]);
    assert.deepEqual([notTold.authorization, notTold.userRole], [undefined, undefined]);
    assert.match(notTold.notes.join(' '), /parameter "Auth", "USER_ROLE"\. Nobody may read them\./);
  });

  it('is chosen among several by its address, the most exact one', () => {
    const role = (urlPath: string, userRole: string): string =>
      https({ urlPath, senderAuthType: 'RoleBased', userRole });
    assert.equal(facts([role('/returns', 'R'), role('/orders', 'O')]).userRole, 'O');
    assert.equal(facts([role('/Orders/*', 'O'), role('/returns', 'R')]).userRole, 'O');
    assert.equal(facts([role('/a', 'A'), role('/b', 'B')]).userRole, undefined);
    const local = flow({ ComponentType: 'ProcessDirect', direction: 'Sender', address: '/orders' });
    assert.equal(facts([local, role('/orders', 'O')]).userRole, 'O');
  });

  it('claims nothing where its channel says nothing', () => {
    const told = facts([https({})]);
    assert.equal(told.authorization, undefined);
    assert.match(told.notes.join(' '), /names no authorization/);
    const odd = facts([https({ senderAuthType: 'Magic' })]);
    assert.match(odd.notes.join(' '), /written "Magic"/);
  });

  it('takes a design that is not the deployed one for a hint only', () => {
    const told = facts([https({ senderAuthType: 'RoleBased', userRole: 'Orders.send' })], none, 'active');
    assert.deepEqual([told.authorization, told.userRole], [undefined, undefined]);
    assert.match(told.notes.join(' '), /does not have version 1\.0\.3.*now says: User Role Orders\.send/);
  });

  it('guesses by the names of parameters only where the model cannot be read, and says perhaps', () => {
    const told = adapterFacts(
      endpoint,
      { kind: 'notKnown', reason: 'The package can be configured only.' },
      values({
        MessageFlow_4_userRole: 'Orders.send',
        MessageFlow_4_senderAuthType: 'RoleBased',
        other: 'RoleBased',
      }),
    );
    assert.equal(told.authorization, undefined);
    assert.deepEqual(told.notes, [
      'The package can be configured only.',
      'Perhaps it asks for the role Orders.send: the parameter "MessageFlow_4_userRole" says so.',
      'Perhaps it authorizes by User Role: the parameter "MessageFlow_4_senderAuthType" says so.',
    ]);
  });
});

describe('the archive of an integration flow', () => {
  const code = (bytes: Uint8Array): string => {
    try {
      readFlowDesign(bytes);
      return 'read';
    } catch (error) {
      return KeystoreError.is(error) ? error.code : String(error);
    }
  };
  const iflw = (xml: string): Uint8Array => zip([{ name: 'x.iflw', bytes: Buffer.from(xml) }]);

  it('is refused where it is damaged or hostile', () => {
    assert.equal(code(new Uint8Array()), 'malformed');
    assert.equal(code(zip([{ name: 'a.txt', bytes: Buffer.from('x') }])), 'malformed');
    assert.equal(code(iflw('<a><b></a>')), 'malformed');
    assert.equal(code(iflw('')), 'malformed');
    assert.equal(code(iflw('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')), 'malformed');
    assert.equal(code(iflw('<a>'.repeat(100) + '</a>'.repeat(100))), 'malformed');
  });

  it('is unpacked as far as it is needed only', () => {
    const bytes = zip([
      { name: 'lib/big.jar', packed: Buffer.from('not deflated at all'), size: 5 },
      { name: 'x.iflw', bytes: Buffer.from(model(https({ senderAuthType: 'RoleBased' }))) },
    ]);
    assert.deepEqual(
      readFlowDesign(bytes).map(({ adapter }) => adapter),
      ['HTTPS'],
    );
  });
});

describe('deployed endpoints', () => {
  const artifact = (id: string, name: string) => ({
    id,
    name,
    version: '1.0.0',
    type: 'INTEGRATION_FLOW',
    status: 'STARTED',
    deployedOn: undefined,
  });
  const list = deployedEndpoints(
    [
      {
        id: 'Orders$endpointAddress=orders',
        name: 'Orders',
        protocol: 'REST',
        urls: ['https://demo-rt.example/http/orders', 'https://other-rt.example/http/orders'],
      },
      { id: 'x', name: 'By Name', protocol: 'SOAP', urls: ['https://demo-rt.example/cxf/Returns/*'] },
      { id: 'gone', name: 'Gone', protocol: undefined, urls: ['https://demo-rt.example/http/gone'] },
    ],
    [artifact('Orders', 'Orders of ACME'), artifact('byName', 'By Name')],
  );

  it('bear the names of their flows, sorted', () => {
    assert.deepEqual(
      list.map(({ flowName, flowId, version }) => [flowName, flowId, version]),
      [
        ['By Name', 'byName', '1.0.0'],
        ['Gone', 'gone', undefined],
        ['Orders of ACME', 'Orders', '1.0.0'],
        ['Orders of ACME', 'Orders', '1.0.0'],
      ],
    );
  });

  it('are found by address or path; another case is told', () => {
    const find = (address: string): string => {
      const match = findEndpoint(list, { address });
      return match.kind === 'none' ? 'none' : `${match.endpoint.url}${match.differsInCase ? ' (case)' : ''}`;
    };
    assert.equal(find('https://other-rt.example/http/orders'), 'https://other-rt.example/http/orders');
    assert.equal(find('/http/orders/'), 'https://demo-rt.example/http/orders');
    assert.equal(find('/cxf/Returns'), 'https://demo-rt.example/cxf/Returns/*');
    assert.equal(find('/cxf/returns'), 'https://demo-rt.example/cxf/Returns/* (case)');
    assert.equal(find('https://elsewhere.example/http/orders'), 'none');
    assert.equal(find('/orders'), 'https://demo-rt.example/http/orders');
    assert.equal(find('/http'), 'none');
    assert.equal(find('not an address'), 'none');
  });
});
