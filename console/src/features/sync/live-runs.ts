/**
 * Keeps runs on the screen current.
 *
 * An event about a run that is shown changes its cells in place; the order of a list never changes under the reader.
 * Runs that began since the list was read are counted, and shown when the reader refreshes. While the stream is
 * broken for longer than ten seconds, the pages say so and ask every thirty seconds instead.
 */

import type { QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { listen } from '@/api/live';
import type { SyncRun, SyncRunPage } from '@/api/model';
import { useLasting } from '@/ui/use-lasting';

import { runQuery } from './queries';

const PAUSED_AFTER_MS = 10_000;
const POLL_MS = 30_000;
/** Events about one run within this time cause one read. */
const GATHER_MS = 1_000;

export interface Live {
  /** When the stream broke; null while it stands, and for the first ten seconds of a break. */
  readonly pausedSince: Date | null;
  /** Runs that began since the list was read. */
  readonly newRuns: ReadonlySet<string>;
  readonly forgetNewRuns: () => void;
}

export function useLiveRuns(): Live {
  const queries = useQueryClient();
  const [brokenSince, setBrokenSince] = useState<Date | null>(null);
  const [newRuns, setNewRuns] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    const stop = new AbortController();
    const gather = gatherReads((id) => {
      void readRun(queries, id).then((isNew) => isNew && setNewRuns((before) => new Set([...before, id])));
    });
    void listen(
      {
        onEvent: ({ name, data }) => {
          if (name === 'reset') void refreshRuns(queries);
          const id = runIdOf(data);
          if (id !== undefined) gather.add(id);
        },
        onConnection: (connected) => setBrokenSince((before) => (connected ? null : (before ?? new Date()))),
      },
      stop.signal,
    );
    return () => {
      stop.abort();
      gather.stop();
    };
  }, [queries]);

  const pausedSince = useLasting(brokenSince !== null, PAUSED_AFTER_MS) ? brokenSince : null;

  useEffect(() => {
    if (pausedSince === null) return undefined;
    const timer = window.setInterval(() => void refreshRuns(queries), POLL_MS);
    return () => {
      window.clearInterval(timer);
      void refreshRuns(queries);
    };
  }, [pausedSince, queries]);

  return { pausedSince, newRuns, forgetNewRuns: () => setNewRuns(new Set()) };
}

/** The run an event is about; undefined for an event of another kind. */
export function runIdOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('runId' in data)) return undefined;
  return typeof data.runId === 'string' ? data.runId : undefined;
}

/** Reads one run and puts it where it is shown; true when it began after the lists on the screen were read. */
async function readRun(queries: QueryClient, id: string): Promise<boolean> {
  const run = await queries.query({ ...runQuery(id), staleTime: 0 }).catch(() => undefined);
  if (run === undefined) return false;
  let isNew = false;
  queries.setQueriesData<SyncRunPage>({ queryKey: ['sync-runs'] }, (page) => {
    if (page === undefined) return page;
    if (!page.items.some((item) => item.id === id)) {
      isNew ||= run.startedAt > page.asOf;
      return page;
    }
    return { ...page, items: page.items.map((item): SyncRun => (item.id === id ? { ...item, ...run } : item)) };
  });
  return isNew;
}

function refreshRuns(queries: QueryClient): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ['sync-runs'] }),
    queries.invalidateQueries({ queryKey: ['sync-run'] }),
  ]);
}

/** Joins bursts of the same id into one call. */
function gatherReads(read: (id: string) => void): { add: (id: string) => void; stop: () => void } {
  const waiting = new Map<string, number>();
  return {
    add: (id) => {
      if (waiting.has(id)) return;
      const timer = window.setTimeout(() => {
        waiting.delete(id);
        read(id);
      }, GATHER_MS);
      waiting.set(id, timer);
    },
    stop: () => waiting.forEach((timer) => window.clearTimeout(timer)),
  };
}
