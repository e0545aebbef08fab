import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cfCommands,
  cockpitSteps,
  type MappingPlace,
  type MappingStep,
} from '../../../src/inbound/mappingTexts.js';
import { hclString, terraformText } from '../../../src/inbound/terraformText.js';
import { argumentsInPowerShell } from '../../support/powerShell.js';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----';
const place: MappingPlace = {
  apiUrl: 'https://api.cf.eu10.hana.ondemand.com',
  organization: "Acme's org",
  space: 'dev',
};
const steps: readonly MappingStep[] = [
  {
    kind: 'createInstance',
    name: 'orders-inbound',
    plan: 'integration-flow',
    parameters: { 'grant-types': ['client_credentials'], 'redirect-uris': [], roles: ['ESBMessaging.send'] },
  },
  {
    kind: 'createKey',
    instance: 'orders-inbound',
    name: 'orders-2026',
    parameters: { 'key-type': 'certificate_external', 'X.509': certificate },
  },
];
/** Names as a hostile server could give them. */
const hostile = `a'b"c\`d$(touch x) \${e} %{f} \\ ;rm -rf ~ & | > \n# newline`;
const everyKind: readonly MappingStep[] = [
  ...steps,
  {
    kind: 'createInstance',
    name: hostile,
    plan: hostile,
    parameters: { [hostile]: [hostile, { a: hostile }] },
  },
  { kind: 'updateInstance', name: hostile, parameters: { roles: [hostile] } },
  {
    kind: 'createKey',
    instance: hostile,
    name: hostile,
    parameters: { 'key-type': 'certificate', validity: 365, 'key-length': 2048 },
  },
  { kind: 'createKey', instance: 'elsewhere', name: hostile, parameters: {} },
  { kind: 'deleteKey', instance: 'orders-inbound', name: hostile },
];
const places: readonly MappingPlace[] = [
  place,
  { apiUrl: undefined, organization: undefined, space: undefined },
  { apiUrl: hostile, organization: hostile, space: hostile },
];

