import * as l10n from '@vscode/l10n';
import { Cancelled, KeystoreError } from '../../errors.js';
import type { Certificate } from '../../pki/certificate.js';
import type { ActionContext, Environment } from '../environment.js';
import { askSource, readFileSource, type Source } from '../source.js';
import { entryIdOf } from '../targetIds.js';
import { chooseEntry } from '../targets.js';
import { certificateFileFilters, readParts, type PartsPorts } from './parts.js';
import { chooseCertificate } from './saveParts.js';

/** One of the two certificates, and where it is from. */
interface Side {
  readonly label: string;
  readonly certificate: Certificate;
}

/**
 * "Compare With…": two certificates field by field in the diff editor. Selected are up to two files or two entries; what is missing
 * is asked for, from a keystore, a file, the clipboard or the open editor.
 */
export async function compareCertificates(
  environment: Environment,
  selected: { readonly argument: unknown; readonly selection: unknown },
  ports: PartsPorts,
  context: ActionContext,
): Promise<void> {
  const title = l10n.t('Compare With');
  const given = selectedItems(selected);
  if (given.length > 2) {
    throw new KeystoreError('refused', 'more than two to compare', {
      details: { explanation: l10n.t('Select two to compare, or one; these are {0}.', given.length) },
    });
  }
  const compare = { environment, ports, context };
  const left = await sideOf(compare, given[0], title, l10n.t('First certificate'));
  const right = await sideOf(compare, given[1], title, l10n.t('Compare "{0}" with', left.label));
  const { prompts, navigator } = environment;
  if (left.certificate.sha256 === right.certificate.sha256) {
    const { formatFingerprint } = await import('../../pki/certificate.js');
    void prompts.inform(
      l10n.t(
        '"{0}" and "{1}" are the same certificate, byte by byte. SHA-256: {2}',
        left.label,
        right.label,
        formatFingerprint(left.certificate.sha256),
      ),
    );
    return;
  }
  const [{ describeCertificate }, { describeAsText }] = await Promise.all([
    import('../../pki/descriptionOfCertificate.js'),
    import('../../pki/descriptionText.js'),
  ]);
  const textOf = ({ label, certificate }: Side): { label: string; text: string } => ({
    label,
    text: describeAsText(describeCertificate(certificate), { sortedExtensions: true }),
  });
  await navigator.compareTexts(textOf(left), textOf(right));
}

/** What menus hand over: all that is selected, or the one that was clicked on. */
function selectedItems({
  argument,
  selection,
}: {
  argument: unknown;
  selection: unknown;
}): readonly unknown[] {
  const all: readonly unknown[] = Array.isArray(selection) ? selection : [];
  return all.length > 0 ? all : argument === undefined ? [] : [argument];
}

interface Compare {
  readonly environment: Environment;
  readonly ports: PartsPorts;
  readonly context: ActionContext;
}

async function sideOf(compare: Compare, item: unknown, title: string, placeholder: string): Promise<Side> {
  const { environment, ports } = compare;
  if (ports.isUri(item)) {
    return await sideOfSource(compare, await readFileSource(ports, item), title);
  }
  if (entryIdOf(item) !== undefined) {
    return await sideOfEntry(compare, item, title);
  }
  const answer = await environment.prompts.pick<'entry' | 'other'>({
    title,
    placeholder,
    items: [
      { label: l10n.t('An entry of a keystore…'), value: 'entry' },
      { label: l10n.t('A file, the clipboard or the open editor…'), value: 'other' },
    ],
  });
  if (answer.kind === 'back') {
    throw new Cancelled();
  }
  if (answer.value === 'entry') {
    return await sideOfEntry(compare, undefined, title);
  }
  const source = await askSource(environment.prompts, ports, {
    title,
    placeholder: l10n.t('Certificate'),
    filters: certificateFileFilters(),
  });
  return await sideOfSource(compare, source, title);
}

async function sideOfSource(
  { environment: { prompts }, ports, context }: Compare,
  source: Source,
  title: string,
): Promise<Side> {
  const { certificates, name } = await readParts(prompts, ports, { source, title }, context);
  if (certificates.length === 0) {
    throw new KeystoreError('malformed', 'no certificate in the file', {
      details: { explanation: l10n.t('"{0}" holds no certificate.', name) },
    });
  }
  return { label: name, certificate: await chooseCertificate(prompts, certificates, title) };
}

async function sideOfEntry(
  { environment, context }: Compare,
  argument: unknown,
  title: string,
): Promise<Side> {
  const { connection, entry } = await chooseEntry(environment, argument, { title, signal: context.signal });
  const { readCertificates } = await import('../../pki/container.js');
  const bytes = await context.withProgress(
    l10n.t('Reading the certificate of "{0}"', entry.alias),
    async ({ signal }) => {
      const { client } = await environment.keystores.access(connection.id);
      return await client.readCertificate(entry.hexalias, 'leaf', signal);
    },
  );
  const [certificate] = readCertificates(bytes).certificates;
  if (certificate === undefined) {
    throw new KeystoreError('bad-answer', 'the entry has no readable certificate');
  }
  return { label: `${entry.alias} (${connection.name})`, certificate };
}
