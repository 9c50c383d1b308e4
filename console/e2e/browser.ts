/**
 * A Chromium whose every complaint is kept: console errors, uncaught errors, violations of the content security
 * policy. A test that ends with complaints has failed.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import axe from 'axe-core';
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

import { pinnedCertificate } from './certificate';

/** Where Debian, Ubuntu and Fedora put it; `CHROMIUM` names another place. */
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser. For an https address with a private authority, `caFile` holds its certificate. */
export async function startBrowser(url: string, caFile?: string): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error('no Chromium found: run scripts/install-chromium.sh, or set CHROMIUM to its path');
  }
  const pinned = caFile === undefined ? [] : [await pinnedCertificate(url, await readFile(caFile, 'utf8'))];
  return chromium.launch({ executablePath, args: [...FLAGS, ...pinned] });
}

declare global {
  interface Window {
    /** Put there by `openPage`. */
    reportViolation: (violation: string) => void;
    /** Put there by `accessibilityViolations`. */
    axe: typeof axe;
  }
}

export interface WatchedPage {
  readonly page: Page;
  /** Everything the page complained about so far. */
  readonly complaints: string[];
}

/** A page in a fresh context, in English and UTC so that texts can be compared; at `now` where that is given. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}, now?: string): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  if (now !== undefined) await page.clock.setFixedTime(now);
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message)) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('reportViolation', (violation: string) => complaints.push(violation));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`CSP ${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  return { page, complaints };
}

/**
 * Somebody without a session is refused once, and Chromium logs every refusal. A network device that comes or goes on
 * the machine, as a cluster's do, breaks open streams; the console opens them again.
 */
const isExpected = (message: ConsoleMessage): boolean =>
  message.text().includes('net::ERR_NETWORK_CHANGED') ||
  (message.text().includes('status of 401') && /\/api\/v1\/(me|session(\/refresh)?)$/.test(message.location().url));

/** Violations of accessibility rules on the page as it stands, one line each. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  });
  return results;
}
