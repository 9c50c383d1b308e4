/** What the Sync pages ask the API. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { api, bodyOf } from '@/api/client';
import type { ListParameters } from '@/list/search';

/** Runs are listed newest first unless asked otherwise. */
export const NEWEST_FIRST = '-startedAt';

/** One page of runs. */
export const runsQuery = (parameters: ListParameters) =>
  queryOptions({
    queryKey: ['sync-runs', parameters],
    queryFn: async ({ signal }) =>
      bodyOf(await api.GET('/api/v1/sync-runs', { params: { query: { sort: NEWEST_FIRST, ...parameters } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** One run with its steps. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['sync-run', id],
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/sync-runs/{id}', { params: { path: { id } }, signal })),
    staleTime: 30_000,
  });
