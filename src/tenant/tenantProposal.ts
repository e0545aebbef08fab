import { isLoopbackHost } from '../http/httpAddress.js';
import { checkTenantUrl, neoAccount, type Stage } from './tenantAddress.js';

/** The token endpoint that belongs to a tenant's host where its form tells; a proposal, the service key decides. */
export function proposeTokenUrl(url: string): string | undefined {
  const { hostname } = new URL(checkTenantUrl(url));
  const neo = neoAccount(hostname);
  if (neo !== undefined) {
    return `https://oauthasservices-${neo.account}.${neo.landscapeHost}/oauth2/api/v1/token`;
  }
  const [, subdomain, region, domain] = /^([^.]+)\.it-[^.]+\.cfapps\.([^.]+)\.(.+)$/.exec(hostname) ?? [];
  return subdomain === undefined || region === undefined || domain === undefined
    ? undefined
    : `https://${subdomain}.authentication.${region.replace(/-\d{3}$/, '')}.${domain}/oauth/token`;
}

/** A name and a stage for a new connection, told from its host. */
export function proposeNameAndStage(url: string): { name: string; stage: Stage | undefined } {
  const { hostname } = new URL(checkTenantUrl(url));
  const label = /^[\d.[\]:]+$/.test(hostname) ? hostname : (hostname.split('.')[0] ?? hostname);
  const name = neoAccount(hostname)?.account ?? label;
  return { name, stage: isLoopbackHost(hostname) ? undefined : stageOf(name, hostname) };
}

const stageWords: Readonly<Record<Stage, RegExp>> = {
  DEV: /^(?:d|dev|devel|development|sandbox|sbx|trial|poc|demo)\d*$/,
  QA: /^(?:q|qa|qas|quality|t|tst|test|testing|uat|stage|staging|int|integration|pre|preprod)\d*$/,
  PRD: /^(?:p|prd|prod|production|productive|live)\d*$/,
};
const stageEndings: Readonly<Record<Stage, RegExp>> = {
  DEV: /(?:dev|trial)\d*$/,
  QA: /(?:qas|uat)\d*$/,
  PRD: /(?:prd|prod)\d*$/,
};

function stageOf(name: string, hostname: string): Stage | undefined {
  const words = name.toLowerCase().split(/[-_]/);
  const named = stagesFitting((stage) => words.some((word) => stageWords[stage].test(word)));
  const ended = stagesFitting((stage) => words.some((word) => stageEndings[stage].test(word)));
  const found = named.length > 0 ? named : ended;
  if (found.length > 1) {
    return undefined;
  }
  return found[0] ?? (/^[^.]+\.it-[^.]*trial/.test(hostname) ? 'DEV' : undefined);
}

function stagesFitting(fits: (stage: Stage) => boolean): readonly Stage[] {
  return (['DEV', 'QA', 'PRD'] as const).filter(fits);
}
