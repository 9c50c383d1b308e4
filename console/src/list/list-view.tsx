/**
 * A list page's content: address, query and collection put together, so that a feature brings only its columns,
 * its filter properties and its words.
 */

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useRef } from 'react';

import type { ExportPath } from '@/api/export';
import type { ListPage } from '@/api/model';
import { setAppearance, useAppearance } from '@/appearance/appearance';
import { parse } from '@/filter';
import { useKeys } from '@/frame/keys';
import type { Column } from '@/ui/collection';
import { Collection, NoMatch, Preferences, shownColumns } from '@/ui/collection';
import { ErrorPanel } from '@/ui/error-panel';
import type { FilterProperty } from '@/ui/filter-bar/property';
import { FilterBar } from '@/ui/filter-bar/filter-bar';

import { ListHeader } from './list-header';
import { ListPaging } from './list-paging';
import { joined, listOf, PAGE_SIZES, parseSort, printSort } from './search';
import { matches, totalOf } from './total';
import { useDeadCursor } from './use-dead-cursor';
import type { ListAddress } from './use-list-address';

export interface ListViewProps<T> {
  /** Heading of the page. */
  readonly title: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly address: ListAddress;
  readonly query: UseQueryResult<ListPage<T>>;
  readonly columns: readonly Column<T>[];
  readonly properties: readonly FilterProperty[];
  /** Whether rows are as fresh and whole as the readings behind them; a list of runs is about the readings themselves. */
  readonly covered: boolean;
  /** Order the API uses when none is asked for. */
  readonly defaultSort: string;
  readonly trackBy: (item: T) => string;
  readonly nameOf: (item: T) => string;
  /** Why there may be nothing at all, and what would fill the list. */
  readonly empty: ReactNode;
  readonly selectable?: boolean;
  readonly actions?: ReactNode;
  /** Where the list is exported from; left out where this person may not. */
  readonly exported?: ExportPath;
  /** Shown between heading and rows, such as the state of live updates. */
  readonly notice?: ReactNode;
  readonly onCancel: () => void;
}

export function ListView<T>(props: ListViewProps<T>) {
  const { address, query, columns, noun } = props;
  const { search, relist, show } = address;
  const shown = shownColumns(columns, listOf(search.cols));
  const { wrapLines, density } = useAppearance();
  const selectedIds = listOf(search.sel);
  const items = query.data?.items ?? [];
  const onPage = new Set(items.map(props.trackBy));
  const filterBar = useRef<PropertyFilterProps.Ref>(null);
  useDeadCursor(query.error, address);
  useKeys('/', () => filterBar.current?.focus());
  useKeys('r', () => void query.refetch());

  const select = (chosen: readonly T[]): void =>
    show({ sel: joined([...selectedIds.filter((id) => !onPage.has(id)), ...chosen.map(props.trackBy)]) });

  return (
    <Collection
      label={noun.many}
      columns={shown}
      items={items}
      trackBy={props.trackBy}
      nameOf={props.nameOf}
      state={query.isPending && query.fetchStatus === 'fetching' ? 'loading' : query.isPlaceholderData ? 'refreshing' : 'ready'}
      header={<ListHeader {...props} />}
      instead={<Instead {...props} />}
      filter={
        <FilterBar
          ref={filterBar}
          filter={search.filter}
          properties={props.properties}
          noun={noun.many}
          countText={query.data ? matches(totalOf(query.data, props.covered)) : ''}
          onChange={(filter) => relist({ filter })}
        />
      }
      pagination={<ListPaging address={address} nextCursor={query.data?.nextCursor} disabled={query.isPlaceholderData} />}
      preferences={
        <Preferences
          columns={columns}
          pageSizes={PAGE_SIZES}
          noun={noun.many}
          choices={{ columns: shown.map((column) => column.id), pageSize: search.limit ?? PAGE_SIZES[0], wrapLines, density }}
          onChoose={(choices) => {
            setAppearance({ wrapLines: choices.wrapLines, density: choices.density });
            const cols = joined(choices.columns);
            const isDefault = cols === joined(shownColumns(columns, []).map((column) => column.id));
            if (choices.pageSize !== (search.limit ?? PAGE_SIZES[0])) relist({ limit: choices.pageSize });
            show({ cols: isDefault ? undefined : cols });
          }}
        />
      }
      {...(props.selectable === true && {
        selected: items.filter((item) => selectedIds.includes(props.trackBy(item))),
        onSelect: select,
      })}
      sort={parseSort(search.sort ?? props.defaultSort)}
      onSort={(sort) => relist({ sort: printSort(sort) === props.defaultSort ? undefined : printSort(sort) })}
      wrapLines={wrapLines}
    />
  );
}

/** What stands in place of rows. */
function Instead<T>({ title, noun, address, query, empty }: ListViewProps<T>) {
  const { filter } = address.search;
  if (filter !== undefined && !parse(filter).ok) return <Box color="text-body-secondary">No {noun.one} is listed until the filter can be read.</Box>;
  if (query.error) {
    return <ErrorPanel header={`${title} could not be read`} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Button onClick={() => void query.refetch()}>Load</Button>;
  if (filter !== undefined) return <NoMatch filter={filter} onClear={() => address.relist({ filter: undefined })} />;
  return empty;
}
