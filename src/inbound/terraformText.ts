import { isArray, isObject, type JsonObject } from '../http/checked.js';
import { visibleText } from '../pki/visibleText.js';
import type { MappingPlace, MappingStep } from './mappingTexts.js';
import { processIntegrationRuntime } from './serviceInstanceParameters.js';

/** Providers that have the needed resources. */
export type TerraformProvider = 'cloudfoundry' | 'btp';

/** The values of a text to copy that only a person can give. */
type Block = readonly string[];

/**
 * The steps as a Terraform configuration: resources for what is created or changed, data sources for what is there. A deletion
 * is the absence of its resource, so a comment says so; the notes are comments at the beginning. Written in the form that `terraform fmt` leaves as it is.
 */
export function terraformText(
  steps: readonly MappingStep[],
  place: MappingPlace,
  provider: TerraformProvider,
  notes: readonly string[] = [],
): string {
  const dialect = provider === 'cloudfoundry' ? cloudFoundry(place) : btp;
  const made = new Map<string, string>();
  const needed = new Map<string, Block>();
  const blocks = steps.map((step, index): Block => {
    const label = index === 0 ? 'inbound' : `inbound_${index + 1}`;
    switch (step.kind) {
      case 'createInstance':
        made.set(step.name, dialect.instance(label));
        needed.set(`plan ${step.plan}`, dialect.plan(step.plan));
        return dialect.newInstance({ label, name: step.name, plan: step.plan, parameters: step.parameters });
      case 'updateInstance':
        return [
          '# The instance exists: put these parameters into its resource, or import it first.',
          ...assignments([['parameters', encoded(step.parameters, 0)]], '').map((line) => `# ${line}`),
        ];
      case 'createKey': {
        const existing = `existing_${label}`;
        if (!made.has(step.instance)) {
          made.set(step.instance, `data.${dialect.instance(existing)}`);
          needed.set(`instance ${step.instance}`, dialect.existingInstance(existing, step.instance));
        }
        return dialect.newKey({
          label,
          name: step.name,
          instance: made.get(step.instance) ?? '',
          parameters: step.parameters,
        });
      }
      case 'deleteKey':
        return [
          `# Remove the resource of the service key ${hclString(step.name)}: Terraform deletes what is not written any more.`,
        ];
    }
  });
  const said = notes.length === 0 ? [] : [notes.map((note) => `# ${visibleText(note)}`)];
  return `${[...said, ...dialect.head, ...needed.values(), ...blocks].map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** A string of HCL: templates are spelt out, so that nothing in it is evaluated. */
export function hclString(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(
      /[\p{Cc}\u2028\u2029]/gu,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    )
    .replace(/([$%])\{/g, '$1$1{');
  return `"${escaped}"`;
}

interface Dialect {
  readonly head: readonly Block[];
  readonly plan: (plan: string) => Block;
  readonly existingInstance: (label: string, name: string) => Block;
  /** Address of an instance's resource. */
  readonly instance: (label: string) => string;
  readonly newInstance: (wish: {
    readonly label: string;
    readonly name: string;
    readonly plan: string;
    readonly parameters: JsonObject;
  }) => Block;
  readonly newKey: (wish: {
    readonly label: string;
    readonly name: string;
    readonly instance: string;
    readonly parameters: JsonObject;
  }) => Block;
}

const stateComment =
  '# The state of Terraform will hold what the key holds, its secrets included: keep it safe.';

function cloudFoundry({ apiUrl, organization, space }: MappingPlace): Dialect {
  return {
    head: [
      ...providerBlocks(
        'cloudfoundry',
        'cloudfoundry/cloudfoundry',
        apiUrl === undefined ? [] : [['api_url', hclString(apiUrl)]],
      ),
      ...(organization === undefined ? [variable('organization')] : []),
      ...(space === undefined ? [variable('space')] : []),
      block('data "cloudfoundry_org" "organization"', [
        ['name', organization === undefined ? 'var.organization' : hclString(organization)],
      ]),
      block('data "cloudfoundry_space" "space"', [
        ['name', space === undefined ? 'var.space' : hclString(space)],
        ['org', 'data.cloudfoundry_org.organization.id'],
      ]),
    ],
    plan: (plan) =>
      block(`data "cloudfoundry_service_plan" "${planLabel(plan)}"`, [
        ['name', hclString(plan)],
        ['service_offering_name', hclString(processIntegrationRuntime.offering)],
      ]),
    existingInstance: (label, name) =>
      block(`data "cloudfoundry_service_instance" "${label}"`, [
        ['name', hclString(name)],
        ['space', 'data.cloudfoundry_space.space.id'],
      ]),
    instance: (label) => `cloudfoundry_service_instance.${label}`,
    newInstance: ({ label, name, plan, parameters }) =>
      block(`resource "cloudfoundry_service_instance" "${label}"`, [
        ['name', hclString(name)],
        ['type', '"managed"'],
        ['space', 'data.cloudfoundry_space.space.id'],
        ['service_plan', `data.cloudfoundry_service_plan.${planLabel(plan)}.id`],
        ['parameters', encoded(parameters, 2)],
      ]),
    newKey: ({ label, name, instance, parameters }) => [
      stateComment,
      ...block(`resource "cloudfoundry_service_credential_binding" "${label}"`, [
        ['name', hclString(name)],
        ['type', '"key"'],
        ['service_instance', `${instance}.id`],
        ['parameters', encoded(parameters, 2)],
      ]),
    ],
  };
}

const btp: Dialect = {
  head: [
    ...providerBlocks('btp', 'SAP/btp', [['globalaccount', 'var.globalaccount']]),
    variable('globalaccount'),
    variable('subaccount_id'),
  ],
  plan: (plan) =>
    block(`data "btp_subaccount_service_plan" "${planLabel(plan)}"`, [
      ['subaccount_id', 'var.subaccount_id'],
      ['offering_name', hclString(processIntegrationRuntime.offering)],
      ['name', hclString(plan)],
    ]),
  existingInstance: (label, name) =>
    block(`data "btp_subaccount_service_instance" "${label}"`, [
      ['subaccount_id', 'var.subaccount_id'],
      ['name', hclString(name)],
    ]),
  instance: (label) => `btp_subaccount_service_instance.${label}`,
  newInstance: ({ label, name, plan, parameters }) => [
    '# This provider creates the instance in the subaccount itself, outside of Cloud Foundry spaces.',
    ...block(`resource "btp_subaccount_service_instance" "${label}"`, [
      ['subaccount_id', 'var.subaccount_id'],
      ['serviceplan_id', `data.btp_subaccount_service_plan.${planLabel(plan)}.id`],
      ['name', hclString(name)],
      ['parameters', encoded(parameters, 2)],
    ]),
  ],
  newKey: ({ label, name, instance, parameters }) => [
    stateComment,
    ...block(`resource "btp_subaccount_service_binding" "${label}"`, [
      ['subaccount_id', 'var.subaccount_id'],
      ['service_instance_id', `${instance}.id`],
      ['name', hclString(name)],
      ['parameters', encoded(parameters, 2)],
    ]),
  ],
};

type Assignment = readonly [name: string, value: string];

function providerBlocks(name: string, source: string, settings: readonly Assignment[]): readonly Block[] {
  return [
    [
      'terraform {',
      '  required_providers {',
      `    ${name} = {`,
      `      source = "${source}"`,
      '    }',
      '  }',
      '}',
    ],
    settings.length === 0 ? [`provider "${name}" {}`] : block(`provider "${name}"`, settings),
  ];
}

function variable(name: string): Block {
  return block(`variable "${name}"`, [['type', 'string']]);
}

function block(head: string, content: readonly Assignment[]): Block {
  return [`${head} {`, ...assignments(content, '  '), '}'];
}

/** Signs of equality stand below each other in a run of lines; a value of several lines ends the run. */
function assignments(content: readonly Assignment[], indent: string): readonly string[] {
  const isLong = (value: string): boolean => value.includes('\n');
  const runs: Assignment[][] = [];
  for (const assignment of content) {
    const last = runs.at(-1);
    if (last === undefined || isLong(assignment[1]) || last.some(([, value]) => isLong(value))) {
      runs.push([assignment]);
    } else {
      last.push(assignment);
    }
  }
  return runs.flatMap((run) => {
    const width = Math.max(...run.map(([name]) => name.length));
    return run.flatMap(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`.split('\n'));
  });
}

function encoded(parameters: JsonObject, indent: number): string {
  return `jsonencode(${hclValue(parameters, indent)})`;
}

function hclValue(value: unknown, indent: number): string {
  if (isArray(value)) {
    return `[${value.map((one) => hclValue(one, indent)).join(', ')}]`;
  }
  if (isObject(value)) {
    const content = Object.entries(value).map(([name, one]): Assignment => [
      hclString(name),
      hclValue(one, indent + 2),
    ]);
    return content.length === 0
      ? '{}'
      : ['{', ...assignments(content, ' '.repeat(indent + 2)), `${' '.repeat(indent)}}`].join('\n');
  }
  return typeof value === 'string' ? hclString(value) : JSON.stringify(value ?? null);
}

function planLabel(plan: string): string {
  return `plan_${plan.replace(/[^A-Za-z0-9]+/g, '_')}`;
}
