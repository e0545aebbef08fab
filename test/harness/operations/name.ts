import { formatName, parseName } from '../../../src/pki/distinguishedName.js';
import { type Operation } from '../operation.js';

/** `name`: a distinguished name, read and written. */
export const name: Operation = (request) => {
  const parsed = parseName(request.text('rfc4514'));
  return {
    rdns: parsed.rdns.map((rdn) => rdn.map(({ oid, value }) => ({ oid, value }))),
    formatted: formatName(parsed),
  };
};
