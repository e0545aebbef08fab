import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import { repairChain, type RepairedChain } from '../../pki/chainRepair.js';
import type { KeyDerivation } from '../../pki/keyDerivation.js';
import { writePkcs12 } from '../../pki/pkcs12Writer.js';
import type { PrivateKeyInfo } from '../../pki/privateKeyInfo.js';
import type { FoundIssuer } from '../../services/issuers.js';
import { uploadLimits } from '../../tenant/keystoreClient.js';
import { placeOf } from '../chainText.js';
import { tenantPassword } from './tenantPassword.js';

/** A PKCS#12 container made for one tenant and one request. */
export interface KeyPairContainer {
  readonly pkcs12: Uint8Array;
  /** Random; known to nobody and kept nowhere. */
  readonly password: string;
  readonly repaired: RepairedChain;
}

/** The password is random and used once, so more rounds would protect nothing. */
const rounds = 2048;

/**
 * Makes the container that a tenant gets: one key and its chain in order, in the profile that every Java release opens. Where it is
 * too large with the root, it is made without. Throws `too-large`, and what writing PKCS#12 throws.
 */
export async function keyPairContainer(
  key: PrivateKeyInfo,
  certificates: readonly Certificate[],
  options: {
    readonly found: readonly FoundIssuer[];
    /** Which authorities count; a chain that leads to one is preferred. */
    readonly isListed: (certificate: Certificate) => boolean;
    readonly derivation: KeyDerivation;
    readonly signal: AbortSignal;
  },
): Promise<KeyPairContainer> {
  const limit = uploadLimits.keyPair;
  const { found, isListed, derivation, signal } = options;
  const password = tenantPassword();
  const make = async (root: 'add' | 'leaveOut'): Promise<KeyPairContainer> => {
    const repaired = repairChain(certificates, {
      leafSpkiSha256: key.spkiSha256,
      pool: found.map(({ certificate }) => certificate),
      root,
      from: placeOf(found),
      isListed,
    });
    const pkcs12 = await writePkcs12(
      {
        privateKey: key.pkcs8,
        certificates: repaired.chain.map(({ der }) => der),
        friendlyName: 'key-pair',
      },
      { password, profile: 'compatible', rounds, derivation, signal },
    );
    return { pkcs12, password, repaired };
  };
  const whole = await make('add');
  if (whole.pkcs12.length <= limit) {
    return whole;
  }
  const smaller = await make('leaveOut');
  if (smaller.pkcs12.length > limit) {
    throw new KeystoreError('too-large', 'the key pair exceeds the limit', {
      details: {
        explanation: l10n.t(
          'Key and chain have {0} bytes, without the root too; the tenant takes at most {1}.',
          smaller.pkcs12.length,
          limit,
        ),
      },
    });
  }
  return smaller;
}
