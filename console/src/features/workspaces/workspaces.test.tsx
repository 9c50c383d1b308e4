import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, onTestFinished } from 'vitest';

import { setAppearance } from '@/appearance/appearance';

import { renderConsole } from '../../../tests/render-console';

/** Cloudscape listens to the code, not to the name of a key. */
const ENTER = { key: 'Enter', keyCode: 13 };

const table = () => createWrapper().findTable();
const rowsShown = () => table()?.findRows().length ?? 0;
const headers = () => table()?.findColumnHeaders().map((header) => header.getElement().textContent.trim()) ?? [];

describe('the list of WorkSpaces', () => {
  it('asks the API what its address says', async () => {
    const { api } = await renderConsole('/workspaces?filter=region+%3D+us-east-1&sort=-lastConnectedAt');
    await waitFor(() => expect(rowsShown()).toBe(39));
    expect(api.calls).toContain('GET /api/v1/workspaces');
    expect(createWrapper().findPropertyFilter()?.findTokens()[0]?.getElement()).toHaveTextContent('Region = us-east-1');
    expect(table()?.findColumnHeaders()[4]?.getElement()).toHaveAttribute('aria-sort', 'descending');
  });

  it('writes a filter into its address, and begins at the first page', async () => {
    const { router } = await renderConsole('/workspaces?cursor=50');
    await waitFor(() => expect(rowsShown()).toBe(50));
    const filter = createWrapper().findPropertyFilter();
    filter?.findNativeInput().focus();
    filter?.setInputValue('State = error');
    filter?.findNativeInput().keydown(ENTER);
    await waitFor(() => expect(router.state.location.searchStr).toBe('?filter=state+%3D+error'));
    await waitFor(() => expect(rowsShown()).toBe(13));
  });

  it('looks for typed text in every name of a WorkSpace', async () => {
    const { router } = await renderConsole('/workspaces');
    await waitFor(() => expect(rowsShown()).toBe(50));
    const filter = createWrapper().findPropertyFilter();
    filter?.setInputValue('radia.7');
    filter?.findNativeInput().keydown(ENTER);
    await waitFor(() => expect(router.state.location.search).toEqual({ filter: 'id : radia.7 or userName : radia.7 or computerName : radia.7' }));
  });

  it('takes a whole filter that is typed, as the tutorial has it', async () => {
    const { router } = await renderConsole('/workspaces');
    const filter = createWrapper().findPropertyFilter();
    filter?.findNativeInput().focus();
    filter?.setInputValue('region = eu-central-1 and state = stopped');
    filter?.findNativeInput().keydown(ENTER);
    await waitFor(() => expect(router.state.location.search).toEqual({ filter: 'region = eu-central-1 and state = stopped' }));
  });

  it('says unknown and never, and not nothing', async () => {
    await renderConsole('/workspaces?filter=lastConnectedAt+%3D+unknown');
    await waitFor(() => expect(rowsShown()).toBeGreaterThan(0));
    const cells = Array.from({ length: rowsShown() }, (_, row) => table()?.findBodyCell(row + 1, 5)?.getElement().textContent);
    expect(new Set(cells)).toEqual(new Set(['never', 'unknown']));
  });

  it('has no columns about people for those who may not see them', async () => {
    await renderConsole('/workspaces?cols=id,userName,state', (api) => {
      api.scenario = 'viewer';
    });
    await waitFor(() => expect(rowsShown()).toBe(50));
    expect(headers()).not.toContain('User');
    expect(headers()).toContain('State');
  });

  it('opens the selected WorkSpace, also from another page', async () => {
    const { api } = await renderConsole('/workspaces?sel=ws-9a0bf0ab2');
    const panel = await screen.findByRole('heading', { name: 'ws-9a0bf0ab2' });
    expect(panel).toBeVisible();
    expect(await screen.findByText('edsger.110')).toBeVisible();
    expect(api.calls).toContain('GET /api/v1/workspaces/ws-9a0bf0ab2');
  });

  it('keeps a selection over pages', async () => {
    const { router } = await renderConsole('/workspaces?sel=ws-9a0bf0ab2');
    await waitFor(() => expect(rowsShown()).toBe(50));
    table()?.findRowSelectionArea(1)?.find('input')?.click();
    await waitFor(() => expect(router.state.location.search).toEqual({ sel: 'ws-9a0bf0ab2,ws-9a0b1c000' }));
    expect(await screen.findByRole('heading', { name: '2 WorkSpaces selected' })).toBeVisible();
  });

  it('compares a few that are selected, what differs first', async () => {
    await renderConsole('/workspaces?sel=ws-9a0b1c000,ws-9a0bf0ab2');
    const different = within(await screen.findByRole('table', { name: 'Different' })).getAllByRole('rowheader');
    const same = within(screen.getByRole('table', { name: 'The same' })).getAllByRole('rowheader');
    expect(different.map((header) => header.textContent)).toContain('User');
    expect(same.map((header) => header.textContent)).toContain('Root volume');
  });

  it('sorts by asking again', async () => {
    const { router } = await renderConsole('/workspaces');
    await waitFor(() => expect(rowsShown()).toBe(50));
    table()?.findColumnSortingArea(4)?.click();
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: 'state' }));
  });

  it('goes to the first page when a cursor is dead, and says so', async () => {
    const { router } = await renderConsole('/workspaces?cursor=stale');
    await waitFor(() => expect(rowsShown()).toBe(50));
    expect(router.state.location.search).toEqual({});
    expect(await screen.findByText(/no longer exists/)).toBeVisible();
  });

  it.each([
    ['fresh', /A SyncSchedule with source Inventory fills this list/],
    ['empty', /were read completely, last at 25 Nov 2026, 13:53, and hold none/],
    ['partial', /Inventory of us-west-2 in account 111122223333 is partial/],
    ['error', /The database gave no answer in 5 s\./],
  ] as const)('says when it is %s', async (scenario, sentence) => {
    await renderConsole('/workspaces', (api) => {
      api.scenario = scenario;
    });
    expect(await screen.findByText(sentence)).toBeInTheDocument();
  });

  it('tries again after an error', async () => {
    const { api } = await renderConsole('/workspaces', (mock) => {
      mock.scenario = 'error';
    });
    const retry = await screen.findByRole('button', { name: 'Retry' });
    api.scenario = 'normal';
    await userEvent.click(retry);
    await waitFor(() => expect(rowsShown()).toBe(50));
  });
});

