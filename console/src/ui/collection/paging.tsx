/** Turning the pages of a keyset list: back to pages seen, forward while the API gives a cursor, no jumping ahead. */

import Button from '@cloudscape-design/components/button';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';

export interface PagingProps {
  /** Number of this page from 1; undefined when a link led into the middle of the list. */
  readonly page: number | undefined;
  readonly hasNext: boolean;
  readonly disabled: boolean;
  readonly onTurn: (page: number) => void;
  readonly onFirst: () => void;
  readonly onNext: () => void;
}

export function Paging({ page, hasNext, disabled, onTurn, onFirst, onNext }: PagingProps) {
  if (page === undefined) {
    return (
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={onFirst} disabled={disabled}>
          First page
        </Button>
        <Button
          onClick={onNext}
          disabled={disabled || !hasNext}
          {...(!hasNext && { disabledReason: 'This is the last page.' })}
        >
          Next page
        </Button>
      </SpaceBetween>
    );
  }
  return (
    <Pagination
      currentPageIndex={page}
      pagesCount={page}
      openEnd={hasNext}
      disabled={disabled}
      onChange={({ detail }) => onTurn(detail.currentPageIndex)}
    />
  );
}
