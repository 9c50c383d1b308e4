/** The console in a real browser, under the real content security policy, against the mock API. Needs `npm run build`. */

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aRun, NOW } from '../mock-api/fleet';
import { MockApi, PASSWORD } from '../mock-api/respond';
import type { Serving } from '../mock-api/server';
import { serve } from '../mock-api/server';
import type { WatchedPage } from './browser';
import { openPage, startBrowser } from './browser';
import { expectAccessible, exportAs, filterByRegion, openFirstRun, openFirstWorkspace, picture, seeRuns, seeWorkspaces, signIn } from './journey';

let browser: Browser;
let api: MockApi;
let serving: Serving;
let watched: WatchedPage;

beforeAll(async () => {
  browser = await startBrowser('http://localhost');
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  api = new MockApi();
  serving = await serve(api);
});
afterEach(async () => {
  await watched.page.context().close();
  await serving.close();
});

async function open(path: string, options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
  api.signedIn = api.refreshable = true;
  watched = await openPage(browser, options, NOW);
  await watched.page.goto(`${serving.url}${path}`);
  return watched;
}

describe('a person', () => {
  it('signs in, finds a WorkSpace and the run that read it', async () => {
    watched = await openPage(browser, {}, NOW);
    const { page, complaints } = watched;
    await signIn(page, `${serving.url}/workspaces?sort=-region`, 'admin', PASSWORD);
    expect(new URL(page.url()).search).toBe('?sort=-region');
    expect(await seeWorkspaces(page)).toBe(117);
    await expectAccessible(page, 'workspaces');
    expect(await filterByRegion(page, 'us-east-1')).toBeGreaterThan(0);
    const id = await openFirstWorkspace(page);
    expect(new URL(page.url()).searchParams.get('sel')).toBe(id);
    await expectAccessible(page, 'workspace');
    await seeRuns(page);
    await expectAccessible(page, 'runs');
    await openFirstRun(page);
    await expectAccessible(page, 'run');
    expect(complaints).toEqual([]);
  });

  it('signs in again mid-work and goes on where the work stood', async () => {
    const { page, complaints } = await open('/workspaces');
    await seeWorkspaces(page);
    api.signedIn = api.refreshable = false;
    await page.getByRole('button', { name: 'Refresh WorkSpaces' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'sign-in-again');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await seeWorkspaces(page)).toBe(117);
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  it('finds the next page loaded already when the pointer was on its link', async () => {
    const { page } = await open('/workspaces');
    await seeWorkspaces(page);
    const chunk = page.waitForRequest(/runs-page-[\w-]+\.js$/);
    await page.getByRole('navigation').getByRole('link', { name: 'Sync' }).hover();
    await chunk;
    expect(new URL(page.url()).pathname).toBe('/workspaces');
  });

  it('turns pages and back', async () => {
    const { page } = await open('/workspaces');
    await seeWorkspaces(page);
    const first = await page.locator('main tbody tr a').first().innerText();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/cursor=50/);
    await page.getByRole('button', { name: 'Page 2' }).waitFor();
    await page.waitForFunction((id) => document.querySelector('main tbody tr a')?.textContent !== id, first);
    await page.goBack();
    await page.waitForFunction((id) => document.querySelector('main tbody tr a')?.textContent === id, first);
  });
});

describe('the list of WorkSpaces', () => {
  it.each([
    ['partial', 'workspaces-partial', '2 of 18 readings are incomplete'],
    ['fresh', 'workspaces-fresh', 'No WorkSpaces yet'],
    ['empty', 'workspaces-empty', 'There are no WorkSpaces'],
    ['error', 'workspaces-error', 'Request 01J9ZK3V'],
  ] as const)('says when it is %s', async (scenario, name, sentence) => {
    api.scenario = scenario;
    const { page } = await open('/workspaces');
    await page.getByText(sentence).first().waitFor();
    await expectAccessible(page, name);
  });

  it('says what does not match', async () => {
    const { page } = await open('/workspaces?filter=region+%3D+eu-north-1');
    await page.getByText('No match').waitFor();
    await expectAccessible(page, 'workspaces-no-match');
    await page.getByRole('button', { name: 'Clear filter' }).first().click();
    expect(await seeWorkspaces(page)).toBe(117);
  });

  it('shows a filter it cannot read', async () => {
    const { page } = await open('/workspaces?filter=region+%3D');
    await page.getByText('The filter in the address cannot be read').waitFor();
    await expectAccessible(page, 'workspaces-bad-filter');
  });

  it('is dark and compact for those who want it', async () => {
    const { page, complaints } = await open('/workspaces', { colorScheme: 'dark' });
    await seeWorkspaces(page);
    await page.getByRole('button', { name: 'Menu of Ada Admin' }).click();
    await picture(page, 'person-menu');
    await page.getByRole('menuitemcheckbox', { name: 'Compact' }).click();
    await page.locator('body.awsui-compact-mode').waitFor();
    await page.reload();
    await page.locator('body.awsui-compact-mode.awsui-dark-mode').waitFor();
    await seeWorkspaces(page);
    await expectAccessible(page, 'workspaces-dark-compact');
    expect(complaints).toEqual([]);
  });

  it('can be taken away as a file', async () => {
    const { page, complaints } = await open('/workspaces?filter=region+%3D+us-east-1&cols=id,region');
    await seeWorkspaces(page);
    const { name, text } = await exportAs(page, 'WorkSpaces', 'CSV');
    expect(name).toBe('deskfleet-list.csv');
    expect(text.split('\r\n').slice(0, 2)).toEqual(['id,region', expect.stringMatching(/^ws-[0-9a-f]+,us-east-1$/)]);
    await expectAccessible(page, 'workspaces-exported');
    expect(complaints).toEqual([]);
  });

  it('compares WorkSpaces side by side', async () => {
    const { page, complaints } = await open('/workspaces?sel=ws-9a0b1c000,ws-9a0b1deef,ws-9a0b1fdde');
    await page.getByRole('table', { name: 'Different' }).waitFor();
    await expectAccessible(page, 'workspaces-compared');
    expect(complaints).toEqual([]);
  });

  it('opens a WorkSpace from below at 360 pixels', async () => {
    const { page } = await open('/workspaces?sel=ws-9a0b1c000', { viewport: { width: 360, height: 780 } });
    await page.getByRole('heading', { name: 'ws-9a0b1c000' }).waitFor();
    await expectAccessible(page, 'workspace-360');
  });

  it('shows cards at 360 pixels', async () => {
    const { page, complaints } = await open('/workspaces', { viewport: { width: 360, height: 780 } });
    await page.getByRole('heading', { name: /^WorkSpaces \(117\)/ }).waitFor();
    await page.getByRole('link', { name: /^ws-/ }).first().waitFor();
    await expectAccessible(page, 'workspaces-360');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
  });
});

describe('the runs', () => {
  it('are live, say when they are not, and catch up', async () => {
    const { page, complaints } = await open('/sync/runs');
    const newest = page.locator('main tbody tr').first();
    await newest.getByText('Running').waitFor();
    await expect.poll(() => api.events.listeners).toBe(1);
    const [running] = api.runs;
    api.runs = api.runs.map((run) => (run === running ? { ...run, outcome: 'complete' } : run));
    api.events.publish('run', { runId: running?.id, outcome: 'complete' });
    await newest.getByText('Complete').waitFor();

    api.events.refusing = true;
    api.events.close();
    await page.getByText('Live paused since 14:05').waitFor();
    await expectAccessible(page, 'runs-paused');
    const begun = { ...aRun(0), id: '0193a000-0000-7000-8000-00000000beef', startedAt: '2026-11-25T14:06:00Z' };
    api.runs = [begun, ...api.runs];
    api.events.publish('run', { runId: begun.id, outcome: 'running' });
    api.events.refusing = false;
    await page.getByText('Live paused since 14:05').waitFor({ state: 'hidden' });
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(15);
    expect(complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);
  });

  it('are empty before the first', async () => {
    api.scenario = 'fresh';
    const { page } = await open('/sync/runs');
    await page.getByText('No run yet').waitFor();
    await expectAccessible(page, 'runs-empty');
  });

  it('fit 360 pixels', async () => {
    const { page } = await open('/sync/runs', { viewport: { width: 360, height: 780 } });
    await page.getByRole('heading', { name: /^Sync runs/ }).waitFor();
    await page.getByText('production-inventory').first().waitFor();
    await expectAccessible(page, 'runs-360');
  });
});
