import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { aRun } from '../../../mock-api/fleet';
import type { MockApi } from '../../../mock-api/respond';
import { renderConsole } from '../../../tests/render-console';
import { runIdOf } from './live-runs';

const table = () => createWrapper().findTable();
const rowsShown = () => table()?.findRows().length ?? 0;
const outcome = (row: number) => table()?.findBodyCell(row, 3)?.getElement().textContent;

const listening = (api: MockApi) => waitFor(() => expect(api.events.listeners).toBeGreaterThan(0));

describe('the runs', () => {
  it('are listed, the newest first', async () => {
    await renderConsole('/sync/runs');
    await waitFor(() => expect(rowsShown()).toBe(14));
    expect(outcome(1)).toBe('Running');
  });

  it('change in place when an event tells of them', async () => {
    const { api } = await renderConsole('/sync/runs');
    await waitFor(() => expect(rowsShown()).toBe(14));
    await listening(api);
    const [running] = api.runs;
    api.runs = api.runs.map((run) => (run === running ? { ...run, outcome: 'complete' } : run));
    api.events.publish('run', { runId: running?.id, outcome: 'complete' });
    await waitFor(() => expect(outcome(1)).toBe('Complete'), { timeout: 5_000 });
  });

  it('that began meanwhile are counted, and shown on request', async () => {
    const { api } = await renderConsole('/sync/runs');
    await waitFor(() => expect(rowsShown()).toBe(14));
    await listening(api);
    const begun = { ...aRun(0), id: '0193a000-0000-7000-8000-00000000beef', startedAt: '2026-11-25T14:06:00Z' };
    api.runs = [begun, ...api.runs];
    api.events.publish('run', { runId: begun.id, outcome: 'running' });
    expect(await screen.findByText('1 run has begun since this list was read.', {}, { timeout: 5_000 })).toBeVisible();
    expect(rowsShown()).toBe(14);
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await waitFor(() => expect(rowsShown()).toBe(15));
  });

  it('say what belongs there before the first', async () => {
    await renderConsole('/sync/runs', (api) => {
      api.scenario = 'empty';
    });
    expect(await screen.findByText('No run yet')).toBeVisible();
  });
});

describe('a run', () => {
  it('shows its progress and its steps', async () => {
    await renderConsole(`/sync/runs/${aRun(0).id}`);
    expect(await screen.findByRole('heading', { name: /^Run of 25 Nov 2026, 14:03:00 UTC$/ })).toBeVisible();
    expect(createWrapper().findProgressBar()?.getElement()).toHaveTextContent('4 of 9 steps done');
    expect(rowsShown()).toBe(9);
  });

  it('keeps steps that look alike apart by their ids', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await renderConsole(`/sync/runs/${aRun(0).id}`, (api) => {
      const [run] = api.runs;
      const [step] = run?.steps ?? [];
      if (run !== undefined && step !== undefined) api.runs = [{ ...run, steps: [step, { ...step, id: step.id + 1 }] }];
    });
    await waitFor(() => expect(rowsShown()).toBe(2));
    expect(complaint).not.toHaveBeenCalledWith(expect.stringContaining('same key'), expect.anything(), expect.anything());
    complaint.mockRestore();
  });

  it('says why it is partial', async () => {
    await renderConsole(`/sync/runs/${aRun(2).id}`);
    expect(await screen.findByText(/AWS refused page 41 as too fast/)).toBeVisible();
    expect(screen.getByText('ThrottlingException: Rate exceeded')).toBeVisible();
  });

  it('that does not exist is not found', async () => {
    await renderConsole('/sync/runs/nonsense');
    expect(await screen.findByText('The run could not be read')).toBeVisible();
  });
});

describe('events', () => {
  it('of another kind or shape are about no run', () => {
    expect(runIdOf({ runId: 'a' })).toBe('a');
    expect(runIdOf({ runId: 7 })).toBeUndefined();
    expect(runIdOf('text')).toBeUndefined();
    expect(runIdOf(undefined)).toBeUndefined();
  });
});
