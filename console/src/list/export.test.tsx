import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { nameOf } from '@/api/export';

import type { MockApi } from '../../mock-api/respond';
import { renderConsole } from '../../tests/render-console';

/** What the browser was handed: name and content. */
let saved: { readonly name: string; readonly content: Promise<string> }[];

beforeEach(() => {
  saved = [];
  const contents = new Map<string, Blob>();
  // jsdom has neither object URLs nor downloads.
  URL.createObjectURL = (content: Blob) => {
    const address = `blob:${contents.size}`;
    contents.set(address, content);
    return address;
  };
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, content: contents.get(this.href)?.text() ?? Promise.resolve('') });
  });
});
afterEach(() => vi.restoreAllMocks());

const button = () =>
  createWrapper()
    .findAllButtonDropdowns()
    .find((dropdown) => dropdown.getElement().textContent.includes('Export'));

async function exportAs(format: string): Promise<void> {
  await waitFor(() => expect(button()).toBeDefined());
  button()?.openDropdown();
  button()?.findItemById(format)?.click();
}

const rowsShown = () => createWrapper().findTable()?.findRows().length ?? 0;

describe('the export button', () => {
  it('saves every row of the filter with the shown columns', async () => {
    await renderConsole('/workspaces?filter=region+%3D+eu-west-1&cols=id,lastConnectedAt');
    await waitFor(() => expect(rowsShown()).toBeGreaterThan(0));
    await exportAs('csv');
    expect(await screen.findByText(/^\d+ WorkSpaces are in deskfleet-list\.csv\.$/)).toBeVisible();
    const [file] = saved;
    expect(file?.name).toBe('deskfleet-list.csv');
    const lines = (await file?.content)?.split('\r\n') ?? [];
    expect(lines[0]).toBe('id,lastConnectedAt,lastConnectedReason');
    expect(lines.length).toBeGreaterThan(30);
  });

  it('says that the sources were not read completely', async () => {
    await renderConsole('/workspaces', (api) => {
      api.scenario = 'partial';
    });
    await exportAs('xlsx');
    expect(await screen.findByText(/Not every source behind them was read completely\.$/)).toBeVisible();
    expect(saved[0]?.name).toBe('deskfleet-list.xlsx');
  });

  it('says why there is no file', async () => {
    await renderConsole('/sync/runs', (api) => {
      api.exportLimit = 3;
    });
    await exportAs('jsonl');
    expect(await screen.findByText('The runs could not be exported: it finds more than 3 rows; narrow it down')).toBeVisible();
    expect(saved).toEqual([]);
  });

  it('renews an expired session first', async () => {
    let mock: MockApi | undefined;
    await renderConsole('/sync/runs', (api) => {
      mock = api;
    });
    await waitFor(() => expect(rowsShown()).toBe(14));
    if (mock !== undefined) mock.signedIn = false;
    await exportAs('csv');
    expect(await screen.findByText(/^14 runs are in/)).toBeVisible();
    expect((await saved[0]?.content)?.split('\r\n')[0]).toContain('stepsDone,stepsTotal');
  });

  it('is not there for who may not export', async () => {
    await renderConsole('/workspaces', (api) => {
      api.scenario = 'viewer';
    });
    await waitFor(() => expect(rowsShown()).toBeGreaterThan(0));
    expect(button()).toBeUndefined();
  });
});

describe('the name of a file', () => {
  it('is taken only where it is plain', () => {
    expect(nameOf('attachment; filename="deskfleet-workspaces-20261125T120000Z.csv"')).toBe('deskfleet-workspaces-20261125T120000Z.csv');
    expect(nameOf('attachment; filename="../../evil.exe"')).toBeNull();
    expect(nameOf(null)).toBeNull();
  });
});
