import * as l10n from '@vscode/l10n';
import { KeystoreError } from '../../errors.js';
import { displayName } from '../../pki/distinguishedName.js';
import { encodePem } from '../../pki/pem.js';
import { singleLineText } from '../../ui/visibleText.js';
import { findInbound } from '../../services/inboundState.js';
import type { ActionContext, Environment } from '../environment.js';
import { inboundTargetOf } from '../inboundTargets.js';
import { chooseKey } from './chooseKey.js';
import type { InboundPorts } from './ports.js';

/** What can be copied of a service key; all of it is public. */
export type InboundFact = 'name' | 'subject' | 'issuer' | 'fingerprint' | 'pem';

/** Copies one fact of a service key, or the name of an instance. */
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
  const { key } = await chooseKey(environment, argument, ports, options, context);
  await prompts.writeClipboard(textOf(options.fact));
  prompts.note(l10n.t('Copied from "{0}".', key.name));

  function textOf(fact: InboundFact): string {
    if (fact === 'name') {
      return singleLineText(key.name);
    }
    const { reading } = key;
    const certificate = reading.kind === 'read' ? reading.content.certificates[0] : undefined;
    if (certificate === undefined) {
      throw new KeystoreError('refused', 'the key has no readable certificate', {
        details: {
          explanation:
            reading.kind === 'notReadable'
              ? reading.reason
              : l10n.t('The service key "{0}" holds no certificate that can be read.', key.name),
        },
      });
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
}
