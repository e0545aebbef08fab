import { KeystoreError } from '../errors.js';
import { encodePem } from '../pki/pem.js';
import { writeCertificatesOnly } from '../pki/pkcs7.js';
import { writePkiPath } from '../pki/pkiPath.js';
import { readSigningRequest } from '../pki/signingRequest.js';
import { PracticeAuthority, spkiOf } from './authority.js';
import { makeKeys } from './keys.js';
import { PracticeFiles } from './practiceFiles.js';

/** A form in which CAs send their signing responses. */
export type PracticeForm = 'pkcs7-pem' | 'pkcs7-der' | 'pkcs7-base64' | 'pem' | 'der' | 'pkipath' | 'spc';

/** What is wrong with a response on purpose. */
export type PracticeFault = 'another-key' | 'expired' | 'chain-missing' | 'reversed' | 'stranger';

const day = 86_400_000;

/**
 * Signs a request with the CA of this machine and gives the response in a form of choice. Throws `malformed` for what is no
 * request, and `refused` for one that was not signed with its own key.
 */
export async function signWithPracticeCa(options: {
  readonly directory: string;
  readonly csr: Uint8Array;
  readonly form: PracticeForm;
  readonly fault?: PracticeFault;
  readonly clock?: () => number;
}): Promise<Uint8Array> {
  const clock = options.clock ?? Date.now;
  const authority = await PracticeAuthority.open(new PracticeFiles(options.directory), clock);
  const request = readSigningRequest(options.csr);
  if (!request.signatureValid) {
    throw new KeystoreError('refused', 'The request was not signed with the key that it names');
  }
  const { fault } = options;
  const another =
    fault === 'another-key' ? await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' }) : undefined;
  const now = clock();
  const leaf = authority.issue({
    subject: request.subject,
    spki: another === undefined ? request.spki : spkiOf(another),
    notBefore: new Date(now - (fault === 'expired' ? 400 : 1) * day),
    notAfter: new Date(now + (fault === 'expired' ? -35 : 365) * day),
  });
  const chain = [leaf, authority.intermediate.certificate.der, authority.root.certificate.der];
  switch (fault) {
    case 'chain-missing':
      return inForm([leaf], options.form);
    case 'reversed':
      return inForm(chain.reverse(), options.form);
    case 'stranger':
      return inForm([...chain, authority.stranger.certificate.der], options.form);
    default:
      return inForm(chain, options.form);
  }
}

function inForm(certificates: readonly Uint8Array[], form: PracticeForm): Uint8Array {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  switch (form) {
    case 'pkcs7-pem':
      return text(encodePem('PKCS7', writeCertificatesOnly(certificates)));
    case 'pkcs7-base64':
      return text(`${Buffer.from(writeCertificatesOnly(certificates)).toString('base64')}\n`);
    case 'pkcs7-der':
    case 'spc':
      return writeCertificatesOnly(certificates);
    case 'pem':
      return text(certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
    case 'der':
      return Uint8Array.from(Buffer.concat(certificates));
    case 'pkipath':
      return writePkiPath(certificates);
  }
}
