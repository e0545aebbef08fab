import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCfCliSession, type CfCliReading } from '../../../src/platform/cfCliSession.js';
import { userToken } from '../../support/cfFixture.js';

describe('readCfCliSession', () => {
  let home: string;
  let file: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cf-home-'));
    mkdirSync(join(home, '.cf'));
    file = join(home, '.cf', 'config.json');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const read = (environment: Record<string, string> = {}): Promise<CfCliReading> =>
    readCfCliSession({ environment, homeDirectory: home });
  const token = userToken({ user_name: 'jo@acme.example', origin: 'sap.ids', exp: 1_800_000_000 });
  const config = (over: object = {}): object => ({
    ConfigVersion: 4,
    Target: 'https://api.cf.eu10-004.hana.ondemand.com',
    APIVersion: '3.190.0',
    AuthorizationEndpoint: 'https://login.cf.eu10-004.hana.ondemand.com',
    UaaEndpoint: 'https://uaa.cf.eu10-004.hana.ondemand.com',
    AccessToken: `bearer ${token}`,
    RefreshToken: 'refresh',
    UAAOAuthClient: 'cf',
    UAAOAuthClientSecret: '',
    UAAGrantType: '',
    OrganizationFields: { GUID: 'o-1', Name: 'acme', QuotaDefinition: { guid: '' } },
    SpaceFields: { GUID: 's-1', Name: 'dev', AllowSSH: true },
    SSLDisabled: false,
    ...over,
  });

  it('reads a session, and leaves the file as it was', async () => {
    writeFileSync(file, JSON.stringify(config(), undefined, 2));
    const before = { text: readFileSync(file, 'utf8'), time: statSync(file).mtimeMs };
    assert.deepEqual(await read(), {
      kind: 'session',
      file,
      apiUrl: 'https://api.cf.eu10-004.hana.ondemand.com',
      tokens: {
        accessToken: token,
        expiresAt: 1_800_000_000_000,
        refreshToken: 'refresh',
        client: { id: 'cf', secret: '' },
      },
      user: { name: 'jo@acme.example', origin: 'sap.ids' },
      organization: { guid: 'o-1', name: 'acme' },
      space: { guid: 's-1', name: 'dev' },
    });
    assert.deepEqual({ text: readFileSync(file, 'utf8'), time: statSync(file).mtimeMs }, before);
  });

  it('looks where CF_HOME points', async () => {
    writeFileSync(file, JSON.stringify(config()));
    const place = { environment: { CF_HOME: home }, homeDirectory: '/nowhere' };
    assert.equal((await readCfCliSession(place)).kind, 'session');
    assert.equal((await read({ CF_HOME: '' })).kind, 'session');
    assert.equal((await read({ CF_HOME: join(home, 'other') })).kind, 'none');
  });

  const readings: readonly (readonly [string, string, CfCliReading['kind']])[] = [
    ['a byte order mark', `\uFEFF${JSON.stringify(config())}`, 'session'],
    [
      'no organization',
      JSON.stringify(config({ OrganizationFields: { GUID: '' }, SpaceFields: null })),
      'session',
    ],
    ['an expired session', JSON.stringify(config({ AccessToken: '' })), 'signedOut'],
    ['no target', JSON.stringify(config({ Target: '' })), 'signedOut'],
    ['an insecure target', JSON.stringify(config({ Target: 'http://api.example' })), 'signedOut'],
    ['a token that is none', JSON.stringify(config({ AccessToken: 'bearer a\r\nX: y' })), 'signedOut'],
    ['no JSON', '{"Target":', 'unreadable'],
    ['an array', '[]', 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['more than a megabyte', ' '.repeat(1024 * 1024 + 1), 'unreadable'],
  ];
  for (const [name, text, kind] of readings) {
    it(`is ${kind} for ${name}`, async () => {
      writeFileSync(file, text);
      assert.equal((await read()).kind, kind);
    });
  }

  it('is unreadable where the file cannot be read, and none where there is no folder', async () => {
    mkdirSync(file);
    assert.equal((await read()).kind, 'unreadable');
    rmSync(join(home, '.cf'), { recursive: true });
    assert.equal((await read()).kind, 'none');
  });
});
