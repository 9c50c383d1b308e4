/**
 * The way through a real deskfleet: `CONSOLE_URL`, `CONSOLE_USER`, `CONSOLE_PASSWORD`, and where its certificate comes
 * from a private authority `CONSOLE_CA_FILE`. `CONSOLE_WORKSPACES` is the number of WorkSpaces there must be,
 * `CONSOLE_REGION` a region that has some; `CONSOLE_SCREENSHOTS` the folder for pictures.
 */

import { expect, it, onTestFinished } from 'vitest';

import { openPage, startBrowser } from './browser';
import { expectAccessible, exportAs, filterByRegion, openFirstRun, openFirstWorkspace, seeRuns, seeWorkspaces, signIn } from './journey';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`set ${name}; the head of e2e/live.test.ts lists all settings`);
  return value;
}

it('leads from signing in to a WorkSpace and the run that read it', async () => {
  const browser = await startBrowser(setting('CONSOLE_URL'), process.env.CONSOLE_CA_FILE);
  onTestFinished(() => browser.close());
  const { page, complaints } = await openPage(browser);
  await signIn(page, setting('CONSOLE_URL'), setting('CONSOLE_USER'), setting('CONSOLE_PASSWORD'));

  const total = await seeWorkspaces(page);
  await expectAccessible(page, 'workspaces');
  const expected = process.env.CONSOLE_WORKSPACES;
  if (expected === undefined) expect(total).toBeGreaterThan(0);
  else expect(total).toBe(Number(expected));

  const inRegion = await filterByRegion(page, process.env.CONSOLE_REGION ?? 'us-east-1');
  expect(inRegion).toBeGreaterThan(0);
  const { name, text } = await exportAs(page, 'WorkSpaces', 'CSV');
  expect(name).toMatch(/^deskfleet-workspaces-\d{8}T\d{6}Z\.csv$/);
  // The head, and at least the rows of the page.
  expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(inRegion);
  await openFirstWorkspace(page);
  await expectAccessible(page, 'workspace');

  await seeRuns(page);
  await expectAccessible(page, 'runs');
  await openFirstRun(page);
  await expectAccessible(page, 'run');
  expect(complaints).toEqual([]);
});
