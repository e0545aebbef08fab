import { createPrivateKey } from 'node:crypto';
import { checkStringTypes, parseName } from '../../../src/pki/distinguishedName.js';
import { type KeyUsage, keyUsageNames } from '../../../src/pki/extensions.js';
import { type GeneralNameInput } from '../../../src/pki/generalName.js';
import { keyPurposeNames } from '../../../src/pki/oids.js';
import { encodePem } from '../../../src/pki/pem.js';
import { readPrivateKey } from '../../../src/pki/privateKey.js';
import { writeSigningRequest } from '../../../src/pki/signingRequest.js';
import { type Operation, type OperationRequest, badRequest } from '../operation.js';

/** `csr-write`: a signing request for a key. */
export const csrWrite: Operation = async (request, { keyDerivation }) => {
  const key = await readPrivateKey(new TextEncoder().encode(request.text('key')), {
    password: request.optionalText('password'),
    derivation: keyDerivation,
  });
  const der = writeSigningRequest({
    subject: checkStringTypes(parseName(request.text('subject'))),
    privateKey: createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' }),
    subjectAltNames: request.list('subjectAltNames').map(alternativeName),
    keyUsage: keyUsages(request),
    // Where the request says nothing, what the product takes as its default; an empty list is none.
    ...(Array.isArray(request.value('extendedKeyUsage'))
      ? { extendedKeyUsage: request.texts('extendedKeyUsage').map(purpose) }
      : {}),
  });
  return { pem: encodePem('CERTIFICATE REQUEST', der) };
};

const nameTypes = ['DNS', 'IP', 'email', 'URI', 'DirName', 'RID'] as const;

/** `{type, value}` as the other operations answer it, or `DNS:value` as openssl writes it. */
function alternativeName(value: unknown): GeneralNameInput {
  const [type, text] =
    typeof value === 'string'
      ? [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)]
      : typeof value === 'object' && value !== null && 'type' in value && 'value' in value
        ? [String(value.type), String(value.value)]
        : ['', ''];
  const known = nameTypes.find((name) => name.toLowerCase() === type.toLowerCase());
  if (known === undefined) {
    throw badRequest(`no alternative name of the type ${type}`);
  }
  return { type: known, value: text };
}

function keyUsages(request: OperationRequest): readonly KeyUsage[] {
  return request.texts('keyUsage').map((text) => {
    const usage = keyUsageNames.find((name) => name.toLowerCase() === text.toLowerCase());
    if (usage === undefined) {
      throw badRequest(`no key usage ${text}`);
    }
    return usage;
  });
}

function purpose(text: string): string {
  for (const [oid, name] of keyPurposeNames) {
    if (name.toLowerCase() === text.toLowerCase()) {
      return oid;
    }
  }
  return text;
}
