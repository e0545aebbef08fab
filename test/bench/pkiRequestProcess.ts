import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseName } from '../../src/pki/distinguishedName.js';
import { encodePem } from '../../src/pki/pem.js';
import { writeSigningRequest } from '../../src/pki/signingRequest.js';

// What "openssl req" does, as a process: key file in, request file out.
const [, , keyFile = '', requestFile = ''] = process.argv;
const der = writeSigningRequest({
  subject: parseName('CN=client,O=Example,C=DE'),
  privateKey: createPrivateKey(readFileSync(keyFile)),
  subjectAltNames: [{ type: 'DNS', value: 'client.example.org' }],
});
writeFileSync(requestFile, encodePem('CERTIFICATE REQUEST', der));
