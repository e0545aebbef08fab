import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import { displayName } from '../../pki/distinguishedName.js';
import { encodePem } from '../../pki/pem.js';
import { singleLineText } from '../../ui/visibleText.js';
import { findInbound } from '../../services/inboundState.js';
import type { ActionContext, Environment } from '../environment.js';
import { inboundTargetOf } from '../inboundTargets.js';
import { mappingAtHand, mappingOfRow } from '../userMapping/chooseMapping.js';
import { chooseKey } from './chooseKey.js';
import type { InboundPorts } from './ports.js';

/** What can be copied of a service key; all of it is public. */
export type InboundFact = 'name' | 'subject' | 'issuer' | 'fingerprint' | 'pem';

/** Copies one fact of a service key or a mapping, or the name of an instance; that of a mapping is its user. */
export async function copyInbound(
  environment: Environment,
  argument: unknown,
  ports: InboundPorts,
  options: { readonly title: string; readonly fact: InboundFact },
  context: ActionContext,
): Promise<void> {
  const { prompts } = environment;
  const target = inboundTargetOf(argument);
  if (options.fact === 'name' && target?.kind === 'serviceInstance') {
    const instance = findInbound(ports.clients.data(target.tenantId), target.instanceGuid);
    if (instance !== undefined) {
      await prompts.writeClipboard(singleLineText(instance.name));
      prompts.note(l10n.t('Copied from "{0}".', instance.name));
      return;
    }
  }
  if (mappingOfRow(argument) !== undefined) {
    const mapping = await mappingAtHand(environment, argument, ports, { title: options.title, context });
    await copy(mapping.user, mapping.certificate, mapping.unreadable ?? '');
    return;
  }
  const { key } = await chooseKey(environment, argument, ports, options, context);
  const { reading } = key;
  await copy(
    key.name,
    reading.kind === 'read' ? reading.content.certificates[0] : undefined,
    reading.kind === 'notReadable'
      ? reading.reason
      : l10n.t('The service key "{0}" holds no certificate that can be read.', key.name),
  );

  async function copy(name: string, certificate: Certificate | undefined, why: string): Promise<void> {
    await prompts.writeClipboard(textOf(options.fact, name, certificate, why));
    prompts.note(l10n.t('Copied from "{0}".', name));
  }
}

function textOf(fact: InboundFact, name: string, certificate: Certificate | undefined, why: string): string {
  if (fact === 'name') {
    return singleLineText(name);
  }
  if (certificate === undefined) {
    throw new KeystoreError('refused', 'there is no readable certificate', { details: { explanation: why } });
  }
  switch (fact) {
    case 'subject':
      return singleLineText(displayName(certificate.subject));
    case 'issuer':
      return singleLineText(displayName(certificate.issuer));
    case 'fingerprint':
      return (certificate.sha256.match(/../g) ?? []).join(':').toUpperCase();
    case 'pem':
      return encodePem('CERTIFICATE', certificate.der);
  }
}
