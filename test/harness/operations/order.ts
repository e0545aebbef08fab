import { orderChain } from '../../../src/pki/chain.js';
import { readCertificates } from '../../../src/pki/container.js';
import { type Operation } from '../operation.js';

/** `order`: the chain that certificates in any order make. */
export const order: Operation = (request) => {
  const { leaf, chain, strangers, missingIssuer } = orderChain(
    readCertificates(request.bytes()).certificates,
  );
  return {
    leaf: leaf?.sha256 ?? null,
    chain: chain.map(({ sha256 }) => sha256),
    strangers: strangers.map(({ sha256 }) => sha256),
    missingIssuer: missingIssuer ?? null,
  };
};
