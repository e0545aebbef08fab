import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../errors.js';

/** The first four octets of Java's own keystores, JKS and JCEKS, which are neither ASN.1 nor text. */
const magicNumbers: ReadonlySet<string> = new Set(['feedfeed', 'cececece']);

/** Throws `unsupported` with the way out for a keystore of Java's own kind; since Java 9 keystores are PKCS#12, which is read. */
export function refuseJavaKeystore(bytes: Uint8Array): void {
  if (magicNumbers.has(Buffer.from(bytes.subarray(0, 4)).toString('hex'))) {
    throw new KeystoreError('unsupported', 'A Java keystore (JKS)', {
      details: {
        format: 'jks',
        explanation: l10n.t(
          'This is a Java keystore (JKS). Turn it into PKCS#12, which is read here: {0}',
          'keytool -importkeystore -srckeystore old.jks -destkeystore new.p12 -deststoretype PKCS12',
        ),
      },
    });
  }
}
