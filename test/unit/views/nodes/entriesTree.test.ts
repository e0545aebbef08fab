import assert from 'node:assert/strict';
import { Cancelled, KeystoreError, type ErrorCode } from '../../../../src/errors.js';
import type { EntriesNode, TenantState, TreeSettings } from '../../../../src/views/nodes/model.js';
import { nextStepCommand } from '../../../../src/views/nodes/failureState.js';
import { present } from '../../../../src/views/nodes/present.js';
import {
  chainCertificateOf,
  drawn,
  entryOf,
  inDays,
  keyPairOf,
  loaded,
  presentation,
  tenantOf,
  treeOf,
} from './builders.js';

const mixed = [
  entryOf('root-10'),
  keyPairOf('orders-sender', { validNotAfter: inDays(9) }),
  entryOf('äpfel'),
  keyPairOf('sap_cloudintegrationcertificate', { owner: 'SAP', validNotAfter: inDays(211) }),
  keyPairOf('id_rsa', { validNotAfter: inDays(3000) }),
  entryOf('root-9', { validNotAfter: inDays(60) }),
  entryOf('zebra', { validNotAfter: inDays(-3.5) }),
  entryOf('undated', { validNotAfter: undefined }),
];

describe('the tree of entries', () => {
  it('shows tenant, type and entries in natural order', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed))]);
    assert.deepEqual(await drawn(tree), [
      [
        'ACME Dev | DEV · 8 entries · 1 expired · 1 expires soon',
        [
          [
            'Key Pairs | 2 · 1 expires soon',
            [['orders-sender | expires in 9 days'], ['sap_cloudintegrationcertificate | SAP · 211 days']],
          ],
          [
            'Certificates | 5 · 1 expired',
            [
              ['äpfel | 400 days'],
              ['root-9 | 60 days'],
              ['root-10 | 400 days'],
              ['undated | no expiry date'],
              ['zebra | expired 3 days ago'],
            ],
          ],
          ['SSH Keys | 1', [['id_rsa | until 9 Feb 2035']]],
        ],
      ],
    ]);
  });

  it('groups by owner and names the type in each row', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed.slice(0, 4)))], {
      settings: () => ({ groupBy: 'owner' }),
    });
    assert.deepEqual(await drawn(tree), [
      [
        'ACME Dev | DEV · 4 entries · 1 expires soon',
        [
          [
            'Tenant Administrator | 3 · 1 expires soon',
            [
              ['äpfel | certificate · 400 days'],
              ['orders-sender | key pair · expires in 9 days'],
              ['root-10 | certificate · 400 days'],
            ],
          ],
          ['SAP | 1', [['sap_cloudintegrationcertificate | key pair · SAP · 211 days']]],
        ],
      ],
    ]);
  });

  it('groups by expiry in bands, sorted by expiry with undated entries last', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed))], {
      settings: () => ({ groupBy: 'expiry', sortBy: 'expiry' }),
    });
    assert.deepEqual((await drawn(tree))[0]?.[1], [
      ['Expired | 1', [['zebra | certificate · expired 3 days ago']]],
      ['Expires within 30 days | 1', [['orders-sender | key pair · expires in 9 days']]],
      ['Expires within 90 days | 1', [['root-9 | certificate · 60 days']]],
      [
        'Expires later | 4',
        [
          ['sap_cloudintegrationcertificate | key pair · SAP · 211 days'],
          ['äpfel | certificate · 400 days'],
          ['root-10 | certificate · 400 days'],
          ['id_rsa | SSH key · until 9 Feb 2035'],
        ],
      ],
      ['No expiry date | 1', [['undated | certificate · no expiry date']]],
    ]);
  });

  it('drops the level of groups when nothing is grouped', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed))], {
      settings: () => ({ groupBy: 'none', sortBy: 'expiry' }),
    });
    const aliases = (await drawn(tree))[0]?.[1]?.map(([text]) => text.split(' | ')[0]);
    assert.deepEqual(aliases, [
      'zebra',
      'orders-sender',
      'root-9',
      'sap_cloudintegrationcertificate',
      'äpfel',
      'root-10',
      'id_rsa',
      'undated',
    ]);
  });

  it('keeps an unknown type of entry in a group of its own', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(entryOf('a', { type: 'Key Share' }), entryOf('b')))]);
    assert.deepEqual((await drawn(tree))[0]?.[1], [
      ['Certificates | 1', [['b | 400 days']]],
      ['Key Share | 1', [['a | 400 days']]],
    ]);
  });

  it('puts a key pair’s chain below it, from the leaf up', async () => {
    const entry = keyPairOf('orders', { fingerprintSha256: 'AA:01' });
    const { tree } = treeOf(() => [tenantOf(loaded(entry))], {
      settings: () => ({ groupBy: 'none' }),
      readChain: () =>
        Promise.resolve([
          chainCertificateOf(0, 'CN=USERTrust, C=US', 'CN=USERTrust, C=US'),
          chainCertificateOf(2, 'CN=orders.acme.example, C=DE', 'CN="Sectigo, R36", C=GB', {
            validNotAfter: inDays(9),
            fingerprintSha256: 'aa:01',
          }),
          chainCertificateOf(1, 'CN="Sectigo, R36", C=GB', 'CN=USERTrust, C=US'),
        ]),
    });
    assert.deepEqual(await drawn(tree), [
      [
        'ACME Dev | DEV · 1 entry',
        [
          [
            'orders | key pair · 400 days',
            [
              ['orders.acme.example | leaf · expires in 9 days'],
              ['Sectigo, R36 | intermediate · until 18 Jan 2038'],
              ['USERTrust | root · until 18 Jan 2038'],
            ],
          ],
        ],
      ],
    ]);
  });

  it('calls the certificate of the entry the leaf, in whatever order the chain was taken', async () => {
    const entry = keyPairOf('orders', { fingerprintSha256: 'AA:01' });
    const { tree } = treeOf(() => [tenantOf(loaded(entry))], {
      settings: () => ({ groupBy: 'none' }),
      readChain: () =>
        Promise.resolve([
          chainCertificateOf(0, 'CN=leaf', 'CN=middle', { fingerprintSha256: 'AA:01' }),
          chainCertificateOf(1, 'CN=middle', 'CN=top', { fingerprintSha256: 'AA:02' }),
        ]),
    });
    assert.deepEqual(await partsBelowFirstEntry(tree), ['middle intermediate', 'leaf leaf']);
  });

  it('calls a lone self-signed certificate the leaf', async () => {
    const { tree } = treeOf(() => [tenantOf(loaded(keyPairOf('new')))], {
      settings: () => ({ groupBy: 'none' }),
      readChain: () => Promise.resolve([chainCertificateOf(0, 'CN=new', 'CN=new')]),
    });
    assert.deepEqual(await partsBelowFirstEntry(tree), ['new leaf']);
  });

  it('reads a chain once for each answer of the tenant', async () => {
    let tenant = tenantOf(loaded(keyPairOf('a')));
    const { tree, chainReads } = treeOf(() => [tenant]);
    await drawn(tree);
    await drawn(tree);
    assert.deepEqual(chainReads, ['61']);
    tenant = tenantOf(loaded(keyPairOf('a')));
    await drawn(tree);
    assert.deepEqual(chainReads, ['61', '61']);
  });

  it('never asks for the chain of a certificate', async () => {
    const { tree, chainReads } = treeOf(() => [tenantOf(loaded(entryOf('a')))]);
    await drawn(tree);
    assert.deepEqual(chainReads, []);
  });

  it('shows a chain that could not be read as a row and asks again the next time', async () => {
    const answers = [
      () => Promise.reject(new KeystoreError('offline', 'getaddrinfo ENOTFOUND')),
      () => Promise.reject(new KeystoreError('not-found', 'no such entry')),
      () => Promise.reject(new TypeError('undefined is not a function')),
      () => Promise.reject(new Cancelled()),
      () => {
        throw new KeystoreError('forbidden', 'thrown before the first await');
      },
      () => Promise.resolve([chainCertificateOf(0, 'CN=a', 'CN=b')]),
    ];
    const { tree } = treeOf(() => [tenantOf(loaded(keyPairOf('a')))], {
      settings: () => ({ groupBy: 'none' }),
      readChain: () => {
        const answer = answers.shift();
        assert.ok(answer !== undefined);
        return answer();
      },
    });
    const seen = [];
    while (answers.length > 0) {
      seen.push((await drawn(tree))[0]?.[1]?.[0]?.[1] ?? []);
    }
    assert.deepEqual(seen, [
      [['Offline: the tenant cannot be reached | Try again']],
      [['The entry is no longer in the keystore | Try again']],
      [['The certificate chain could not be read | Show the log']],
      [],
      [['No permission to read the keystore | Test the connection']],
      [['a | leaf · until 18 Jan 2038']],
    ]);
  });
});