describe('cfCommands', () => {
  it('writes what a person would type', () => {
    assert.equal(
      cfCommands(steps, place, 'bash'),
      [
        'cf login -a https://api.cf.eu10.hana.ondemand.com --sso',
        "cf target -o 'Acme'\\''s org' -s dev",
        `cf create-service it-rt integration-flow orders-inbound -c '{"grant-types":["client_credentials"],"redirect-uris":[],"roles":["ESBMessaging.send"]}' --wait`,
        `cf create-service-key orders-inbound orders-2026 -c '{"key-type":"certificate_external","X.509":"-----BEGIN CERTIFICATE-----\\nMIIB+/==\\n-----END CERTIFICATE-----"}' --wait`,
        '',
      ].join('\n'),
    );
    assert.equal(
      cfCommands([{ kind: 'deleteKey', instance: 'i', name: 'k' }], { ...place, space: undefined }, 'bash'),
      'cf login -a https://api.cf.eu10.hana.ondemand.com --sso\ncf delete-service-key i k --wait\n',
    );
  });

  it('is taken by bash, which gives cf every argument as it was', () => {
    for (const one of places) {
      const script = cfCommands(everyKind, one, 'bash');
      const args = argumentsInBash(script).flat();
      assert.ok(args.includes(hostile) && args.includes(JSON.stringify({ roles: [hostile] })));
      assert.equal(args.filter((argument) => argument === '--wait').length, everyKind.length);
    }
  });

  it('says its notes before the steps, as what each shell takes for no command of its own', () => {
    const lines = (shell: 'bash' | 'powershell') => cfCommands(steps, place, shell, [hostile]).split('\n');
    assert.equal(
      lines('bash')[2],
      `echo 'a'\\''b"c\`d$(touch x) \${e} %{f} \\ ;rm -rf ~ & | > <U+000A># newline'`,
    );
    assert.match(lines('powershell')[4] ?? '', /^  # a'b"c/);
    assert.match(lines('bash')[3] ?? '', /^cf create-service /);
  });

  for (const version of ['5.1', '7.3'] as const) {
    it(`is taken by PowerShell ${version}, which gives cf every argument as it was`, () => {
      for (const one of places) {
        const inBash = argumentsInBash(cfCommands(everyKind, one, 'bash'));
        const inPowerShell = argumentsInPowerShell(cfCommands(everyKind, one, 'powershell'), version);
        assert.deepEqual(inPowerShell, inBash);
      }
    });
  }
});

describe('cockpitSteps', () => {
  it('are numbered, with the values to enter', () => {
    const text = cockpitSteps(steps, place);
    assert.match(text, /^1\. Open the subaccount of the organization "Acme's org"/);
    assert.match(text, /Instance Name: orders-inbound\./);
    assert.match(text, /Enter|enter: \{"grant-types":/);
    assert.ok(text.includes(`\n${certificate}\n`));
    assert.match(text, /\n8\. Choose Create\.\n$/);
  });
  it('tell of each kind', () => {
    const text = cockpitSteps(everyKind, { apiUrl: undefined, organization: undefined, space: undefined });
    for (const words of [
      'Update Instance',
      'Validity: 365 days. Key Size: 2048',
      'ClientId/Secret',
      '> Delete',
    ]) {
      assert.ok(text.includes(words), words);
    }
  });
});

describe('terraformText', () => {
  it('writes a configuration for the Cloud Foundry provider', () => {
    assert.equal(
      terraformText(steps, place, 'cloudfoundry'),
      `terraform {
  required_providers {
    cloudfoundry = {
      source = "cloudfoundry/cloudfoundry"
    }
  }
}

provider "cloudfoundry" {
  api_url = "https://api.cf.eu10.hana.ondemand.com"
}

data "cloudfoundry_org" "organization" {
  name = "Acme's org"
}

data "cloudfoundry_space" "space" {
  name = "dev"
  org  = data.cloudfoundry_org.organization.id
}

data "cloudfoundry_service_plan" "plan_integration_flow" {
  name                  = "integration-flow"
  service_offering_name = "it-rt"
}

resource "cloudfoundry_service_instance" "inbound" {
  name         = "orders-inbound"
  type         = "managed"
  space        = data.cloudfoundry_space.space.id
  service_plan = data.cloudfoundry_service_plan.plan_integration_flow.id
  parameters = jsonencode({
    "grant-types"   = ["client_credentials"]
    "redirect-uris" = []
    "roles"         = ["ESBMessaging.send"]
  })
}

# The state of Terraform will hold what the key holds, its secrets included: keep it safe.
resource "cloudfoundry_service_credential_binding" "inbound_2" {
  name             = "orders-2026"
  type             = "key"
  service_instance = cloudfoundry_service_instance.inbound.id
  parameters = jsonencode({
    "key-type" = "certificate_external"
    "X.509"    = "-----BEGIN CERTIFICATE-----\\nMIIB+/==\\n-----END CERTIFICATE-----"
  })
}
`,
    );
  });

  it('writes one for the BTP provider, with an instance that is there', () => {
    const text = terraformText(steps.slice(1), place, 'btp');
    assert.ok(
      text.includes(
        'data "btp_subaccount_service_instance" "existing_inbound" {\n  subaccount_id = var.subaccount_id\n  name          = "orders-inbound"\n}',
      ),
    );
    assert.ok(
      text.includes('service_instance_id = data.btp_subaccount_service_instance.existing_inbound.id'),
    );
  });

  it('spells out what HCL would evaluate', () => {
    assert.equal(hclString('a"b\\c${d}%{e}$f\n\u2028\u0007'), '"a\\"b\\\\c$${d}%%{e}$f\\n\\u2028\\u0007"');
  });
});

/** Checks the syntax, then gives what each command of the script gets. */
function argumentsInBash(script: string): readonly (readonly string[])[] {
  execFileSync('bash', ['-n'], { input: script });
  // cf as a function that prints its arguments, each ended by a zero octet, each call by another
  const printed = execFileSync('bash', ['-c', `cf() { printf '%s\\0' cf "$@"; printf '\\0'; }\n${script}`], {
    encoding: 'utf8',
  });
  return printed
    .split('\0\0')
    .slice(0, -1)
    .map((call) => call.split('\0'));
}
