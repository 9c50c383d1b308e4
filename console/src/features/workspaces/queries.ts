/** What the WorkSpaces page asks the API. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { api, bodyOf } from '@/api/client';
import type { ListParameters } from '@/list/search';

/** One page of WorkSpaces. The last page's rows stay until the next answer is here. */
export const workspacesQuery = (parameters: ListParameters) =>
  queryOptions({
    queryKey: ['workspaces', parameters],
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/workspaces', { params: { query: parameters }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** One WorkSpace, for a selection that is not on the page at hand. */
export const workspaceQuery = (id: string) =>
  queryOptions({
    queryKey: ['workspace', id],
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/workspaces/{id}', { params: { path: { id } }, signal })),
    staleTime: 30_000,
  });
