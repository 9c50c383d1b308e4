/** What a person does in the console, step by step; the same against the mock API and against a real one. */

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { accessibilityViolations } from './browser';

const PICTURES = process.env.CONSOLE_SCREENSHOTS ?? join('test-results', 'console');

/** Keeps a picture of the page under this name. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** The page has no accessibility violation; a picture is kept either way. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect(await accessibilityViolations(page), name).toEqual([]);
}

/** Opens an address signed out, signs in, and waits for the page behind. */
export async function signIn(page: Page, url: string, username: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  await expectAccessible(page, 'sign-in');
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor();
}

const rows = (page: Page) => page.locator('main tbody tr').filter({ has: page.getByRole('link') });

/** The list of WorkSpaces stands there; gives the total that the heading names. */
export async function seeWorkspaces(page: Page): Promise<number> {
  await page.getByRole('heading', { name: /^WorkSpaces \(/ }).waitFor();
  await rows(page).first().waitFor();
  const heading = await page.getByRole('heading', { name: /^WorkSpaces \(/ }).innerText();
  return Number(/\(?([\d,]+)\)/.exec(heading)?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

/** Types a filter for one region and waits until only its rows are left; gives their number on the page. */
export async function filterByRegion(page: Page, region: string): Promise<number> {
  const input = page.getByRole('combobox', { name: 'Find WorkSpaces' });
  await input.fill(`Region = ${region}`);
  await input.press('Enter');
  await page.waitForURL(/filter=region/);
  await page.getByText(/^\d[\d,]* match(es)?$/).first().waitFor();
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll('main tbody tr')].every((row) => row.textContent.includes(wanted)),
    region,
  );
  return rows(page).count();
}

/** Exports the list; gives the file's name and text once the page has said that it is there. */
export async function exportAs(page: Page, list: string, format: string): Promise<{ readonly name: string; readonly text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Export ${list}` }).click();
  await page.getByRole('menuitem', { name: format }).click();
  const file = await download;
  await page.getByText(`in ${file.suggestedFilename()}.`).first().waitFor();
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Opens the first WorkSpace of the list in the panel; gives its id. */
export async function openFirstWorkspace(page: Page): Promise<string> {
  const link = rows(page).first().getByRole('link');
  const id = await link.innerText();
  await link.click();
  await page.getByRole('heading', { name: id }).waitFor();
  await page.getByText('Last read', { exact: true }).first().waitFor();
  return id;
}

/** Goes to the list of runs by the navigation, by which the focus moves to the new heading. */
export async function seeRuns(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Sync' }).click();
  await page.getByRole('heading', { name: /^Sync runs/ }).waitFor();
  await rows(page).first().waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(await page.title()).toBe('Sync, deskfleet');
}

/** Opens the newest run and sees its steps. */
export async function openFirstRun(page: Page): Promise<void> {
  await rows(page).first().getByRole('link').click();
  await page.getByRole('heading', { name: /^Run of/, level: 1 }).waitFor();
  await page.getByRole('heading', { name: /^Steps/ }).waitFor();
}
