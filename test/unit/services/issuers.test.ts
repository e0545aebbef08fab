import assert from 'node:assert/strict';
import { Cancelled, KeystoreError } from '../../../src/errors.js';
import type { Certificate } from '../../../src/pki/certificate.js';
import { encodePem } from '../../../src/pki/pem.js';
import { writeCertificatesOnly } from '../../../src/pki/pkcs7.js';
import type { FolderFiles } from '../../../src/services/folderFiles.js';
import {
  folderIssuers,
  gatherIssuers,
  tenantIssuers,
  type CertificateFile,
  type IssuerSource,
} from '../../../src/services/issuers.js';
import { issue, issueChain, newKey } from '../pki/testAuthority.js';

const signal = new AbortController().signal;
const { root, intermediate, leaf } = issueChain('Issuers');
/** Of the same name as the issuing CA, with another key. */
const lookAlike = issue({ subject: 'CN=Issuers Issuing CA,O=Example,C=DE', isCa: true }, root);

function names(found: readonly { certificate: Certificate; from: string }[]): readonly string[] {
  return found.map(({ certificate, from }) => `${certificate.subject.rdns.at(-1)?.[0]?.value} from ${from}`);
}

describe('issuers that a chain lacks', () => {
  const source: IssuerSource = () =>
    Promise.resolve(
      [lookAlike, root, intermediate, leaf].map(({ certificate }) => ({ certificate, from: 'here' })),
    );

  it('are found link by link, and a look-alike is not among them', async () => {
    const found = await gatherIssuers([leaf.certificate], { sources: [source], signal });
    assert.deepEqual(names(found), ['Issuers Issuing CA from here', 'Issuers Root from here']);
    assert.equal(found[0]?.certificate.sha256, intermediate.certificate.sha256);
  });

  it('are not looked for where the chain is complete', async () => {
    const found = await gatherIssuers(
      [root, intermediate, leaf].map(({ certificate }) => certificate),
      { sources: [() => assert.fail('not asked')], signal },
    );
    assert.deepEqual(found, []);
  });

  it('are of another branch where the root of the given one is nowhere', async () => {
    const absent = issue({ subject: 'CN=Absent Root', isCa: true });
    const shared = { subject: 'CN=Crossed CA', isCa: true, key: newKey() };
    const given = issue(shared, absent);
    const crossed = issue(shared, root);
    const below = issue({ subject: 'CN=Below' }, given);
    const both: IssuerSource = () =>
      Promise.resolve([crossed, root].map(({ certificate }) => ({ certificate, from: 'here' })));
    const found = await gatherIssuers([below.certificate, given.certificate], { sources: [both], signal });
    assert.deepEqual(names(found), ['Crossed CA from here', 'Issuers Root from here']);
  });

  it('end where no source has the next', async () => {
    const only: IssuerSource = () =>
      Promise.resolve([{ certificate: intermediate.certificate, from: 'here' }]);
    assert.deepEqual(names(await gatherIssuers([leaf.certificate], { sources: [only], signal })), [
      'Issuers Issuing CA from here',
    ]);
    assert.deepEqual(await gatherIssuers([leaf.certificate], { sources: [], signal }), []);
    assert.deepEqual(await gatherIssuers([], { sources: [only], signal }), []);
  });

  describe('in the open folder', () => {
    const noGap = (told: string): void => assert.fail(told);
    const inFolder = (files: readonly CertificateFile[]): Promise<FolderFiles<CertificateFile>> =>
      Promise.resolve({ files, isCut: false });

    it('are read from files of every form, and what is none of them is passed over', async () => {
      const file = (name: string, bytes: Uint8Array, size = bytes.length) => ({
        ...{ name, size },
        read: () => Promise.resolve(bytes),
      });
      let listed = 0;
      const folder = folderIssuers(() => {
        listed += 1;
        return inFolder([
          file('text.pem', Buffer.from('nothing')),
          file('broken.der', Uint8Array.of(0x30, 0x80, 1)),
          file('huge.pem', Buffer.from(encodePem('CERTIFICATE', root.certificate.der)), 10_000_000),
          file('ca.p7b', writeCertificatesOnly([intermediate.certificate.der])),
          file('root.crt', Buffer.from(encodePem('CERTIFICATE', root.certificate.der))),
        ]);
      }, noGap);
      const found = await gatherIssuers([leaf.certificate], { sources: [folder], signal });
      assert.deepEqual(names(found), ['Issuers Issuing CA from ca.p7b', 'Issuers Root from root.crt']);
      assert.equal(listed, 1);
    });

    it('are said to be the first of many where they lack an issuer', async () => {
      const gaps: string[] = [];
      const file = { name: 'ca.der', size: 100, read: () => Promise.resolve(intermediate.certificate.der) };
      const search = (isCut: boolean): IssuerSource =>
        folderIssuers(
          () => Promise.resolve({ files: [file], isCut }),
          (told) => gaps.push(told),
        );
      await gatherIssuers([leaf.certificate], { sources: [search(false)], signal });
      assert.deepEqual(gaps, []);
      const found = await gatherIssuers([leaf.certificate], { sources: [search(true)], signal });
      assert.equal(found.length, 1);
      assert.deepEqual(gaps, ['Only the first 500 such files of the open folder were looked at.']);
    });

    it('are not read on after a cancel', async () => {
      const folder = folderIssuers(
        () => inFolder([{ name: 'a', size: 1, read: () => assert.fail('not read') }]),
        noGap,
      );
      await assert.rejects(
        gatherIssuers([leaf.certificate], { sources: [folder], signal: AbortSignal.abort() }),
        Cancelled,
      );
    });
  });

  describe('in the keystores of tenants', () => {
    const entry = (hexalias: string, type: string, subjectDn: string, issuerDn: string) => ({
      ...{ hexalias, type, subjectDn, issuerDn },
    });
    const tenants = [
      { id: 'a', name: 'Dev' },
      { id: 'b', name: 'Test' },
    ];
    const asked: string[] = [];
    const keystores = {
      entriesOrRead: (id: string) =>
        id === 'a'
          ? Promise.reject(new KeystoreError('offline', 'not there'))
          : Promise.resolve([
              entry('01', 'Certificate', 'CN=Other, O=Example, C=DE', 'CN=Issuers Root,O=Example,C=DE'),
              entry('02', 'Certificate', 'not a name', ''),
              // As SAP renders names: blanks after commas, another case.
              entry('03', 'Certificate', 'cn=Issuers Root, o=EXAMPLE, c=DE', ''),
              entry('04', 'Key Pair', 'CN=mine', 'CN=Issuers Issuing CA, O=Example, C=DE'),
            ]),
      access: () =>
        Promise.resolve({
          client: {
            readCertificate: (hexalias: string) => {
              asked.push(hexalias);
              return Promise.resolve(root.certificate.der);
            },
            readChainResource: (hexalias: string) => {
              asked.push(hexalias);
              return Promise.resolve(
                writeCertificatesOnly([intermediate, lookAlike].map(({ certificate }) => certificate.der)),
              );
            },
          },
        }),
    };

    it('are read as they are needed; a tenant that cannot be read is named', async () => {
      const unread: string[] = [];
      const source = tenantIssuers(
        { list: () => tenants } as unknown as Parameters<typeof tenantIssuers>[0],
        keystores as unknown as Parameters<typeof tenantIssuers>[1],
        (name) => unread.push(name),
      );
      const found = await gatherIssuers([leaf.certificate], { sources: [source], signal });
      assert.deepEqual(names(found), ['Issuers Issuing CA from Test', 'Issuers Root from Test']);
      assert.deepEqual(asked, ['04', '03']);
      assert.deepEqual(unread, ['Dev']);
    });
  });
});
