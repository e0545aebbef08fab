import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapterName } from '../../../src/inbound/adapterName.js';
import { certificateOfFile } from '../../../src/inbound/senderCertificate.js';
import { readCertificate } from '../../../src/pki/certificate.js';
import { nameKey, parseName } from '../../../src/pki/distinguishedName.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../../src/practice/authority.js';
import { makeKeys } from '../../../src/practice/keys.js';
import { PracticeFiles } from '../../../src/practice/practiceFiles.js';

describe('names as the sender adapter lists them', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const names = [
    'CN=orders,O=ACME\\, Inc.,C=DE',
    'CN=plain,OU=one,OU=two,L=Köln,ST=NRW,C=DE',
    'CN=a\\"b\\\\c,O=x\\=y\\+z\\;w\\#,C=DE',
    'emailAddress=a@b.example,CN=mail,C=DE',
    'serialNumber=12,SN=Doe,GN=Jo,UID=u1,DC=acme,DC=example',
    'CN=\\  two  blanks \\ ,O=-',
    'organizationIdentifier=LEI-1,businessCategory=Private,CN=qualified,C=FR',
  ];

  it('are what keytool of Java writes, and read back to the same name', async () => {
    const authority = await PracticeAuthority.open(new PracticeFiles(folder), Date.now);
    const keys = await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' });
    for (const text of names) {
      const der = authority.issue({
        subject: nameOf(text),
        spki: spkiOf(keys),
        notBefore: new Date(Date.now() - 60_000),
        notAfter: new Date(Date.now() + 3_600_000),
      });
      const file = join(folder, 'one.cer');
      writeFileSync(file, der);
      const printed = execFileSync(
        'keytool',
        ['-J-Dfile.encoding=UTF-8', '-J-Dstdout.encoding=UTF-8', '-printcert', '-file', file],
        { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
      );
      const certificate = readCertificate(der);
      const written = adapterName(certificate.subject);
      assert.equal(written, /^Owner: (.*)$/m.exec(printed)?.[1]);
      assert.equal(nameKey(parseName(written)), nameKey(certificate.subject));
      assert.equal(certificateOfFile(certificate, 'one.cer').subjectDn, written);
    }
  });
});
