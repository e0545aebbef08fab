import { escapeXml, type FlowChannel } from './flowArchive.js';

/** An artifact of the practice tenant. */
export interface PracticeFlow {
  readonly id: string;
  readonly name: string;
  /** Of what is deployed. */
  readonly version: string;
  readonly type: 'INTEGRATION_FLOW' | 'VALUE_MAPPING';
  readonly status: 'STARTED' | 'ERROR';
  /** What it is called under; none for one that starts by a timer. */
  readonly endpoint: { readonly path: string; readonly protocol: string } | undefined;
  /** Undefined where the design time knows the flow no more, or its package can be configured only. */
  readonly design:
    | {
        /** Of the design as it is now; the deployed one can be read only where both are the same. */
        readonly version: string;
        readonly channels: readonly FlowChannel[];
      }
    | 'configureOnly'
    | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Names of a certificate as the tenant renders them. */
export interface CertificateNames {
  readonly subjectDn: string;
  readonly issuerDn: string;
}

const base = {
  version: '1.0.3',
  type: 'INTEGRATION_FLOW',
  status: 'STARTED',
  parameters: {},
} as const;

/** What a tenant of some years has deployed: every way in which a channel may tell, or not tell, how it authorizes. */
export function seedFlows(partnerBank: CertificateNames): readonly PracticeFlow[] {
  return [
    {
      ...base,
      id: 'Orders_from_S4',
      name: 'Orders from S/4',
      endpoint: rest('/orders'),
      design: design(https('/orders', { senderAuthType: 'RoleBased', userRole: 'ESBMessaging.send' })),
    },
    {
      ...base,
      id: 'Invoices',
      name: 'Invoices',
      version: '2.1.0',
      endpoint: rest('/invoices'),
      design: {
        ...design(https('/invoices', { senderAuthType: 'RoleBased', userRole: '{{USER_ROLE}}' })),
        version: '2.1.0',
      },
      parameters: { USER_ROLE: 'Invoices.send', Receiver_Host: 'https://erp.acme.example' },
    },
    {
      ...base,
      id: 'Bank_Statements',
      name: 'Bank statements',
      endpoint: rest('/bank/statements'),
      design: design(
        https('/bank/statements', {
          senderAuthType: 'ClientCertificate',
          userRole: '',
          clientCertificates: `<row><cell id='clientCertificate.subjectDN'>${escapeXml(partnerBank.subjectDn)}</cell><cell id='clientCertificate.issuerDN'>${escapeXml(partnerBank.issuerDn)}</cell></row>`,
        }),
      ),
    },
    {
      ...base,
      id: 'Customer_Replication',
      name: 'Customer replication',
      endpoint: { path: '/cxf/CustomerReplication', protocol: 'SOAP' },
      design: design({
        name: 'SOAP',
        properties: {
          ComponentType: 'SOAP',
          TransportProtocol: 'HTTP',
          MessageProtocol: 'SOAP 1.x',
          address: '/CustomerReplication',
          senderAuthType: 'RoleBased',
          userRole: 'ESBMessaging.send',
          clientCertificates: '',
        },
      }),
    },
    { ...base, id: 'Price_List', name: 'Price list, nightly', endpoint: undefined, design: design() },
    { ...base, id: 'Ping', name: 'Ping', endpoint: rest('/ping'), design: design(https('/ping', {})) },
    {
      ...base,
      id: 'Standard_Employees',
      name: 'Employees (standard content)',
      endpoint: rest('/employees'),
      design: 'configureOnly',
      parameters: { MessageFlow_1_userRole: 'ESBMessaging.send', MessageFlow_1_senderAuthType: 'RoleBased' },
    },
    {
      ...base,
      id: 'Shipments',
      name: 'Shipments',
      version: '1.0.1',
      endpoint: rest('/shipments'),
      design: {
        ...design(https('/shipments', { senderAuthType: 'RoleBased', userRole: 'Shipments.send' })),
        version: '1.1.0',
      },
    },
    {
      ...base,
      id: 'Vendor',
      name: 'Vendors $(trash) [x](command:workbench.action.quit) <img src=x onerror=alert(1)>',
      endpoint: rest('/vendor'),
      design: undefined,
    },
    { ...base, id: 'Returns', name: 'Returns', status: 'ERROR', endpoint: undefined, design: design() },
    {
      ...base,
      id: 'Country_Codes',
      name: 'Country codes',
      type: 'VALUE_MAPPING',
      endpoint: undefined,
      design: undefined,
    },
  ];
}

function rest(address: string): PracticeFlow['endpoint'] {
  return { path: `/http${address}`, protocol: 'REST' };
}

function design(...channels: readonly FlowChannel[]) {
  return { version: base.version, channels };
}

function https(urlPath: string, more: Readonly<Record<string, string>>): FlowChannel {
  return {
    name: 'HTTPS',
    properties: {
      ComponentType: 'HTTPS',
      TransportProtocol: 'HTTPS',
      MessageProtocol: 'None',
      urlPath,
      xsrfProtection: '0',
      maximumBodySize: '40',
      ...more,
    },
  };
}