describe('single keys', () => {
  it('lead to the filter, to help and to other pages', async () => {
    const { router } = await renderConsole('/workspaces');
    await waitFor(() => expect(rowsShown()).toBe(50));
    await userEvent.keyboard('/');
    expect(createWrapper().findPropertyFilter()?.findNativeInput().getElement()).toHaveFocus();
    await userEvent.keyboard('gy');
    expect(router.state.location.pathname).toBe('/workspaces');
    screen.getByRole('heading', { level: 1 }).focus();
    createWrapper().findPropertyFilter()?.findNativeInput().getElement().blur();
    await userEvent.keyboard('?');
    expect(await screen.findByRole('heading', { name: 'Keys' })).toBeVisible();
    await userEvent.keyboard('gy');
    await waitFor(() => expect(router.state.location.pathname).toBe('/sync/runs'));
  });

  it('can be switched off', async () => {
    const { router } = await renderConsole('/workspaces');
    await waitFor(() => expect(rowsShown()).toBe(50));
    act(() => setAppearance({ singleKeys: false }));
    onTestFinished(() => setAppearance({ singleKeys: true }));
    await userEvent.keyboard('gy');
    expect(router.state.location.pathname).toBe('/workspaces');
  });
});

describe('the session', () => {
  it('is renewed once for all requests that were refused', async () => {
    const { api } = await renderConsole('/workspaces?sel=ws-9a0bf0ab2', (mock) => {
      mock.signedIn = false;
    });
    await waitFor(() => expect(rowsShown()).toBe(50));
    expect(api.calls.filter((call) => call.endsWith('/session/refresh'))).toHaveLength(1);
  });

  it('that ends mid-work is resumed over the page', async () => {
    const { api } = await renderConsole('/workspaces?filter=state+%3D+error');
    await waitFor(() => expect(rowsShown()).toBe(13));
    api.signedIn = api.refreshable = false;
    await userEvent.click(screen.getByRole('button', { name: 'Refresh WorkSpaces' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByLabelText('User name')).toHaveValue('admin');
    expect(rowsShown()).toBe(13);
    await userEvent.type(dialog.getByLabelText('Password'), 'wrong{Enter}');
    expect(await dialog.findByText('User name or password is wrong.')).toBeVisible();
    await userEvent.type(dialog.getByLabelText('Password'), 'correct horse battery staple{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(rowsShown()).toBe(13);
  });
});
