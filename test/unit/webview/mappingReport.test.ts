import assert from 'node:assert/strict';
import { certificateOfEntry } from '../../../src/inbound/senderCertificate.js';
import { defaultUserRole } from '../../../src/inbound/senderSetUp.js';
import { mappingReport } from '../../../src/webview/mappingReport.js';
import { mappingSnapshot } from '../../../src/webview/mappingSnapshot.js';
import { keystoreEntry } from '../../support/keystoreEntries.js';

describe('a set-up as Markdown', () => {
  const now = Date.parse('2026-11-24T10:30:00Z');
  const hostile = 'CN=[x](https://evil.example)|`code`<b>, O=_a_';
  const entry = keystoreEntry({ alias: 'orders', subjectDn: hostile, issuerDn: 'CN=CA' });
  const report = mappingReport(
    mappingSnapshot({
      setUp: {
        id: 's1',
        name: 'Orders | # from <script>',
        tenantId: 't1',
        certificate: { kind: 'entry', tenantId: 't1', hexalias: 'AA', fingerprintSha256: undefined },
        way: 'adapter',
        endpoint: { address: '/orders', flow: 'Orders' },
        userRole: defaultUserRole,
      },
      tenantName: 'ACME',
      callingTenant: 'ACME',
      isNeo: false,
      certificate: { kind: 'known', certificate: certificateOfEntry(entry) },
      acceptance: { kind: 'reading' },
      mapping: { kind: 'notKnown', reason: 'Nobody is signed in.' },
      namePair: undefined,
      endpoint: { kind: 'notChosen' },
      redeployed: ['Orders (/orders)'],
      canDo: () => true,
      now,
      warningDays: 30,
    }),
    new Date(now),
  );

  it('holds stages with their reasons, the next step, the chosen way, its cost and its date', () => {
    assert.match(report, /^As of 2026-11-24 10:30 UTC\.$/m);
    const stages = report.split('\n').filter((line) => /^\| (?!Stage|Field|---)/.test(line));
    assert.ok(stages.length >= 6);
    assert.match(report, /\| Call answers \| not tested \|/);
    assert.match(report, /^## Next step$/m);
    assert.match(report, /^## Instead: certificate in the sender adapter$/m);
    assert.match(report, /To be redeployed at each change: Orders/);
    assert.doesNotMatch(report, /Recommended: certificate-to-user mapping/);
  });

  it('turns no text of a tenant into a link, a tag or a further column', () => {
    // Within code nothing is a link or a tag.
    const rest = report.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(rest, /(?<!\\)\[x\]\(|<script>|<b>/);
    const cells = report.split('\n').filter((line) => line.startsWith('| Subject '));
    for (const cell of cells) {
      assert.equal(cell.split(/(?<!\\)\|/).length, 4, cell);
    }
    assert.ok(cells.length > 0);
  });
});
