/** Figures of a run that the list and the run's own page both show. */

import type { SyncRun } from '@/api/model';
import { formatCount, formatMoney } from '@/format/quantity';
import { formatDuration, secondsBetween } from '@/format/time';
import { words } from '@/format/words';
import { known } from '@/ui/unknown';

/** Lower-case name of the source that lists WorkSpaces. */
const INVENTORY = 'inventory';

/** WorkSpaces the run has listed so far; unknown while the inventory has not been asked. */
export const workspacesRead = ({ counts }: SyncRun) => known(counts[INVENTORY], formatCount);

/** What the run's AWS calls cost by the price list; an estimate, and said to be one. */
export const cost = ({ estimatedCost }: SyncRun) => known(estimatedCost, (money) => `${formatMoney(money)} est.`);

/** How long a run or a step took, or has been going. */
export function duration({ startedAt, finishedAt }: { readonly startedAt?: string | null; readonly finishedAt?: string | null }): string {
  if (startedAt === null || startedAt === undefined) return 'not started';
  if (finishedAt === null || finishedAt === undefined) return `${formatDuration(secondsBetween(startedAt, new Date()))} so far`;
  return formatDuration(secondsBetween(startedAt, finishedAt));
}

/** What started the run. */
export const trigger = (value: string): string => (value === 'request' ? 'On request' : words(value));
