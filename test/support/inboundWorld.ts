import { readKeyContent, type KeyContent } from '../../src/inbound/keyContent.js';
import type { InboundInstance, InboundKey, KeyReading } from '../../src/inbound/inboundClients.js';
import { OpensslPki, type Credential } from './opensslPki.js';

/** Certificates of a sender as a CA issues them over the years, made once for a suite. */
export class InboundWorld {
  private readonly pki = new OpensslPki();
  readonly ca: Credential;
  readonly current: Credential;
  /** Another certificate with the same subject and issuer. */
  readonly renewed: Credential;
  readonly other: Credential;
  readonly expired: Credential;

  constructor() {
    this.ca = this.pki.ca('/O=Acme/CN=Acme CA');
    this.current = this.pki.issue(this.ca, '/O=Acme/CN=orders');
    this.renewed = this.pki.issue(this.ca, '/O=Acme/CN=orders', { days: 700 });
    this.other = this.pki.issue(this.ca, '/O=Acme/CN=invoices');
    this.expired = this.pki.issue(this.ca, '/O=Acme/CN=old', { days: -1 });
  }

  dispose(): void {
    this.pki.dispose();
  }
}

/** The content of a key that holds an external certificate. */
export function external({ certificate }: Credential): KeyContent {
  return readKeyContent({ oauth: { clientid: 'c', certificate, url: 'https://x', tokenurl: 'https://y' } });
}

/** A key that has been read. */
export function inboundKey(
  guid: string,
  content: KeyContent | KeyReading,
  over: Partial<InboundKey> = {},
): InboundKey {
  return {
    guid,
    name: guid,
    instanceGuid: 'i1',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    lastOperation: undefined,
    reading: 'kind' in content ? content : { kind: 'read', content },
    pinning: { kind: 'pinned' },
    ...over,
  };
}

/** An instance of plan `integration-flow` with the usual role and grant type. */
export function inboundInstance(
  keys: readonly InboundKey[],
  over: Partial<InboundInstance> = {},
): InboundInstance {
  return {
    guid: 'i1',
    name: 'orders-inbound',
    spaceGuid: 's1',
    spaceName: 'dev',
    plan: 'integration-flow',
    grants: { kind: 'known', roles: ['ESBMessaging.send'], grantTypes: ['client_credentials'] },
    lastOperation: undefined,
    keys,
    ...over,
  };
}
