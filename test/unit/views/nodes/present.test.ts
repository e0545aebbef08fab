import assert from 'node:assert/strict';
import type { EntryNode, TenantNode } from '../../../../src/views/nodes/model.js';
import { explain } from '../../../../src/views/nodes/explain.js';
import { present } from '../../../../src/views/nodes/present.js';
import type { KeystoreEntry } from '../../../../src/tenant/keystoreEntry.js';
import { entryOf, inDays, keyPairOf, loaded, now, presentation, tenantOf, treeOf } from './builders.js';

function entryNode(entry: KeystoreEntry, changes: Partial<EntryNode> = {}): EntryNode {
  return {
    kind: 'entry',
    id: 'entry/t1/00',
    tenantId: 't1',
    hexalias: entry.hexalias,
    entry,
    practice: false,
    namesType: false,
    ...changes,
  };
}

function traitsOf(entry: KeystoreEntry, practice = false): string {
  return present(entryNode(entry, { practice }), presentation).contextValue;
}

function tenantNode(...args: Parameters<typeof tenantOf>): TenantNode {
  return { kind: 'tenant', id: 'tenant/t1', tenantId: 't1', tenant: tenantOf(...args), isOnly: false };
}

describe('an entry’s row', () => {
  it('says what expires when, with a warning beside it', () => {
    assert.deepEqual(present(entryNode(keyPairOf('orders', { validNotAfter: inDays(9) })), presentation), {
      label: 'orders',
      description: 'expires in 9 days',
      icon: { id: 'warning', color: 'list.warningForeground' },
      contextValue: 'entry;hasChain;hasSigningRequest;keyPair;takesSigningResponse;tenantOwned',
      accessibilityLabel: 'key pair orders, expires in 9 days',
      collapsible: 'collapsed',
    });
  });

  it('says what SAP owns', () => {
    const entry = keyPairOf('sap_cloudintegrationcertificate', { owner: 'SAP', validNotAfter: inDays(211) });
    assert.deepEqual(present(entryNode(entry), presentation), {
      label: 'sap_cloudintegrationcertificate',
      description: 'SAP · 211 days',
      icon: { id: 'lock' },
      contextValue: 'entry;hasChain;keyPair;predelivered;sapOwned',
      accessibilityLabel: 'key pair sap_cloudintegrationcertificate, expires in 211 days, owned by SAP',
      collapsible: 'collapsed',
    });
  });

  it('tells expired, quiet and not yet valid apart by words and icon', () => {
    const row = (changes: Partial<KeystoreEntry>): unknown[] => {
      const { description, icon } = present(entryNode(entryOf('a', changes)), presentation);
      return [description, icon.id];
    };
    assert.deepEqual(row({ validNotAfter: inDays(-2) }), ['expired 1 day ago', 'error']);
    assert.deepEqual(row({ validNotAfter: inDays(31) }), ['31 days', 'shield']);
    assert.deepEqual(row({ validNotBefore: inDays(2) }), ['not valid yet, starts in 2 days', 'warning']);
    assert.deepEqual(row({ validNotAfter: undefined }), ['no expiry date', 'shield']);
  });

  it('says that a new key pair is self-signed', () => {
    const entry = keyPairOf('new', { subjectDn: 'CN=new', issuerDn: 'CN=new' });
    const { description, contextValue, accessibilityLabel } = present(entryNode(entry), presentation);
    assert.equal(description, 'self-signed · 400 days');
    assert.match(contextValue, /\bselfSigned\b/);
    assert.equal(accessibilityLabel, 'key pair new, self-signed, expires in 400 days');
    const root = entryOf('root', { subjectDn: 'CN=root', issuerDn: 'CN=root' });
    assert.equal(present(entryNode(root), presentation).description, '400 days');
  });
});

