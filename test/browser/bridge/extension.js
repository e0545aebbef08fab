// A door for browser tests into the extension host of their page: POST {"command", "args"} with the token, answered with
// {"ok", "value"} or {"ok", "message"}. It listens on loopback, and only where a test's launcher named a folder for the address.
const { randomBytes } = require('node:crypto');
const { renameSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const vscode = require('vscode');

exports.activate = async (context) => {
  const folder = process.env.CI_KEYSTORE_BRIDGE_FOLDER;
  if (folder === undefined) {
    return;
  }
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(403).end();
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      let answer;
      try {
        answer = { ok: true, value: await perform(JSON.parse(Buffer.concat(chunks).toString('utf8'))) };
      } catch (error) {
        answer = { ok: false, message: error instanceof Error ? error.message : String(error) };
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.subscriptions.push({ dispose: () => server.close() });
  const file = join(folder, `${process.pid}.json`);
  writeFileSync(`${file}.new`, JSON.stringify({ port: server.address().port, token }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

async function perform({ kind, command, args = [], source, argument, setting, value }) {
  switch (kind) {
    case 'command':
      return await vscode.commands.executeCommand(command, ...args);
    case 'run':
      return await runWithExports(source, argument);
    case 'setting':
      return await vscode.workspace
        .getConfiguration()
        .update(setting, value === null ? undefined : value, vscode.ConfigurationTarget.Global);
    case 'clipboard':
      return await vscode.env.clipboard.readText();
    case 'writeClipboard':
      return await vscode.env.clipboard.writeText(value);
    case 'memory':
      return memoryInUse();
    case 'openText':
      return await openText(value);
    case 'editorText':
      return vscode.window.activeTextEditor?.document.getText();
    default:
      throw new Error(`The bridge does not know ${kind}.`);
  }
}

/** What the host uses once what nobody needs any more is gone. */
function memoryInUse() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage();
}

async function runWithExports(source, argument) {
  const extension = vscode.extensions.getExtension('ci-keystore.sap-ci-keystore-workbench');
  const run = new Function(`return (${source});`)();
  return await run(await extension.activate(), argument);
}

async function openText(content) {
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document);
}
