import assert from 'node:assert/strict';
import { confirmUntrusted } from '../../../../src/commands/untrusted.js';
import { formatFingerprint } from '../../../../src/pki/certificate.js';
import { readCertificates } from '../../../../src/pki/container.js';
import { OpensslPki } from '../../../support/opensslPki.js';
import { ScriptedPrompts } from '../../../support/scriptedPrompts.js';

describe('a certificate that the tenant does not trust', () => {
  const pki = new OpensslPki();
  after(() => {
    pki.dispose();
  });
  const root = pki.ca('/CN=Told Root');
  const issued = pki.issue(root, '/CN=told.example');
  const sent = readCertificates(Buffer.from(issued.certificate + root.certificate)).certificates;
  const [sentFingerprint = '', rootFingerprint = ''] = sent.map(({ sha256 }) => formatFingerprint(sha256));

  async function told(tenantFingerprint: string | undefined): Promise<string> {
    const prompts = new ScriptedPrompts([{ wish: 'yes' }]);
    assert.ok(
      await confirmUntrusted({ prompts }, { alias: 'told', sent }, { sentFingerprint, tenantFingerprint }),
    );
    return prompts.messages.join('\n');
  }

  it('is told with the fingerprint that the tenant names, where that is the same', async () => {
    const text = await told(sentFingerprint.toLowerCase());
    assert.ok(text.includes(`SHA-256 of what is sent: ${sentFingerprint}`));
    assert.match(text, /They are the same/);
  });

  it('is told with the certificate of the chain that the tenant names', async () => {
    const text = await told(rootFingerprint);
    assert.ok(text.includes(`SHA-256 that the tenant names: ${rootFingerprint}`));
    assert.match(text, /It is that of "CN=Told Root", which is sent too/);
  });

  it('is a reason for caution where the tenant names what was not sent', async () => {
    assert.match(await told('AB:'.repeat(31) + 'CD'), /Caution: none of the certificates that are sent/);
  });

  it('is told without a comparison where the tenant names none', async () => {
    assert.match(await told(undefined), /The tenant names no fingerprint/);
  });
});