describe('states of a tenant', () => {
  it('starts reading a tenant when it is opened, and shows how far it is', async () => {
    let tenant = tenantOf({ kind: 'notLoaded' });
    const { tree, loads } = treeOf(() => [tenant]);
    assert.deepEqual(await drawn(tree), [['ACME Dev | DEV', [['Reading the keystore…']]]]);
    assert.deepEqual(loads, ['t1']);
    tenant = tenantOf({ kind: 'loading', entriesSoFar: 3000 });
    assert.deepEqual(await drawn(tree), [
      ['ACME Dev | DEV · reading…', [['Reading the keystore… 3000 entries so far']]],
    ]);
    assert.deepEqual(loads, ['t1']);
  });

  it('keeps the entries in the tree while they are read again', async () => {
    const { tree } = treeOf(() => [tenantOf({ kind: 'loading', previous: [entryOf('a')] })]);
    assert.deepEqual(await drawn(tree), [
      ['ACME Dev | DEV · 1 entry · reading…', [['Certificates | 1', [['a | 400 days']]]]],
    ]);
  });

  it('keeps the entries in the tree below a failure', async () => {
    const { tree } = treeOf(() => [
      tenantOf({ kind: 'failed', code: 'offline', detail: undefined, previous: [entryOf('a')] }),
    ]);
    assert.deepEqual(await drawn(tree), [
      [
        'ACME Dev | DEV · 1 entry · offline',
        [['Offline: the tenant cannot be reached | Try again'], ['Certificates | 1', [['a | 400 days']]]],
      ],
    ]);
  });

  it('tells an empty keystore, and one that the filter empties', async () => {
    const settings = { filter: '' };
    const { tree } = treeOf(
      () => [
        tenantOf(loaded()),
        tenantOf(loaded(entryOf('acme')), { id: 't2', name: 'ACME', stage: undefined, practice: true }),
      ],
      { settings: () => settings },
    );
    assert.deepEqual(await drawn(tree), [
      ['ACME Dev | DEV · 0 entries', [['The keystore has no entries | Create a key pair']]],
      ['ACME | practice · 1 entry', [['Certificates | 1', [['acme | 400 days']]]]],
    ]);
    settings.filter = ' nothing such ';
    assert.deepEqual(await drawn(tree), [
      ['ACME Dev | DEV · 0 entries', [['The keystore has no entries | Create a key pair']]],
      ['ACME | practice · 1 entry', [['No entry matches "nothing such" | Clear the filter']]],
    ]);
  });

  const failures: readonly (readonly [ErrorCode, string, string])[] = [
    ['offline', 'offline', 'Offline: the tenant cannot be reached | Try again'],
    ['signed-out', 'signed out', 'Signed out | Sign in'],
    ['unauthorized', 'not authorized', 'The tenant did not accept the credentials | Sign in'],
    ['forbidden', 'no permission', 'No permission to read the keystore | Test the connection'],
    [
      'untrusted-server',
      'server not trusted',
      "The server's certificate is not trusted | Test the connection",
    ],
    ['not-found', 'could not be read', 'No keystore was found at this address | Edit the connection'],
    ['stale', 'reload needed', 'Another window has changed the connections | Reload the window'],
    ['timeout', 'no answer', 'The tenant did not answer in time | Try again'],
    ['rate-limited', 'no answer', 'The tenant asks for a pause: too many requests | Try again'],
    ['locked', 'no answer', 'The keystore is locked: another person is changing it | Try again'],
    ['server-error', 'no answer', 'The tenant answered with an error of its own | Try again'],
    ['bad-answer', 'could not be read', 'The keystore could not be read | Show the log'],
    ['rejected', 'could not be read', 'The keystore could not be read | Show the log'],
  ];
  for (const [code, tenantText, row] of failures) {
    it(`shows ${code} as a row with a next step`, async () => {
      const { tree } = treeOf(() => [tenantOf({ kind: 'failed', code, detail: 'detail' })]);
      assert.deepEqual(await drawn(tree), [[`ACME Dev | DEV · ${tenantText}`, [[row]]]]);
    });
  }

  it('offers the next step as a command that gets the row', () => {
    const { tree } = treeOf(() => [tenantOf({ kind: 'signedOut' })]);
    const [root] = tree.roots();
    assert.ok(root !== undefined);
    const [state] = tree.children(root) as readonly EntriesNode[];
    assert.ok(state?.kind === 'state');
    assert.equal(nextStepCommand(state.state), 'ciKeystore.tenant.signIn');
    assert.deepEqual(present(state, presentation).command, {
      id: 'ciKeystore.tenant.signIn',
      title: 'Sign in',
    });
    assert.equal(state.tenantId, 't1');
  });
});

