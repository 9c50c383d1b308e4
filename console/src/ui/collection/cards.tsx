/** The narrow form of a collection: a card a row, with the ranked columns only. */

import type { CardsProps } from '@cloudscape-design/components/cards';
import Cards from '@cloudscape-design/components/cards';
import { useMemo } from 'react';

import { SKELETON_AFTER_MS, useLasting } from '../use-lasting';
import type { CollectionProps } from './collection';
import type { Column } from './column';

export function CollectionCards<T>(props: CollectionProps<T>) {
  const { columns, items, state, onSelect, nameOf, label } = props;
  const definition = useMemo(() => cardDefinition(columns), [columns]);
  const loading = useLasting(state === 'loading', SKELETON_AFTER_MS);
  return (
    <Cards
      variant="full-page"
      cardDefinition={definition}
      cardsPerRow={[{ cards: 1 }]}
      items={items}
      trackBy={props.trackBy}
      loading={loading}
      loadingText={`Loading ${label}`}
      empty={state === 'loading' ? ' ' : props.instead}
      header={props.header}
      filter={props.filter}
      pagination={props.pagination}
      preferences={props.preferences}
      {...(onSelect && { selectionType: 'multi' as const, selectedItems: props.selected ?? [] })}
      onSelectionChange={({ detail }) => onSelect?.(detail.selectedItems)}
      ariaLabels={{
        cardsLabel: label,
        selectionGroupLabel: `Selection of ${label}`,
        itemSelectionLabel: (_, item) => `Select ${nameOf(item)}`,
      }}
    />
  );
}

function cardDefinition<T>(columns: readonly Column<T>[]): CardsProps.CardDefinition<T> {
  const naming = columns.find((column) => column.namesRow === true);
  const ranked = columns.filter((column) => column.rank !== undefined && column !== naming);
  return {
    header: (item) => naming?.cell(item),
    sections: [...ranked]
      .sort((left, right) => (left.rank ?? 0) - (right.rank ?? 0))
      .map(({ id, header, cell }, index) => ({ id, header, content: cell, width: index === 0 ? 100 : 50 })),
  };
}
