import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { inboundHandlers } from '../../src/commands/handlers/inbound.js';
import type { CommandHandler, HandlerTools } from '../../src/commands/handlers/handler.js';
import { practiceHandlers } from '../../src/commands/handlers/practice.js';
import { userMappingHandlers } from '../../src/commands/handlers/userMappings.js';
import { Command } from '../../src/contributions.js';
import { readCertificate } from '../../src/pki/certificate.js';
import { encodePem } from '../../src/pki/pem.js';
import { nameOf, PracticeAuthority, spkiOf } from '../../src/practice/authority.js';
import { makeKeys } from '../../src/practice/keys.js';
import { PracticeFiles } from '../../src/practice/practiceFiles.js';
import { Connections } from '../../src/services/connections.js';
import type { InboundPlace } from '../../src/services/inboundState.js';
import { Keystores } from '../../src/services/keystores.js';
import { Practice } from '../../src/services/practice.js';
import { practiceKind } from '../../src/services/practiceKind.js';
import { SecretVault } from '../../src/services/secretVault.js';
import { openTenantAccess } from '../../src/services/tenantAccess.js';
import { trustListsFor } from '../../src/services/trust.js';
import { UserMappings } from '../../src/services/userMappings.js';
import { mappingId } from '../../src/tenant/certificateUserMappings.js';
import { MemorySecrets } from '../support/connections.js';
import { memento } from '../support/memento.js';
import { practiceNames } from '../support/practiceNames.js';
import { ScriptedPrompts, type ScriptedAnswer } from '../support/scriptedPrompts.js';
import { extensionUnderTest } from './extension.js';

const { signal } = new AbortController();
const yes = { wish: 'yes' } as const;
const day = 86_400_000;

