import { type Operation } from './operation.js';
import { certificates } from './operations/certificates.js';
import { chain } from './operations/chain.js';
import { csr } from './operations/csr.js';
import { csrWrite } from './operations/csrWrite.js';
import { name } from './operations/name.js';
import { order } from './operations/order.js';
import { pkcs12 } from './operations/pkcs12.js';
import { pkcs12Write } from './operations/pkcs12Write.js';
import { privateKey } from './operations/privateKey.js';
import { ssh } from './operations/ssh.js';

/** Every operation by the name that a request gives it. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['certificates', certificates],
  ['chain', chain],
  ['csr', csr],
  ['csr-write', csrWrite],
  ['order', order],
  ['name', name],
  ['pkcs12', pkcs12],
  ['pkcs12-write', pkcs12Write],
  ['private-key', privateKey],
  ['ssh', ssh],
]);
