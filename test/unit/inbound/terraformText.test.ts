import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MappingPlace, MappingStep } from '../../../src/inbound/mappingTexts.js';
import { hclString, terraformText, type TerraformProvider } from '../../../src/inbound/terraformText.js';
import { jsonEncoded, literalOf, parseHcl, type HclBody } from '../../support/hcl.js';

/** Names as a hostile server or person could give them. */
const hostileNames: Readonly<Record<string, string>> = {
  'a quotation mark': 'a"b',
  'an interpolation': 'a${file("/etc/passwd")}b',
  'a directive': 'a%{ for x in y }b%{ endfor }',
  'escaped templates': '$${a} %%{b} $$${c} %%%{d}',
  'a line break': 'a\n}\nresource "x" "y" {\r\nb',
  'a backslash at the end': 'a\\',
  'backslashes before a mark': 'a\\"b\\\\"${c}\\',
  'an end of a heredoc and comments': 'EOF\n# a // b /* c */',
  'separators of lines and controls': 'a\u2028b\u2029c\u0000d\u0007e\u0085',
  'other scripts': 'Müller 東京 🔑',
  'all of them': 'x"${y}%{z}\\\n\t$${',
};

const places: readonly MappingPlace[] = [
  { apiUrl: undefined, organization: undefined, space: undefined },
  { apiUrl: 'https://api.cf.eu10.hana.ondemand.com', organization: 'acme', space: 'dev' },
];

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----';

/** Every kind of step, with the name wherever a name can stand. */
function stepsWith(name: string): readonly MappingStep[] {
  return [
    {
      kind: 'createInstance',
      name,
      plan: 'integration-flow',
      parameters: { roles: [name, 'ESBMessaging.send'], 'grant-types': [], [name]: { [name]: null } },
    },
    { kind: 'updateInstance', name, parameters: { roles: [name] } },
    {
      kind: 'createKey',
      instance: name,
      name: `${name}-1`,
      parameters: { 'key-type': 'certificate_external', 'X.509': certificate, 'pin-certificate': true },
    },
    { kind: 'createKey', instance: `${name}-2`, name: `${name}-3`, parameters: { validity: 365 } },
    { kind: 'deleteKey', instance: name, name },
  ];
}

describe('terraformText, read by the parser of HCL', () => {
  for (const provider of ['cloudfoundry', 'btp'] as const) {
    for (const [what, name] of Object.entries(hostileNames)) {
      it(`gives ${provider} every value back unchanged with ${what} in it`, async () => {
        for (const place of [...places, { apiUrl: name, organization: name, space: name }]) {
          await check(name, place, provider);
        }
      });
    }
  }

  it('spells any string so that it is read as it was', async () => {
    const pieces = fc.constantFrom(
      '$',
      '%',
      '{',
      '}',
      '"',
      '\\',
      '\n',
      '\r',
      '\t',
      '$${',
      '%%{',
      'a',
      ' ',
      '\u2028',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
        const text = parts.join('');
        const { value } = await parseHcl(`value = ${hclString(text)}\n`);
        assert.equal(literalOf(value), text);
      }),
      { numRuns: 200 },
    );
  });
});

async function check(name: string, place: MappingPlace, provider: TerraformProvider): Promise<void> {
  const steps = stepsWith(name);
  const body = await parseHcl(terraformText(steps, place, provider));
  const isBtp = provider === 'btp';
  assert.deepEqual(
    Object.keys(body).sort(),
    [
      'data',
      'provider',
      'resource',
      'terraform',
      ...(isBtp || place.space === undefined ? ['variable'] : []),
    ].sort(),
    'nothing else is in it',
  );
  const [instanceType, keyType] = isBtp
    ? ['btp_subaccount_service_instance', 'btp_subaccount_service_binding']
    : ['cloudfoundry_service_instance', 'cloudfoundry_service_credential_binding'];
  const { [instanceType]: instances, [keyType]: keys, ...otherResources } = member(body, 'resource');
  assert.deepEqual(otherResources, {});
  const [created, ownKey, otherKey] = steps.filter(({ kind }) => kind.startsWith('create'));
  assert.ok(
    created?.kind === 'createInstance' && ownKey?.kind === 'createKey' && otherKey?.kind === 'createKey',
  );

  const instance = only(instances, 'inbound');
  assert.equal(literalOf(instance['name']), name);
  assert.deepEqual(await jsonEncoded(instance['parameters']), created.parameters);
  assert.deepEqual(Object.keys(keys as object).sort(), ['inbound_3', 'inbound_4']);
  const existing = only(member(member(body, 'data'), instanceType), 'existing_inbound_4');
  assert.equal(literalOf(existing['name']), otherKey.instance);
  const instanceOf = isBtp ? 'service_instance_id' : 'service_instance';
  for (const [label, step, reference] of [
    ['inbound_3', ownKey, `\${${instanceType}.inbound.id}`],
    ['inbound_4', otherKey, `\${data.${instanceType}.existing_inbound_4.id}`],
  ] as const) {
    const key = only(keys, label);
    assert.equal(literalOf(key['name']), step.name);
    assert.equal(key[instanceOf], reference);
    assert.deepEqual(await jsonEncoded(key['parameters']), step.parameters);
  }
  if (!isBtp) {
    const [found] = (member(body, 'provider')['cloudfoundry'] ?? []) as readonly HclBody[];
    assert.equal(literalOf(found?.['api_url']), place.apiUrl);
    const space = only(member(body, 'data')['cloudfoundry_space'], 'space');
    assert.equal(space['name'] === '${var.space}' ? undefined : literalOf(space['name']), place.space);
  }
  demandKnownReferences(body);
}

/** Every reference leads to a block that is there. */
function demandKnownReferences(body: HclBody): void {
  const text = JSON.stringify(body).replaceAll(/([$%])\1\{/g, '-');
  const references = [...text.matchAll(/\$\{((?:data\.)?[a-z_]+\.[a-z0-9_]+)(?:\.id)?\}/g)].map(
    ([, path]) => path ?? '',
  );
  assert.ok(references.length > 0);
  for (const path of references) {
    const [first = '', second = '', third = ''] = path.split('.');
    const block =
      first === 'data'
        ? member(member(body, 'data'), second)[third]
        : first === 'var'
          ? member(body, 'variable')[second]
          : member(member(body, 'resource'), first)[second];
    assert.ok(block !== undefined, `nothing is called ${path}`);
  }
}

function member(body: HclBody, name: string): HclBody {
  const value = body[name];
  assert.ok(typeof value === 'object' && value !== null, `no ${name}`);
  return value as HclBody;
}

/** The one block of a label. */
function only(blocks: unknown, label: string): HclBody {
  const list = member(blocks as HclBody, label) as unknown as readonly HclBody[];
  assert.equal(list.length, 1);
  const [block] = list;
  assert.ok(block !== undefined);
  return block;
}
