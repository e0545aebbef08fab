import * as l10n from '@vscode/l10n';

/** What to do with a private key of a program whose form SAP does not take. */
export function foreignKeyText(name: string, format: 'openssh' | 'putty' | 'ssh.com'): string {
  return format === 'putty'
    ? l10n.t(
        '"{0}" is a private key of PuTTY. Export it with PuTTYgen in the form of OpenSSH, and that one as PEM with ssh-keygen.',
        name,
      )
    : l10n.t(
        '"{0}" is a private key for SSH. Make a copy of it, and turn the copy into PEM with: ssh-keygen -p -m PEM -f <copy>',
        name,
      );
}
