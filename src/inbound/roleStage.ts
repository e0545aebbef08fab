import * as l10n from '@vscode/l10n';
import { neoRolePlace, neoRoleText } from './neoRole.js';
import { matchingKeys, type MappedCertificate, type MappingFact } from './mappingStage.js';
import type { StageJudgement } from './stage.js';

/** Whether whom the mapping finds has the role that the endpoint asks for. */
export function roleStage(fact: MappingFact, certificate: MappedCertificate, role: string): StageJudgement {
  switch (fact.kind) {
    case 'notKnown':
      return { state: 'notKnown', reason: fact.reason };
    case 'neo':
      return fact.user === undefined
        ? { state: 'waits', reason: l10n.t('{0}: waits for the mapping.', role) }
        : {
            state: 'notKnown',
            reason: neoRoleText(fact.user, role),
            details: [neoRolePlace(fact.user, role)],
          };
    case 'serviceKeys': {
      const [first] = matchingKeys(fact.instances, certificate);
      if (first === undefined) {
        return { state: 'waits', reason: l10n.t('{0}: waits for the mapping.', role) };
      }
      const { name, grants } = first.placed.instance;
      if (grants.kind === 'notKnown') {
        return { state: 'notKnown', reason: grants.reason };
      }
      return grants.roles.includes(role)
        ? { state: 'ok', reason: l10n.t('The service instance "{0}" grants {1}.', name, role) }
        : {
            state: 'problem',
            reason: l10n.t(
              'The service instance "{0}" does not grant {1}: a call would get 403.',
              name,
              role,
            ),
            details: [
              grants.roles.length === 0
                ? l10n.t('It grants no role.')
                : l10n.t('It grants {0}.', grants.roles.join(', ')),
            ],
            next: 'changeRoles',
          };
    }
  }
}
