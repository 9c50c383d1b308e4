/**
 * A list of things: a table from 600 px, cards below, from one column definition.
 *
 * Knows nothing of addresses or queries. The states a list can be in are one union, so that no page can show
 * "empty" for a list that failed or "no match" for one that never loaded.
 */

import type { ReactNode } from 'react';

import { useMediaQuery } from '../use-media-query';
import { CollectionCards } from './cards';
import type { Column } from './column';
import { CollectionTable } from './table';

/** Where the rows stand. */
export type CollectionState =
  /** Nothing to show yet. */
  | 'loading'
  /** The rows are those of the last answer; a new answer is on its way. */
  | 'refreshing'
  | 'ready';

export interface SortChoice {
  readonly column: string;
  readonly descending: boolean;
}

export interface CollectionProps<T> {
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly trackBy: (item: T) => string;
  /** Names a row for people who do not see it. */
  readonly nameOf: (item: T) => string;
  readonly label: string;
  readonly state: CollectionState;
  readonly header: ReactNode;
  /** What stands there instead of rows: empty, no match or the error. */
  readonly instead: ReactNode;
  readonly filter?: ReactNode;
  readonly pagination?: ReactNode;
  readonly preferences?: ReactNode;
  readonly selected?: readonly T[];
  readonly onSelect?: (items: readonly T[]) => void;
  readonly sort?: SortChoice | undefined;
  readonly onSort?: (sort: SortChoice) => void;
  readonly wrapLines?: boolean;
}

export function Collection<T>(props: CollectionProps<T>) {
  const wide = useMediaQuery('(min-width: 600px)');
  return (
    <div className={props.state === 'refreshing' ? 'refreshing' : undefined} aria-busy={props.state !== 'ready'}>
      {wide ? <CollectionTable {...props} /> : <CollectionCards {...props} />}
    </div>
  );
}