describe('an entry’s traits', () => {
  it('offer changes for what the tenant owns', () => {
    assert.equal(traitsOf(entryOf('a')), 'certificate;entry;tenantOwned');
    assert.equal(
      traitsOf(keyPairOf('a'), true),
      'entry;hasChain;hasSigningRequest;keyPair;practice;takesSigningResponse;tenantOwned',
    );
  });

  it('offer no change for what SAP owns or reserves', () => {
    assert.equal(traitsOf(entryOf('sap_root', { owner: 'SAP' })), 'certificate;entry;sapOwned');
    assert.equal(traitsOf(keyPairOf('hcimsgcertificate')), 'entry;hasChain;keyPair');
    assert.equal(traitsOf(keyPairOf('sap_own')), 'entry;hasChain;keyPair');
  });

  it('offer no signing request where SAP gives none', () => {
    assert.equal(traitsOf(keyPairOf('id_rsa')), 'entry;hasChain;sshKey;takesSigningResponse;tenantOwned');
    assert.equal(traitsOf(keyPairOf('id_dsa')), 'entry;hasChain;sshKey;takesSigningResponse;tenantOwned');
    assert.match(traitsOf(keyPairOf('id_ec')), /\bhasSigningRequest\b/);
    assert.match(traitsOf(keyPairOf('id_rsa_2')), /\bhasSigningRequest\b/);
  });

  it('hold nothing that a tenant sent', () => {
    assert.equal(
      traitsOf(entryOf('practice', { type: 'practice;tenantOwned', owner: 'SAP' })),
      'entry;otherType;sapOwned',
    );
  });
});

describe('an entry’s tooltip', () => {
  it('tells what is known', () => {
    const entry = entryOf('orders', {
      validNotAfter: new Date(Date.UTC(2026, 11, 2, 13)),
      fingerprintSha256: 'AB:CD',
      ellipticCurve: 'secp256r1',
      keyType: 'EC',
      keySize: 256,
    });
    assert.deepEqual(explain(entryNode(entry), presentation), [
      'Alias: orders',
      'Hexalias: 6F7264657273',
      'Type: Certificate',
      'Owner: Tenant Administrator',
      'Created: 2026-01-01T00:00:00Z by Tester',
      'Last modified: 2026-01-02T03:04:05Z by Tester',
      'Status: unchanged',
      'Subject: CN=orders, O=ACME, C=DE',
      'Issuer: CN=Partner CA, O=Partner, C=DE',
      'Serial number: 0x11F11',
      'Valid from: 2026-08-15T13:00:00Z',
      'Valid until: 2026-12-02T13:00:00Z (expires in 9 days)',
      'Key: EC, secp256r1, 256 bits',
      'Signature algorithm: SHA256withRSA',
      'Version: 3',
      'SHA-256: AB:CD',
    ]);
  });

  for (const alias of ['sap_cloudintegrationcertificate', 'hcicertificate', 'hcicertificate1']) {
    it(`says of ${alias} what option 1 means`, () => {
      const text = explain(entryNode(keyPairOf(alias, { owner: 'SAP' })), presentation).join('\n');
      assert.match(text, /Option 1: delivered by SAP, already signed/);
      assert.match(text, /private key cannot be exported/);
      assert.match(text, /outbound communication, or Cloud Integration calling Cloud Integration/);
    });
  }

  it('says of no other entry what option 1 means', () => {
    for (const entry of [
      keyPairOf('hcicertificate2'),
      keyPairOf('sap_other', { owner: 'SAP' }),
      entryOf('hcicertificate'),
    ]) {
      assert.doesNotMatch(explain(entryNode(entry), presentation).join('\n'), /Option 1/);
    }
  });

  it('says of a self-signed key pair what comes next', () => {
    const entry = keyPairOf('new', { subjectDn: 'CN=new', issuerDn: 'CN=new' });
    assert.match(explain(entryNode(entry), presentation).join('\n'), /Download its signing request/);
  });
});