describe('identity of rows', () => {
  it('gives every row an id of its own, also where a tenant sends an entry twice', async () => {
    const tenants = ['t1', 't2'].map((id) => tenantOf(loaded(...mixed, keyPairOf('orders-sender')), { id }));
    for (const groupBy of ['type', 'owner', 'expiry', 'none'] as const) {
      const { tree } = treeOf(() => tenants, {
        settings: () => ({ groupBy }),
        readChain: () =>
          Promise.resolve([chainCertificateOf(0, 'CN=x', 'CN=y'), chainCertificateOf(0, 'CN=x', 'CN=y')]),
      });
      const ids = (await allNodes(tree)).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, groupBy);
      assert.equal(ids.filter((id) => id.startsWith('entry/')).length, 2 * mixed.length, groupBy);
    }
  });

  it('keeps ids over a refresh, and an entry’s id over another grouping', async () => {
    let settings: Partial<TreeSettings> = { groupBy: 'type' };
    let tenants: readonly TenantState[] = [tenantOf(loaded(...mixed))];
    const { tree } = treeOf(() => tenants, { settings: () => settings });
    const before = (await allNodes(tree)).map(({ id }) => id);
    tenants = [tenantOf(loaded(...mixed.map((entry) => ({ ...entry }))), { name: 'Renamed' })];
    assert.deepEqual(
      (await allNodes(tree)).map(({ id }) => id),
      before,
    );
    settings = { groupBy: 'none' };
    const flat = (await allNodes(tree)).filter(({ kind }) => kind === 'entry').map(({ id }) => id);
    assert.deepEqual(flat.sort(), before.filter((id) => id.startsWith('entry/')).sort());
  });

  it('finds the parent of every row', async () => {
    for (const groupBy of ['type', 'owner', 'expiry', 'none'] as const) {
      const { tree } = treeOf(() => [tenantOf(loaded(...mixed))], {
        settings: () => ({ groupBy }),
        readChain: () => Promise.resolve([chainCertificateOf(0, 'CN=x', 'CN=y')]),
      });
      const check = async (parent: EntriesNode): Promise<void> => {
        for (const child of await tree.children(parent)) {
          assert.equal(tree.parent(child)?.id, parent.id, child.id);
          await check(child);
        }
      };
      for (const root of tree.roots()) {
        assert.equal(tree.parent(root), undefined);
        await check(root);
      }
    }
  });

  it('finds a tenant and an entry to reveal, but not what the filter hides', () => {
    const settings = { filter: '' };
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed))], { settings: () => settings });
    const hexalias = Buffer.from('orders-sender').toString('hex').toUpperCase();
    assert.equal(tree.find('t1')?.id, 'tenant/t1');
    assert.equal(tree.find('t1', hexalias)?.id, `entry/t1/${hexalias}`);
    assert.equal(tree.find('t2'), undefined);
    assert.equal(tree.find('t1', '00'), undefined);
    settings.filter = 'zebra';
    assert.equal(tree.find('t1', hexalias), undefined);
  });

  it('opens filtered groups, and makes them rows of their own for that', () => {
    const settings = { filter: '' };
    const { tree } = treeOf(() => [tenantOf(loaded(...mixed))], { settings: () => settings });
    const groups = (): unknown[] =>
      tree
        .roots()
        .flatMap((root) =>
          (tree.children(root) as readonly EntriesNode[]).map((node) => [
            node.id,
            present(node, presentation).collapsible,
          ]),
        );
    assert.deepEqual(groups(), [
      ['group/t1/type/all/keyPair', 'expanded'],
      ['group/t1/type/all/certificate', 'collapsed'],
      ['group/t1/type/all/sshKey', 'collapsed'],
    ]);
    settings.filter = 'root';
    assert.deepEqual(groups(), [['group/t1/type/filtered/certificate', 'expanded']]);
  });

  it('draws a tenant from what is known now, whatever object VS Code kept', () => {
    let tenant = tenantOf({ kind: 'loading' });
    const { tree } = treeOf(() => [tenant]);
    const [kept] = tree.roots();
    assert.ok(kept !== undefined);
    tenant = tenantOf(loaded(entryOf('a')));
    assert.equal(present(tree.current(kept), presentation).description, 'DEV · 1 entry');
    assert.equal((tree.children(kept) as readonly EntriesNode[])[0]?.kind, 'group');
  });
});

