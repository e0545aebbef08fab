import * as l10n from '@vscode/l10n';
import { Command } from '../../contributions.js';
import { activeText, files, isUri, openText } from '../workspacePorts.js';
import type { CommandHandler, HandlerTools } from './handler.js';

/** Key pairs, signing requests and responses, and what can be saved of entries. */
export function keystoreHandlers({ environment, state, publicKeys }: HandlerTools) {
  const save = (title: string, part: 'certificate' | 'chain' | 'root'): CommandHandler => ({
    title,
    run: async (context, argument) => {
      const { saveCertificates } = await import('../saveCertificates.js');
      await saveCertificates(environment, argument, { part, title, files }, context);
    },
  });
  return {
    [Command.keyPairCreate]: {
      title: l10n.t('Create Key Pair'),
      run: async (context, argument) => {
        const [{ createKeyPair }, { SubjectMemory }] = await Promise.all([
          import('../createKeyPair.js'),
          import('../../services/subjectMemory.js'),
        ]);
        await createKeyPair(environment, argument, new SubjectMemory(state), context);
      },
    },
    [Command.signingRequestDownload]: {
      title: l10n.t('Download Signing Request'),
      run: async (context, argument) => {
        const { downloadSigningRequest } = await import('../downloadSigningRequest.js');
        await downloadSigningRequest(environment, argument, { files, openText }, context);
      },
    },
    [Command.signingResponseImport]: {
      title: l10n.t('Import Signing Response'),
      run: async (context, argument) => {
        const [{ importSigningResponse }, { issuerSourcesOf }, known] = await Promise.all([
          import('../importSigningResponse.js'),
          import('./localKeyPairs.js'),
          publicKeys(),
        ]);
        const issuerSources = await issuerSourcesOf(environment);
        const ports = { files, activeText, isUri, issuerSources, publicKeys: known };
        await importSigningResponse(environment, argument, ports, context);
      },
    },
    [Command.certificateSave]: save(l10n.t('Save Certificate'), 'certificate'),
    [Command.chainSave]: save(l10n.t('Save Chain'), 'chain'),
    [Command.rootCertificateSave]: save(l10n.t('Save Root Certificate'), 'root'),
  } satisfies Record<string, CommandHandler>;
}
