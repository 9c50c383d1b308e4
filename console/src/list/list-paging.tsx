/** The page turner, bound to the address. */

import { Paging } from '@/ui/collection';

import { trailAt, trailTo } from './trail';
import type { ListAddress } from './use-list-address';

export interface ListPagingProps {
  readonly address: ListAddress;
  readonly nextCursor: string | null | undefined;
  readonly disabled: boolean;
}

export function ListPaging({ address, nextCursor, disabled }: ListPagingProps) {
  const { cursor } = address.search;
  const trail = trailTo(cursor, address.trail);
  const hasNext = nextCursor !== null && nextCursor !== undefined;
  return (
    <Paging
      page={trail === undefined ? undefined : trail.length + 1}
      hasNext={hasNext}
      disabled={disabled}
      onTurn={(page) => address.turnTo(trailAt(page, trail ?? [], nextCursor))}
      onFirst={() => address.turnTo([])}
      onNext={() => hasNext && address.turnTo([nextCursor])}
    />
  );
}
