import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { View } from '../../src/contributions.js';
import type { InboundProvider } from '../../src/views/inboundProvider.js';
import { InboundView } from '../../src/views/inboundView.js';

const day = 86_400_000;

/** The view of the extension itself is replaced for the rest of the run; no other test needs its rows. */
describe('the Inbound Clients view in its host', function () {
  this.timeout(30_000);
  const end = Date.parse('2026-03-10T12:00:00Z');
  let now = Date.parse('2026-03-01T22:00:00Z');
  /** Rows as they were drawn, one after the other. */
  const drawn: string[] = [];
  const changes = new vscode.EventEmitter<void>();
  let view: InboundView;

  before(async () => {
    // The view is shown later, with the clock in place.
    await vscode.commands.executeCommand('workbench.view.explorer');
    const row = { id: 'row' };
    const rows = {
      children: (node: unknown) => (node === undefined ? [row] : []),
      item: () => {
        drawn.push(`expires in ${Math.floor((end - now) / day)} days`);
        changes.fire();
        return new vscode.TreeItem('row');
      },
      parent: () => undefined,
      tooltip: () => '',
      dispose: () => undefined,
    };
    let clockWasRead = false;
    view = new InboundView(
      View.inboundClients,
      () => Promise.resolve(rows as unknown as InboundProvider),
      () => {
        clockWasRead = true;
        changes.fire();
        return now;
      },
    );
    const begun = until(() => clockWasRead && drawn.length > 0);
    await vscode.commands.executeCommand(`${View.inboundClients}.focus`);
    await begun;
  });
  after(() => {
    view.dispose();
    changes.dispose();
  });

  /** Waits for a row to be drawn or the clock to be read until it holds. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        const once = changes.event(() => {
          once.dispose();
          resolve();
        });
      });
    }
  }

  it('is drawn anew when the person comes back to the window on another day', async () => {
    assert.deepEqual(drawn, ['expires in 8 days']);
    now = Date.parse('2026-03-02T13:00:00Z');
    view.noticeTime();
    await until(() => drawn.length > 1);
    now = Date.parse('2026-03-03T13:00:00Z');
    view.noticeTime();
    await until(() => drawn.length > 2);
    assert.deepEqual(drawn, ['expires in 8 days', 'expires in 7 days', 'expires in 6 days']);
  });

  it('is drawn anew when it is seen again on another day', async () => {
    drawn.length = 0;
    await vscode.commands.executeCommand('workbench.view.explorer');
    now = Date.parse('2026-03-05T13:00:00Z');
    const seen = until(() => drawn.length > 0);
    await vscode.commands.executeCommand(`${View.inboundClients}.focus`);
    await seen;
    assert.equal(drawn.at(-1), 'expires in 4 days');
  });
});
