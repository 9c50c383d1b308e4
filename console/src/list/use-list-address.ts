/** Reads and changes the list state in the address. */

import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

import type { ListSearch } from './search';
import { parseListSearch } from './search';
import type { Trail } from './trail';

/** A change of the list state; undefined removes a parameter. */
export type ListChange = { readonly [K in keyof ListSearch]: ListSearch[K] | undefined };

export interface ListAddress {
  readonly search: ListSearch;
  /** Cursors that led here, if this page was reached by turning pages. */
  readonly trail: Trail | undefined;
  /** Changes what is listed (filter, sort, limit): back to the first page. */
  readonly relist: (change: ListChange) => void;
  /** Changes how the same rows are shown (columns, selection), without a new step in the history. */
  readonly show: (change: ListChange) => void;
  /** Goes to the page at the end of the trail. */
  readonly turnTo: (trail: Trail) => void;
}

export function useListAddress(): ListAddress {
  const navigate = useNavigate();
  const trail = useLocation({ select: ({ state }) => state.trail });
  const address = useLocation({ select: (location) => location.searchStr });
  const search = parseListSearch(Object.fromEntries(new URLSearchParams(address)));

  const relist = useCallback(
    (change: ListChange) => {
      void navigate({ to: '.', search: (before) => parseListSearch({ ...before, ...change, cursor: undefined }), resetScroll: false });
    },
    [navigate],
  );
  const show = useCallback(
    (change: ListChange) => {
      void navigate({
        to: '.',
        search: (before) => parseListSearch({ ...before, ...change }),
        state: (before) => before,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  const turnTo = useCallback(
    (pages: Trail) => {
      void navigate({
        to: '.',
        search: (before) => parseListSearch({ ...before, cursor: pages.at(-1) }),
        state: (before) => ({ ...before, trail: pages }),
      });
    },
    [navigate],
  );
  return { search, trail, relist, show, turnTo };
}