describe('commands about the mappings of Neo on its practice tenant', function () {
  this.timeout(60_000);
  let directory: string;
  let practice: Practice;
  let connections: Connections;
  let keystores: Keystores;
  let mappings: UserMappings;
  let handlers: Readonly<Record<string, CommandHandler>>;
  let prompts: ScriptedPrompts;
  const revealed: InboundPlace[] = [];
  const shownTenants: string[] = [];

  before(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'neo-host-'));
    const state = memento();
    const vault = new SecretVault(state, new MemorySecrets());
    let count = 0;
    connections = new Connections(state, vault, () => `t${++count}`);
    practice = new Practice(join(directory, 'practice'), connections, practiceNames);
    const log = { info: () => undefined } as unknown as Parameters<typeof openTenantAccess>[1]['log'];
    const timeoutMs = (): number => 10_000;
    keystores = new Keystores(
      connections,
      async (connection) =>
        openTenantAccess(await practice.connect(practiceKind(connection)), { connections, log, timeoutMs }),
      { now: Date.now, onFailure: () => undefined },
    );
    const { extensionPath } = extensionUnderTest();
    const trust = (connection: ReturnType<Connections['get']>) =>
      trustListsFor(connection, { extensionPath, listFiles: [] });
    mappings = new UserMappings({
      connections,
      keystores,
      trust,
      memory: state,
      warningDays: () => 30,
      now: Date.now,
    });
    const tools = {
      environment: {
        get prompts() {
          return prompts;
        },
        connections,
        keystores,
        cloudFoundry: { state: () => ({ kind: 'signedOut' }) },
        now: Date.now,
        trust,
        navigator: {
          revealTenant: (id: string) => Promise.resolve(void shownTenants.push(id)),
        },
      },
      practice,
      state,
      extensionPath,
      inbound: {
        clients: () => Promise.resolve({ tenants: () => [] }),
        mappings: () => Promise.resolve(mappings),
        reveal: (place: InboundPlace) => Promise.resolve(revealed.push(place) > 0),
      },
    } as unknown as HandlerTools;
    handlers = { ...userMappingHandlers(tools), ...inboundHandlers(tools), ...practiceHandlers(tools) };
  });
  after(async () => {
    mappings.dispose();
    keystores.dispose();
    await (await practice.tenant()).dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function run(id: string, argument: unknown, ...answers: ScriptedAnswer[]): Promise<ScriptedPrompts> {
    prompts = new ScriptedPrompts(answers);
    await handlers[id]?.run(
      { signal, withProgress: (_, work) => work({ signal, report: () => undefined }) },
      argument,
      undefined,
    );
    prompts.done();
    return prompts;
  }

  const performed = async (): Promise<readonly string[]> =>
    (await practice.tenant()).neo.journal.performed.map(({ operation }) => operation);

  const neo = (): string => {
    const found = connections.list().find((connection) => practiceKind(connection) === 'neo');
    assert.ok(found !== undefined);
    return found.id;
  };

  /** A sender's certificate in a file. */
  async function senderFile(name: string): Promise<{ uri: vscode.Uri; id: string }> {
    const authority = await PracticeAuthority.open(new PracticeFiles(join(directory, 'practice')), Date.now);
    const leaf = authority.issue({
      subject: nameOf(`CN=${name},O=Host,C=DE`),
      spki: spkiOf(await makeKeys({ type: 'EC', size: undefined, curve: 'P-256' })),
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 200 * day),
    });
    const uri = vscode.Uri.file(join(directory, `${name}.pem`));
    fs.writeFileSync(uri.fsPath, encodePem('CERTIFICATE', leaf));
    return { uri, id: mappingId(readCertificate(leaf).der) };
  }

  async function row(user: string): Promise<{ kind: string; tenantId: string; mappingId: string }> {
    const found = (await mappings.current(neo())).find((mapping) => mapping.user === user);
    assert.ok(found !== undefined, user);
    return { kind: 'userMapping', tenantId: neo(), mappingId: found.id };
  }

  it('opens the practice tenant of Neo beside the other, with its keystore', async () => {
    await run(Command.practiceOpen, undefined);
    await run(Command.practiceOpenNeo, undefined);
    await run(Command.practiceOpenNeo, undefined);
    assert.deepEqual(
      connections.list().map(({ name }) => name),
      [practiceNames.cloudFoundry, practiceNames.neo],
    );
    assert.equal(shownTenants.at(-1), neo());
    assert.ok(keystores.entries(neo())?.some(({ alias }) => alias === 'hcicertificate'));
    assert.equal(keystores.tenants().find(({ id }) => id === neo())?.isNeo, true);
  });

  it('creates a mapping of a file, changes its user, and deletes it', async () => {
    const { uri, id } = await senderFile('host.example');
    await run(Command.userMappingCreate, uri, 'Another user…', 'host', yes);
    assert.equal(revealed.at(-1)?.mappingId, id);
    await run(Command.userMappingChangeUser, await row('host'), 'edi', yes);
    const place = { tenantId: neo(), mappingId: id };
    await run(Command.userMappingDelete, place, yes);
    assert.deepEqual(await performed(), ['map', 'map', 'unmap']);
  });

  it('shows, copies and exports mappings', async () => {
    await run(Command.userMappingShow, undefined, 'edi');
    assert.deepEqual(revealed.at(-1), {
      tenantId: neo(),
      mappingId: (await row('edi')).mappingId,
    });
    const table = await run(Command.userMappingCopyMarkdown, await row('edi'));
    assert.match(table.clipboard, /\| `edi` \|/);
    const subject = await run(Command.inboundCopySubject, await row('edi'));
    assert.equal(subject.clipboard, 'CN=edi.partner.example, O=Partner, C=FR');
    const uri = vscode.Uri.file(join(directory, 'mappings.json'));
    await run(Command.userMappingExport, { tenantId: neo() }, 'JSON', { uri });
    assert.match(fs.readFileSync(uri.fsPath, 'utf8'), /"User": "edi"/);
  });

  it('renews the certificate of a mapping', async () => {
    const { uri, id } = await senderFile('edi.partner.example');
    await run(
      Command.serviceKeyRenew,
      await row('edi'),
      /Choose the Renewed Certificate/,
      /^From a file, the clipboard/,
      /file/i,
      { uri },
      /Map the New Certificate/,
      yes,
      'Continue Later',
    );
    assert.equal((await mappings.current(neo())).find((mapping) => mapping.id === id)?.user, 'edi');
    await run(Command.renewalContinue, undefined, /Give Up/, yes);
  });

  it('resets the practice tenant of Neo, and leaves the other as it is', async () => {
    const before = keystores.entries(connections.list()[0]?.id ?? '')?.map(({ hexalias }) => hexalias);
    await run(Command.practiceReset, { tenantId: neo() }, yes);
    assert.equal((await mappings.current(neo())).length, 10);
    await keystores.refresh(connections.list()[0]?.id ?? '');
    assert.deepEqual(
      keystores.entries(connections.list()[0]?.id ?? '')?.map(({ hexalias }) => hexalias),
      before,
    );
  });
});
