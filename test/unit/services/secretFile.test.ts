import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeystoreError } from '../../../src/errors.js';
import { secretPlaceConcerns, writeSecretFile } from '../../../src/services/secretFile.js';
import { fileUri as uri } from '../../support/localWorld.js';

const secret = new TextEncoder().encode('secret');

describe('files with a private key', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'secret-file-')));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('are written whole with mode 0600, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const path = join(folder, 'a.p12');
      const result = await writeSecretFile(uri(path), secret, { existing: 'refuse' });
      assert.deepEqual(result, { readableBy: 'owner' });
      assert.equal(fs.statSync(path).mode & 0o777, 0o600);
      assert.equal(fs.readFileSync(path, 'utf8'), 'secret');
      assert.deepEqual(fs.readdirSync(folder), ['a.p12']);
    } finally {
      process.umask(before);
    }
  });

  it('never take the place of a file unless that was agreed', async () => {
    const path = join(folder, 'a.p12');
    fs.writeFileSync(path, 'old', { mode: 0o644 });
    await assert.rejects(
      writeSecretFile(uri(path), secret, { existing: 'refuse' }),
      (error) =>
        KeystoreError.is(error, 'file-system') &&
        error.details.exists === true &&
        /nothing was overwritten/.test(String(error.details.explanation)),
    );
    assert.equal(fs.readFileSync(path, 'utf8'), 'old');
    assert.deepEqual(fs.readdirSync(folder), ['a.p12']);

    await writeSecretFile(uri(path), secret, { existing: 'replace' });
    assert.equal(fs.readFileSync(path, 'utf8'), 'secret');
    assert.equal(fs.statSync(path).mode & 0o777, 0o600);
  });

  it('replace a link and leave alone what it points to', async () => {
    fs.writeFileSync(join(folder, 'target'), 'old', { mode: 0o644 });
    fs.symlinkSync('target', join(folder, 'link'));
    await writeSecretFile(uri(join(folder, 'link')), secret, { existing: 'replace' });
    assert.equal(fs.readFileSync(join(folder, 'target'), 'utf8'), 'old');
    assert.equal(fs.lstatSync(join(folder, 'link')).isSymbolicLink(), false);
  });

  it('leave nothing behind where they cannot be written, and say why', async () => {
    fs.mkdirSync(join(folder, 'taken'));
    const wanted: readonly (readonly [string, 'refuse' | 'replace', RegExp])[] = [
      [join(folder, 'no', 'a.p12'), 'refuse', /folder of .* does not exist/],
      [join(folder, 'taken'), 'refuse', /nothing was overwritten/],
      [join(folder, 'taken'), 'replace', /is a folder/],
    ];
    for (const [path, existing, reason] of wanted) {
      await assert.rejects(
        writeSecretFile(uri(path), secret, { existing }),
        (error) => KeystoreError.is(error, 'file-system') && reason.test(String(error.details.explanation)),
      );
    }
    assert.deepEqual(fs.readdirSync(folder), ['taken']);
  });

  it('go to the file system of this machine only', async () => {
    for (const attempt of [
      () => writeSecretFile(uri('/a', 'vscode-vfs'), secret, { existing: 'refuse' }),
      () => secretPlaceConcerns(uri('/a', 'vscode-vfs'), []),
    ]) {
      await assert.rejects(
        attempt(),
        (error) => KeystoreError.is(error, 'refused') && /vscode-vfs/.test(String(error.details.explanation)),
      );
    }
  });

  it('raise no question in an empty folder', async () => {
    assert.deepEqual(await secretPlaceConcerns(uri(join(folder, 'a.p12')), [uri(join(folder, 'other'))]), []);
  });

  it('ask before a file, a workspace folder and a git work tree, also behind a link', async () => {
    const project = join(folder, 'project');
    fs.mkdirSync(join(project, 'deep', 'er'), { recursive: true });
    fs.writeFileSync(join(project, '.git'), 'gitdir: elsewhere\n');
    fs.writeFileSync(join(project, 'deep', 'er', 'a.p12'), '');
    fs.symlinkSync(join(project, 'deep'), join(folder, 'link'));

    const concerns = await secretPlaceConcerns(uri(join(folder, 'link', 'er', 'a.p12')), [
      uri(join(folder, 'missing')),
      uri('/anywhere', 'vscode-vfs'),
      uri(project),
    ]);

    assert.deepEqual(concerns, [
      { kind: 'exists' },
      { kind: 'workspace', folder: 'project' },
      { kind: 'gitWorkTree', folder: project },
    ]);
    // A name that only begins alike is another folder.
    assert.deepEqual(
      await secretPlaceConcerns(uri(join(folder, 'a.p12')), [uri(join(folder, 'link')), uri(`${folder}x`)]),
      [],
    );
  });
});
