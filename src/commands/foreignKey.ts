import { KeystoreError } from '../errors.js';
import { foreignKeyText } from '../ui/foreignKeyText.js';

/** The failure of a file whose private key is in the form of another program, with the way out. */
export function foreignKey(name: string, format: 'openssh' | 'putty' | 'ssh.com'): KeystoreError {
  return new KeystoreError('unsupported', 'a private key of another program', {
    details: { format, explanation: foreignKeyText(name, format) },
  });
}
