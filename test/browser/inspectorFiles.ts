import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpensslPki } from '../support/opensslPki.js';
import { issue, newKey } from '../unit/pki/testAuthority.js';

/** Of the PKCS#12 files. */
export const password = 'pass word of the test';

/** A file of each kind that the inspector opens, made with openssl, and some that are hostile or broken. */
export function makeInspectorFiles(pki: OpensslPki, folder: string): void {
  const path = (name: string): string => join(folder, name);
  const root = pki.ca('/C=DE/O=Example/CN=Example Root CA');
  const issuing = pki.issue(root, '/C=DE/O=Example/CN=Example Issuing CA', { ca: true });
  const leaf = pki.issue(issuing, '/C=DE/O=ACME/OU=Integration/CN=orders.acme.example', {
    names: 'DNS:orders.acme.example,email:it@acme.example',
    usages: 'clientAuth,serverAuth',
  });
  writeFileSync(path('root.crt'), root.certificate);
  writeFileSync(path('leaf.crt'), leaf.certificate);
  writeFileSync(path('leaf.cer'), leaf.certificate);
  writeFileSync(path('leaf.der'), derOf(leaf.certificate));
  writeFileSync(path('chain.pem'), leaf.certificate + issuing.certificate + root.certificate);
  pkcs7(pki, path('chain.pem'), path('chain.p7c'));
  copyFileSync(path('leaf.der'), path('CAPITALS.DER'));
  copyFileSync(path('leaf.crt'), path('CAPITALS.CRT'));
  for (const name of ['chain.p7s', 'chain.spc', 'chain.p7b']) {
    copyFileSync(path('chain.p7c'), path(name));
  }
  const members = [root, issuing, leaf].map(({ certificate }) => derOf(certificate));
  writeFileSync(path('chain.pkipath'), sequenceOf(members));
  writeFileSync(path('private.key'), leaf.key);
  const request = ['req', '-new', '-key', path('private.key'), '-subj', '/CN=orders.acme.example'];
  pki.openssl([...request, '-out', path('request.csr')]);
  pki.openssl([...request, '-outform', 'DER', '-out', path('request.p10')]);
  pki.openssl(['pkey', '-in', path('private.key'), '-pubout', '-out', path('key.pub')]);
  const write = ['pkcs12', '-export', '-in', path('chain.pem'), '-inkey', path('private.key')];
  pki.openssl([...write, '-name', 'orders', '-passout', `pass:${password}`, '-out', path('orders.p12')]);
  pki.openssl(
    [...write, '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ['-passout', `pass:${password}`, '-out', path('old.pfx')],
  );
  const damaged = readFileSync(path('orders.p12'));
  damaged.fill(0xff, 30, 60);
  writeFileSync(path('damaged.p12'), damaged);
  writeFileSync(path('empty.der'), '');
  writeFileSync(path('words.der'), 'no certificate at all');
  const hostile = `\u202Egpj.exe <img src=x onerror=alert(1)> [x](command:workbench.action.quit) ${'W'.repeat(400)}`;
  const { certificate } = issue({ subject: `CN=${hostile.replace(/[<>]/g, '\\$&')},O=zero\u200Bwidth` });
  writeFileSync(path('hostile.der'), certificate.der);
  const key = newKey();
  const many = Array.from({ length: 300 }, (_, index) => issue({ subject: `CN=number ${index}`, key }));
  writeFileSync(path('many.pem'), many.map((one) => pemOf(one.certificate.der)).join(''));
  pkcs7(pki, path('many.pem'), path('many.p7c'));
}

function pkcs7(pki: OpensslPki, pem: string, target: string): void {
  pki.openssl(['crl2pkcs7', '-nocrl', '-certfile', pem, '-outform', 'DER', '-out', target]);
}

/** The bytes in a PEM block. */
export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function sequenceOf(members: readonly Buffer[]): Buffer {
  const content = Buffer.concat(members);
  return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 0xff]), content]);
}
