import * as l10n from '@vscode/l10n';
import { displayName } from '../pki/distinguishedName.js';
import { encodePem } from '../pki/pem.js';
import { visibleText } from '../pki/visibleText.js';
import type { Certificate } from '../pki/certificate.js';
import { mappingId, sentCertificate } from '../tenant/certificateUserMappings.js';
import { quoteForBash } from './shellQuote.js';

/** A mapping that somebody else may make, as text to copy. Nothing in it is secret. */
export interface NeoMappingWish {
  /** Base address of the tenant, without `/api/v1`. */
  readonly tenantUrl: string;
  readonly leaf: Certificate;
  readonly user: string;
  /** The role that the endpoint asks for. */
  readonly role: string;
}

/** The calls of the API with curl 7.76 or later, for bash; the password is asked for by curl. */
export function curlCommands({ tenantUrl, leaf, user }: NeoMappingWish): string {
  const api = `${tenantUrl}/api/v1`;
  const id = mappingId(leaf.der);
  const body = JSON.stringify({ User: user, Certificate: sentCertificate(leaf.der) });
  const comment = (text: string): string => `# ${visibleText(text)}`;
  const curl = 'curl --silent --show-error --user "$SAP_USER"';
  const json = "--header 'Accept: application/json'";
  return [
    comment(l10n.t('Maps the certificate of {0} to the user {1}.', displayName(leaf.subject), user)),
    comment(l10n.t('Set SAP_USER to a user of the tenant who may change security material.')),
    ': "${SAP_USER:?}"',
    comment(
      l10n.t(
        'What is mapped now: an error 404 means nothing. SAP overwrites another user without a question.',
      ),
    ),
    `${curl} ${json} ${quoteForBash(`${api}/CertificateUserMappings(%27${id}%27)?$select=Id,User`)}`,
    'echo',
    comment(l10n.t('A token against cross-site requests, then the mapping.')),
    'cookies=$(mktemp)',
    `token=$(${curl} --fail --cookie-jar "$cookies" --header 'X-CSRF-Token: Fetch' --dump-header - --output /dev/null ${quoteForBash(`${api}/`)} | tr -d '\r' | sed -n 's/^[Xx]-[Cc][Ss][Rr][Ff]-[Tt][Oo][Kk][Ee][Nn]: *//p')`,
    `${curl} --fail-with-body --cookie "$cookies" --header "X-CSRF-Token: $token" --header 'Content-Type: application/json' ${json} --data ${quoteForBash(body)} ${quoteForBash(`${api}/CertificateUserMappings`)}`,
    'rm -f "$cookies"',
    '',
  ].join('\n');
}

/** The mapping in the tenant's own pages, and the role in the cockpit; names of fields as SAP's pages show them. */
export function neoCockpitSteps({ leaf, user, role }: NeoMappingWish): string {
  const lines = [
    l10n.t('Save the certificate below in a file with the ending .cer.'),
    l10n.t(
      'Open the web pages of the tenant: Monitor, then under Manage Security the tile Certificate-to-User Mappings.',
    ),
    l10n.t(
      'Look whether a row holds this certificate already ({0}): adding it again changes its user without a question.',
      displayName(leaf.subject),
    ),
    l10n.t('Choose Add. User Name: {0}. File: the certificate. Choose OK.', user),
    l10n.t(
      'Open the subaccount of the tenant in the SAP BTP cockpit: Security > Authorizations. Enter the user {0}, spelled exactly so, and choose Assign.',
      user,
    ),
    l10n.t('Application: the one that ends in iflmap. Role: {0}. Save.', role),
  ];
  return `${lines.map((line, index) => `${index + 1}. ${visibleText(line)}`).join('\n')}\n\n${encodePem('CERTIFICATE', leaf.der)}`;
}
