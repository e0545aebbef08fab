import { statSync } from 'node:fs';
import { eventually } from './eventually.js';
import type { Workbench } from './workbench.js';

/** Adds a tenant by its service key, as a person who pastes it. */
export async function addTenant(workbench: Workbench, serviceKey: string, name: string): Promise<void> {
  const { quickInput } = workbench;
  const question = 'A service key of plan "api"';
  await eventually('it is asked how to connect', async () => {
    await workbench.runCommand('SAP Keystore: Add Tenant…');
    // Something that was still under way may take the focus, which closes the question: a person asks for it once more.
    return await quickInput.widget
      .filter({ hasText: question })
      .or(quickInput.widget.filter({ has: workbench.page.getByPlaceholder(question) }))
      .first()
      .waitFor({ timeout: 5000 })
      .then(
        () => true,
        () => undefined,
      );
  });
  await quickInput.pick('Paste a service key');
  await quickInput.waitFor('Paste the whole service key');
  await quickInput.enter(serviceKey);
  await quickInput.waitFor('Name of the tenant in this list');
  await quickInput.enter(name);
  await quickInput.waitFor('Stage of the tenant');
  await quickInput.accept();
}

/** Answers the questions of "Create Key Pair…" from the keyboard, with what is proposed where it can stay. */
export async function createKeyPair(workbench: Workbench, alias: string): Promise<void> {
  const { quickInput } = workbench;
  await quickInput.waitFor('Alias of the new key pair');
  await quickInput.enter(alias);
  await quickInput.waitFor('taken by every certificate authority');
  await quickInput.enter('RSA 2048');
  await quickInput.waitFor('Signature algorithm of the certificate');
  await quickInput.accept();
  const subject: readonly (readonly [string, string])[] = [
    ['Common name', `${alias}.example`],
    ['Organizational unit', 'Integration'],
    ['Organization (O)', 'ACME'],
    ['Locality', 'Walldorf'],
    ['State or province', ''],
    ['Country', 'DE'],
    ['E-mail', ''],
  ];
  for (const [words, value] of subject) {
    await quickInput.waitFor(words);
    await quickInput.enter(value);
  }
  await quickInput.waitFor('Validity');
  await quickInput.accept();
}

/** Runs a command that asks with a quick pick and takes the row whose label is this. */
export async function choose(workbench: Workbench, command: string, label: string): Promise<void> {
  await workbench.runCommand(command);
  await workbench.quickInput.waitFor(label);
  await workbench.quickInput.focusRow(label);
  await workbench.quickInput.accept();
  await workbench.quickInput.waitUntilClosed();
}

/** Types a path into the file dialog of the workbench once it has settled. */
export async function enterPath({ quickInput, page }: Workbench, path: string): Promise<void> {
  const { input } = quickInput;
  await eventually('the file dialog shows a folder', async () => (await input.inputValue()).includes('/'));
  await eventually('the file dialog keeps the typed path', async () => {
    await input.fill(path);
    // The dialog lists the folder of what was typed, and may put back what stood there while it does.
    await page.waitForTimeout(300);
    const listing = await quickInput.widget.locator('.monaco-progress-container.active').count();
    return listing === 0 && (await input.inputValue()) === path;
  });
}

/** Answers the file dialog with the path of a file that is there, from the keyboard. */
export async function openPath(workbench: Workbench, path: string): Promise<void> {
  await enterPath(workbench, path);
  await workbench.page.keyboard.press('Enter');
}

/** Answers the file dialog with a path and the mouse. */
export async function choosePath(workbench: Workbench, path: string): Promise<void> {
  await enterPath(workbench, path);
  await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).click();
}

/** Answers the file dialog with a path and waits for the file. */
export async function saveTo(workbench: Workbench, path: string): Promise<void> {
  await choosePath(workbench, path);
  await written(path);
}

/** Waits until something is in the file. */
export async function written(path: string): Promise<void> {
  await eventually(`there is a file ${path}`, () =>
    Promise.resolve((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0),
  );
}