describe('what needs attention', () => {
  it('is counted over all keystores that have been read', () => {
    const { tree } = treeOf(() => [
      tenantOf(loaded(...mixed, keyPairOf('orders-sender', { validNotAfter: inDays(9) }))),
      tenantOf({ kind: 'notLoaded' }, { id: 't2' }),
      tenantOf(
        {
          kind: 'failed',
          code: 'offline',
          detail: undefined,
          previous: [
            entryOf('b', { validNotAfter: inDays(29) }),
            entryOf('c', { validNotAfter: inDays(30) }),
          ],
        },
        { id: 't3' },
      ),
    ]);
    assert.deepEqual(tree.attention(), { expired: 1, soon: 2 });
  });
});

async function partsBelowFirstEntry(tree: ReturnType<typeof treeOf>['tree']): Promise<readonly string[]> {
  const nodes = await allNodes(tree);
  return nodes.flatMap((node) =>
    node.kind === 'chainCertificate' ? [`${present(node, presentation).label} ${node.part}`] : [],
  );
}

async function allNodes(tree: ReturnType<typeof treeOf>['tree']): Promise<readonly EntriesNode[]> {
  const below = async (node: EntriesNode): Promise<readonly EntriesNode[]> => [
    node,
    ...(await Promise.all((await tree.children(node)).map(below))).flat(),
  ];
  return (await Promise.all(tree.roots().map(below))).flat();
}
