import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import type { InboundFact } from '../inbound/copyInbound.js';
import type { InboundPorts } from '../inbound/ports.js';
import type { RenewPorts } from '../inbound/renewalPlace.js';
import { userMappingPorts } from './userMappings.js';
import { activeText, files, isUri, keyFiles } from '../workspacePorts.js';
import { keyPorts } from './cloudFoundry.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Who may call a tenant: the Inbound Clients view. */
export function inboundHandlers(tools: HandlerTools) {
  const { environment } = tools;
  const views = async () => await import('../inbound/viewInbound.js');
  const links = async () => await import('../inbound/links.js');
  const ports = async () => await inboundPorts(tools);
  const copy = (title: string, fact: InboundFact): CommandHandler => ({
    title,
    run: async (context, argument) => {
      const { copyInbound } = await import('../inbound/copyInbound.js');
      await copyInbound(environment, argument, await ports(), { title, fact }, context);
    },
  });
  return {
    [Command.inboundRefresh]: {
      title: l10n.t('Refresh Inbound Clients'),
      run: async (_, argument) => (await views()).refreshInbound(environment, argument, await ports()),
    },
    [Command.inboundReadAll]: {
      title: l10n.t('Read Certificates of All Keys'),
      run: async (context, argument) =>
        (await views()).readAllKeys(environment, argument, await ports(), context),
    },
    [Command.inboundAllSpaces]: {
      title: l10n.t('Look in Every Space'),
      run: async (_, argument) => (await views()).lookInSpaces(environment, argument, await ports(), true),
    },
    [Command.inboundOneSpace]: {
      title: l10n.t('Look in the Chosen Space Only'),
      run: async (_, argument) => (await views()).lookInSpaces(environment, argument, await ports(), false),
    },
    [Command.inboundShowKey]: {
      title: l10n.t('Show Service Key in Inbound Clients'),
      run: async (context, argument) => {
        const { showServiceKey } = await import('../inbound/showServiceKey.js');
        await showServiceKey(environment, argument, await ports(), context);
      },
    },
    [Command.inboundRevealEntry]: {
      title: l10n.t('Show Keystore Entry'),
      run: async (context, argument) =>
        (await links()).revealEntryOfKey(environment, argument, await ports(), context),
    },
    [Command.entryShowServiceKeys]: {
      title: l10n.t('Show Service Keys with This Certificate'),
      run: async (context, argument) =>
        (await links()).showServiceKeys(environment, argument, await ports(), context),
    },
    [Command.serviceKeyRenew]: {
      title: l10n.t('Renew Client Certificate'),
      run: async (context, argument) => {
        const { renewClientCertificate } = await import('../inbound/renew.js');
        await renewClientCertificate(environment, argument, await renewPorts(tools), context);
      },
    },
    [Command.renewalContinue]: {
      title: l10n.t('Continue Renewal'),
      run: async (context) => {
        const { continueRenewal } = await import('../inbound/renew.js');
        await continueRenewal(environment, await renewPorts(tools), context);
      },
    },
    [Command.inboundCopyName]: copy(l10n.t('Copy Name'), 'name'),
    [Command.inboundCopySubject]: copy(l10n.t('Copy Subject'), 'subject'),
    [Command.inboundCopyIssuer]: copy(l10n.t('Copy Issuer'), 'issuer'),
    [Command.inboundCopyFingerprint]: copy(l10n.t('Copy Fingerprint'), 'fingerprint'),
    [Command.inboundCopyPem]: copy(l10n.t('Copy as PEM'), 'pem'),
  } satisfies Record<string, CommandHandler>;
}

async function renewPorts(tools: HandlerTools): Promise<RenewPorts> {
  const [inbound, keys, userMappings, { Renewals }] = await Promise.all([
    inboundPorts(tools),
    keyPorts(tools),
    userMappingPorts(tools),
    import('../../services/renewals.js'),
  ]);
  return { inbound, keys, userMappings, renewals: new Renewals(tools.state) };
}

/** What these commands need of VS Code. */
export async function inboundPorts({ inbound, extensionPath }: HandlerTools): Promise<InboundPorts> {
  const { hostKeyDerivation } = await import('../../services/hostKeyDerivation.js');
  return {
    clients: await inbound.clients(),
    mappings: await inbound.mappings(),
    reveal: inbound.reveal,
    certificateFiles: keyFiles,
    openFile: async (uri) => {
      await vscode.commands.executeCommand('vscode.open', uri);
    },
    files,
    activeText,
    isUri,
    derivation: hostKeyDerivation(extensionPath),
  };
}
