import assert from 'node:assert/strict';
import { refuseCertificate, refuseTrial } from '../../../../src/commands/mapping/refusals.js';
import { KeystoreError } from '../../../../src/errors.js';
import { certificateOfEntry } from '../../../../src/inbound/senderCertificate.js';
import type { Connection } from '../../../../src/services/connection.js';
import type { Keystores } from '../../../../src/services/keystores.js';
import type { KeystoreEntry } from '../../../../src/tenant/keystoreEntry.js';
import { keystoreEntry } from '../../../support/keystoreEntries.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../../../support/scriptedPrompts.js';

const { signal } = new AbortController();

describe('choices of a set-up that cannot work', () => {
  const explains = (reason: string, wayOut: RegExp) => (error: unknown) => {
    assert.ok(KeystoreError.is(error, 'refused'), String(error));
    assert.equal(error.details.reason, reason);
    assert.match(String(error.details.explanation), wayOut);
    return true;
  };
  const sapKey = keystoreEntry({
    alias: 'sap_cloudintegrationcertificate',
    owner: 'SAP',
    subjectDn: 'CN=acme',
    issuerDn: 'CN=SAP CA',
  });
  const receiver = (url: string): Connection => ({
    id: 't',
    name: 'ACME',
    stage: undefined,
    practice: false,
    address: { url, authentication: { kind: 'clientSecret', clientId: 'c', tokenUrl: `${url}/oauth/token` } },
  });
  const trial = async (
    url: string,
    entries: readonly KeystoreEntry[] | 'offline',
    ...answers: ScriptedAnswer[]
  ): Promise<readonly string[]> => {
    const prompts = new ScriptedPrompts(answers);
    const keystores: Pick<Keystores, 'entriesOrRead'> = {
      entriesOrRead: () =>
        entries === 'offline'
          ? Promise.reject(new KeystoreError('offline', 'offline'))
          : Promise.resolve(entries),
    };
    await refuseTrial({ keystores: keystores as Keystores, prompts }, receiver(url), { signal, title: 'T' });
    prompts.done();
    return prompts.asked;
  };
  const host = 'https://acme.it-cpi001.cfapps.eu10.hana.ondemand.com';
  const wayOut = /Choose a tenant that is no trial, or have the sender call with a client id and secret/;

  it('a trial tenant, told by its host before anything is read', async () => {
    const url = 'https://4711trial.it-cpitrial05.cfapps.us10.hana.ondemand.com';
    await assert.rejects(trial(url, 'offline'), explains('trial', wayOut));
  });

  it('a trial tenant, told by the lack of the key pair that SAP delivers', async () => {
    await assert.rejects(trial(host, [keystoreEntry({ alias: 'own' })]), explains('trial', wayOut));
    assert.deepEqual(await trial(host, [sapKey]), []);
  });

  it('asks where the keystore cannot be read, and believes the answer', async () => {
    assert.equal((await trial(host, 'offline', 'No, not a trial tenant')).length, 1);
    await assert.rejects(trial(host, 'offline', 'Yes, a trial tenant'), explains('trial', wayOut));
  });

  it('a key of the tenant for an outside sender, since it cannot leave the tenant', () => {
    for (const entry of [sapKey, keystoreEntry({ alias: 'own', subjectDn: 'CN=a', issuerDn: 'CN=ca' })]) {
      assert.throws(
        () => refuseCertificate(certificateOfEntry(entry), { caller: 'outside', isCa: false }),
        explains('tenant-key', /Create Local Key Pair and Signing Request…/),
      );
      refuseCertificate(certificateOfEntry(entry), { caller: 'cloudIntegration', isCa: false });
    }
  });

  it('a self-signed certificate, unless it can be signed here', () => {
    const names = { subjectDn: 'CN=a', issuerDn: 'CN=a' };
    const certificate = certificateOfEntry(keystoreEntry({ alias: 'c', type: 'Certificate', ...names }));
    assert.throws(
      () => refuseCertificate(certificate, { caller: 'outside', isCa: false }),
      explains('self-signed', /Have its signing request signed/),
    );
    const pair = certificateOfEntry(keystoreEntry({ alias: 'pair', ...names }));
    refuseCertificate(pair, { caller: 'cloudIntegration', isCa: false });
  });

  it('the certificate of an authority', () => {
    const certificate = certificateOfEntry(
      keystoreEntry({ alias: 'c', type: 'Certificate', subjectDn: 'CN=ca', issuerDn: 'CN=root' }),
    );
    assert.throws(
      () => refuseCertificate(certificate, { caller: 'outside', isCa: true }),
      explains('authority', /Choose the sender's own certificate/),
    );
  });
});
