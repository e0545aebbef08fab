import * as l10n from '@vscode/l10n';
import type { JsonObject } from '../http/checked.js';
import { processIntegrationRuntime } from './serviceInstanceParameters.js';
import { visibleText } from '../pki/visibleText.js';
import { powerShellBlock, quoteFor, type Shell } from './shellQuote.js';

/** One change that somebody else may make elsewhere, as text to copy. Nothing in it is secret. */
export type MappingStep =
  | {
      readonly kind: 'createInstance';
      readonly name: string;
      readonly plan: string;
      readonly parameters: JsonObject;
    }
  | { readonly kind: 'updateInstance'; readonly name: string; readonly parameters: JsonObject }
  | {
      readonly kind: 'createKey';
      readonly instance: string;
      readonly name: string;
      readonly parameters: JsonObject;
    }
  | { readonly kind: 'deleteKey'; readonly instance: string; readonly name: string };

/** Where the changes are to be made, as far as it is known. */
export interface MappingPlace {
  readonly apiUrl: string | undefined;
  readonly organization: string | undefined;
  readonly space: string | undefined;
}

/**
 * The steps as commands of the `cf` tool, version 8 or later, one a line, for this shell. The notes come before them, for bash as
 * commands that print them: a shell that is pasted into may take no comments, and would run what stands in one.
 */
export function cfCommands(
  steps: readonly MappingStep[],
  place: MappingPlace,
  shell: Shell,
  notes: readonly string[] = [],
): string {
  const command = (...args: readonly string[]): string =>
    ['cf', ...args.map((argument) => quoteFor(shell, argument))].join(' ');
  const { apiUrl, organization, space } = place;
  const { offering } = processIntegrationRuntime;
  const lines = [
    command('login', ...(apiUrl === undefined ? [] : ['-a', apiUrl]), '--sso'),
    ...(organization === undefined || space === undefined
      ? []
      : [command('target', '-o', organization, '-s', space)]),
    ...notes
      .map(visibleText)
      .map((note) => (shell === 'bash' ? `echo ${quoteFor(shell, note)}` : `# ${note}`)),
    ...steps.map((step) => {
      switch (step.kind) {
        case 'createInstance':
          return command(
            'create-service',
            offering,
            step.plan,
            step.name,
            '-c',
            json(step.parameters),
            '--wait',
          );
        case 'updateInstance':
          return command('update-service', step.name, '-c', json(step.parameters), '--wait');
        case 'createKey':
          return command(
            'create-service-key',
            step.instance,
            step.name,
            '-c',
            json(step.parameters),
            '--wait',
          );
        case 'deleteKey':
          return command('delete-service-key', step.instance, step.name, '--wait');
      }
    }),
  ];
  return `${(shell === 'bash' ? lines : powerShellBlock(lines)).join('\n')}\n`;
}

/** The steps as clicks in the cockpit, the notes after them; names of fields as SAP's pages show them. */
export function cockpitSteps(
  steps: readonly MappingStep[],
  place: MappingPlace,
  notes: readonly string[] = [],
): string {
  const lines = [
    place.space === undefined || place.organization === undefined
      ? l10n.t(
          'Open the subaccount of the tenant in the SAP BTP cockpit, then Services > Instances and Subscriptions.',
        )
      : l10n.t(
          'Open the subaccount of the organization "{0}" in the SAP BTP cockpit, then Services > Instances and Subscriptions. The space is "{1}".',
          place.organization,
          place.space,
        ),
    ...steps.flatMap(cockpitStep),
  ];
  const numbered = lines.map((line, index) => `${index + 1}. ${line}`);
  const after = notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${visibleText(note)}`)];
  return `${[...numbered, ...after].join('\n')}\n`;
}

function cockpitStep(step: MappingStep): readonly string[] {
  switch (step.kind) {
    case 'createInstance':
      return [
        l10n.t(
          'Choose Create. Service: SAP Process Integration Runtime. Plan: {0}. Runtime Environment: Cloud Foundry. Instance Name: {1}.',
          step.plan,
          step.name,
        ),
        l10n.t('Choose Next, then JSON, and enter: {0}', json(step.parameters)),
        l10n.t('Choose Create, and wait until the status is Created.'),
      ];
    case 'updateInstance':
      return [
        l10n.t('In the row of the instance "{0}" choose ... > Update, then Next, then JSON.', step.name),
        l10n.t('Enter: {0}', json(step.parameters)),
        l10n.t('Choose Update Instance. A change of roles may take an hour to work.'),
      ];
    case 'createKey':
      return [
        l10n.t('In the row of the instance "{0}" choose ... > Create Service Key.', step.instance),
        l10n.t('Service Key Name: {0}.', step.name),
        ...keyFields(step.parameters),
        l10n.t('Choose Create.'),
      ];
    case 'deleteKey':
      return [
        l10n.t(
          'In the instance "{0}" open its service keys, and in the row of "{1}" choose ... > Delete.',
          step.instance,
          step.name,
        ),
      ];
  }
}

/** Those of the form; the others as JSON. */
function keyFields(parameters: JsonObject): readonly string[] {
  const { 'key-type': type, 'X.509': certificate, validity, 'key-length': length, ...others } = parameters;
  const rest = Object.keys(others).length === 0 ? [] : [l10n.t('As JSON also: {0}', json(others))];
  if (type === 'certificate_external' && typeof certificate === 'string') {
    return [
      l10n.t(
        "Key Type: External Certificate. External Certificate: the sender's certificate alone, with real line breaks:",
      ),
      ...rest,
    ].map((line, index) => (index === 0 ? `${line}\n${certificate.trim()}` : line));
  }
  if (type === 'certificate') {
    return [
      l10n.t('Key Type: Certificate. Validity: {0} days. Key Size: {1}.', shown(validity), shown(length)),
      ...rest,
    ];
  }
  return [l10n.t('Key Type: ClientId/Secret.'), ...rest];
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '…';
}

function json(value: JsonObject): string {
  return JSON.stringify(value);
}
