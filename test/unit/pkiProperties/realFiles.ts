import { execFileSync } from 'node:child_process';
import { openssl, type temporaryFolder } from '../pki/opensslTool.js';
import { zip } from '../pki/testZip.js';

/** The password of every file that has one; not ASCII, so that each way to encode it is met. */
export const password = 'gehe1m-ß';

/** One small file of every kind that is read, each written by openssl or ssh-keygen. */
export function makeRealFiles(folder: ReturnType<typeof temporaryFolder>): ReadonlyMap<string, Uint8Array> {
  const at = (name: string): string => folder.path(name);
  const run = (line: string, ...more: readonly string[]): void =>
    void openssl([
      ...line.split(' ').map((word) => (word.startsWith('@') ? at(word.slice(1)) : word)),
      ...more,
    ]);
  const secret = `pass:${password}`;
  const extensions = [
    ...['-addext', 'keyUsage=critical,digitalSignature,keyCertSign'],
    ...['-addext', 'extendedKeyUsage=clientAuth,emailProtection'],
    ...[
      '-addext',
      'subjectAltName=DNS:a.example.org,IP:fe80::1,email:a@b,URI:https://x/,dirName:dn,RID:1.2.3',
    ],
  ];
  const config = folder.write('cnf', '[req]\ndistinguished_name=d\n[d]\n[dn]\nCN=inner\n');
  const subject = ['-utf8', '-config', config, '-subj', '/C=DE/O=Größe + Co/CN=a'];
  run(
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout @ec.pem -out @ca.pem',
    ...subject,
    ...extensions,
    ...['-addext', 'nameConstraints=permitted;DNS:example.org,excluded;IP:10.0.0.0/255.0.0.0'],
    ...['-addext', 'certificatePolicies=1.2.3.4'],
    ...['-addext', 'crlDistributionPoints=URI:http://x/y'],
    ...['-addext', 'authorityInfoAccess=OCSP;URI:http://x/y'],
  );
  run('genrsa -traditional -out @rsa.pem 1024');
  run('req -new -key @rsa.pem -out @request.pem', ...subject, ...extensions);
  run('req -in @request.pem -outform DER -out @request.der');
  run('x509 -req -in @request.pem -CA @ca.pem -CAkey @ec.pem -copy_extensions copyall -out @leaf.pem');
  run('x509 -in @ca.pem -outform DER -out @ca.der');
  run('crl2pkcs7 -nocrl -certfile @ca.pem -certfile @leaf.pem -outform DER -out @chain.p7b');
  run('cms -sign -signer @ca.pem -inkey @ec.pem -nodetach -stream -outform DER -in @ec.pem -out @signed.ber');
  run('pkcs8 -topk8 -nocrypt -in @ec.pem -outform DER -out @ec.der');
  run('pkcs8 -topk8 -nocrypt -in @rsa.pem -outform DER -out @rsa.der');
  run('pkcs8 -topk8 -iter 2 -in @rsa.pem -outform DER -out @pbes2.der', '-passout', secret);
  run('pkcs8 -topk8 -v1 PBE-SHA1-3DES -iter 2 -in @ec.pem -out @pbes1.pem', '-passout', secret);
  run('pkcs8 -topk8 -scrypt -scrypt_N 2 -in @ec.pem -out @scrypt.pem', '-passout', secret);
  run('rsa -traditional -aes128 -in @rsa.pem -out @traditional.pem', '-passout', secret);
  run('dsaparam -genkey -noout -out @dsa.pem 1024');
  const pkcs12 = 'pkcs12 -export -inkey @rsa.pem -in @leaf.pem -certfile @ca.pem -name Größe -iter 2';
  run(`${pkcs12} -out @modern.p12`, '-passout', secret);
  run(`${pkcs12} -legacy -certpbe PBE-SHA1-RC2-40 -out @legacy.p12`, '-passout', secret);
  run('pkcs12 -export -nomac -nokeys -certpbe NONE -in @ca.pem -out @plain.p12', '-passout', 'pass:');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', 'x', '-C', 'me', '-f', at('id')]);
  run('rsa -in @rsa.pem -pubout -out @public.pem');
  const archive = zip([
    { name: 'ca.pem', bytes: folder.read('ca.pem') },
    { name: 'leaf.pem', bytes: folder.read('leaf.pem') },
  ]);
  const names = [
    ...['ca.pem', 'ca.der', 'leaf.pem', 'request.pem', 'request.der', 'chain.p7b', 'signed.ber'],
    ...['ec.pem', 'ec.der', 'rsa.pem', 'rsa.der', 'dsa.pem', 'pbes1.pem', 'pbes2.der', 'scrypt.pem'],
    ...['traditional.pem', 'modern.p12', 'legacy.p12', 'plain.p12', 'id', 'id.pub', 'public.pem'],
  ];
  return new Map([
    ...names.map((name) => [name, folder.read(name)] as const),
    ['base64.txt', new TextEncoder().encode(Buffer.from(folder.read('leaf.pem')).toString('base64'))],
    [
      'utf16.pem',
      Uint8Array.from(Buffer.from(`\ufeff${Buffer.from(folder.read('ca.pem')).toString()}`, 'utf16le')),
    ],
    ['archive.zip', archive],
  ]);
}
