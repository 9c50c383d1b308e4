/** How many there are, and how sure that is. */

import type { ListPage, Total } from '@/api/model';
import { formatCountOf } from '@/format/quantity';

/** The total, which is a lower bound as well where some reading is incomplete. */
export function totalOf<T>({ total, coverage }: ListPage<T>, covered: boolean): Total {
  return { value: total.value, atLeast: total.atLeast || (covered && !coverage.complete) };
}

/** `39 matches`, for the filter bar. */
export const matches = (total: Total): string =>
  total.atLeast ? `at least ${formatCountOf(total.value, 'match', 'matches')}` : formatCountOf(total.value, 'match', 'matches');
