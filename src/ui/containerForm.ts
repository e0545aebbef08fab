import * as l10n from '@vscode/l10n';
import type { ContainerForm } from '../pki/container.js';

/** The form of a file of certificates as a person names it: "PKCS#7, PEM". */
export function containerFormText(form: ContainerForm): string {
  const names: Readonly<Record<ContainerForm, string>> = {
    pem: 'PEM',
    der: 'DER',
    base64: 'base64',
    'pkcs7-pem': 'PKCS#7, PEM',
    'pkcs7-der': 'PKCS#7, DER',
    'pkcs7-base64': 'PKCS#7, base64',
    pkipath: l10n.t('PKI path'),
    zip: 'ZIP',
    text: l10n.t('text'),
  };
  return names[form];
}