describe('hostile text', () => {
  const hostile = 'a\u202Eb\n[x](command:y) $(trash) <img src=x> https://evil.example';
  const shown = 'a<U+202E>b<U+000A>[x](command:y) $(trash) <img src=x> https://evil.example';

  it('stays plain, single-line text in every field of every row', async () => {
    const entry = keyPairOf('x', {
      alias: hostile,
      subjectDn: `CN=${hostile}`,
      issuerDn: hostile,
      type: hostile,
      owner: hostile,
      status: hostile,
      serialNumber: hostile,
      createdBy: hostile,
      lastModifiedBy: hostile,
      keyType: hostile,
      signatureAlgorithm: hostile,
      ellipticCurve: hostile,
      fingerprintSha1: hostile,
      fingerprintSha256: hostile,
    });
    for (const groupBy of ['type', 'owner', 'none'] as const) {
      const { tree } = treeOf(
        () => [
          tenantOf(loaded(entry, keyPairOf('k', { subjectDn: hostile })), { name: hostile }),
          tenantOf({ kind: 'failed', code: 'offline', detail: hostile }, { id: 't2', name: hostile }),
        ],
        {
          settings: () => ({ groupBy, filter: '' }),
          readChain: () => Promise.reject(new Error(hostile)),
        },
      );
      const check = async (node: ReturnType<typeof tree.roots>[number] | EntryNode): Promise<void> => {
        const presented = present(node, presentation);
        const texts = [
          presented.label,
          presented.description ?? '',
          presented.accessibilityLabel,
          presented.contextValue,
          ...explain(node, presentation),
        ];
        for (const text of texts) {
          assert.doesNotMatch(text, /[\n\u202E]/);
        }
        for (const child of await tree.children(node)) {
          await check(child as EntryNode);
        }
      };
      for (const root of tree.roots()) {
        await check(root);
      }
    }
    assert.equal(present(entryNode(entry), presentation).label, shown);
  });
});

describe('a tenant’s row', () => {
  it('sums up what was read', () => {
    const entries = [
      ...Array.from({ length: 45 }, (_, position) => entryOf(`e${position}`)),
      entryOf('soon', { validNotAfter: inDays(1) }),
      entryOf('soon too', { validNotAfter: inDays(2) }),
    ];
    assert.deepEqual(present(tenantNode(loaded(...entries)), presentation), {
      label: 'ACME Dev',
      description: 'DEV · 47 entries · 2 expire soon',
      icon: { id: 'server-environment' },
      contextValue: 'connected;tenant',
      accessibilityLabel: 'tenant ACME Dev, DEV, 47 entries, 2 expire soon',
      collapsible: 'collapsed',
    });
  });

  it('marks a practice tenant, and says that nothing in it reaches SAP', () => {
    const node = tenantNode(loaded(), { practice: true, name: 'Practice Tenant' });
    const presented = present(node, presentation);
    assert.equal(presented.description, 'practice · 0 entries');
    assert.equal(presented.contextValue, 'connected;practice;tenant');
    assert.equal(presented.accessibilityLabel, 'practice tenant Practice Tenant, 0 entries');
    assert.deepEqual(explain(node, presentation), [
      'Practice Tenant',
      'practice · 0 entries',
      'Runs on this machine, for practice; nothing in it reaches SAP.',
      `Read at ${new Date(now).toISOString()}`,
    ]);
  });

  it('has its state among its traits', () => {
    const traits = (...args: Parameters<typeof tenantOf>): string =>
      present(tenantNode(...args), presentation).contextValue;
    assert.equal(traits({ kind: 'notLoaded' }), 'notLoaded;tenant');
    assert.equal(traits({ kind: 'loading' }), 'loading;tenant');
    assert.equal(traits({ kind: 'loading', previous: [] }), 'connected;tenant');
    assert.equal(traits({ kind: 'signedOut' }), 'signedOut;tenant');
    assert.equal(traits({ kind: 'failed', code: 'signed-out', detail: undefined }), 'signedOut;tenant');
    assert.equal(traits({ kind: 'failed', code: 'offline', detail: undefined }), 'failed;tenant');
    assert.equal(traits(loaded(), { stage: 'PRD' }), 'connected;production;tenant');
  });

  it('opens by itself where it is the only one', () => {
    const { tree } = treeOf(() => [tenantOf(loaded())]);
    assert.deepEqual(
      tree.roots().map((root) => present(root, presentation).collapsible),
      ['expanded'],
    );
  });
});
