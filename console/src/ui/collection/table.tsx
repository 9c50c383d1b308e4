/** The wide form of a collection. */

import type { TableProps } from '@cloudscape-design/components/table';
import Table from '@cloudscape-design/components/table';
import { useMemo } from 'react';

import { SKELETON_AFTER_MS, useLasting } from '../use-lasting';
import type { CollectionProps } from './collection';
import type { Column } from './column';

export function CollectionTable<T>(props: CollectionProps<T>) {
  const { columns, items, state, sort, onSort, onSelect, nameOf, label } = props;
  const definitions = useMemo(() => columns.map(columnDefinition), [columns]);
  const skeleton = useLasting(state === 'loading', SKELETON_AFTER_MS);
  return (
    <Table
      variant="full-page"
      columnDefinitions={definitions}
      items={items}
      trackBy={props.trackBy}
      loading={skeleton}
      loadingText={`Loading ${label}`}
      skeleton={{ totalRows: 10 }}
      empty={state === 'loading' ? ' ' : props.instead}
      header={props.header}
      filter={props.filter}
      pagination={props.pagination}
      preferences={props.preferences}
      stickyHeader
      stickyColumns={{ first: 1 }}
      resizableColumns
      enableKeyboardNavigation
      wrapLines={props.wrapLines ?? false}
      {...(onSelect && { selectionType: 'multi' as const, selectedItems: props.selected ?? [] })}
      onSelectionChange={({ detail }) => onSelect?.(detail.selectedItems)}
      {...(sort && { sortingColumn: { sortingField: sort.column }, sortingDescending: sort.descending })}
      onSortingChange={({ detail }) => {
        const { sortingField } = detail.sortingColumn;
        if (sortingField !== undefined) onSort?.({ column: sortingField, descending: detail.isDescending === true });
      }}
      ariaLabels={{
        tableLabel: label,
        selectionGroupLabel: `Selection of ${label}`,
        allItemsSelectionLabel: () => `Select all ${label} on this page`,
        itemSelectionLabel: (_, item) => `Select ${nameOf(item)}`,
      }}
    />
  );
}

function columnDefinition<T>(column: Column<T>): TableProps.ColumnDefinition<T> {
  return {
    id: column.id,
    header: column.header,
    cell: column.cell,
    isRowHeader: column.namesRow === true,
    width: column.width ?? 160,
    minWidth: 90,
    ...(column.sortable === true && { sortingField: column.id }),
  };
}
