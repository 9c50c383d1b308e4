/** What runs can be filtered by. */

import type { SyncRun } from '@/api/model';
import { words } from '@/format/words';
import type { FilterOption, FilterProperty } from '@/ui/filter-bar/property';

import { OUTCOMES } from './outcome';

const named = (values: readonly string[]): FilterOption[] => values.map((value) => ({ value, label: words(value) }));
const seen = (values: readonly string[]): FilterOption[] => [...new Set(values)].sort().map((value) => ({ value }));

export function runProperties(items: readonly SyncRun[]): readonly FilterProperty[] {
  return [
    { key: 'schedule', label: 'Schedule', group: 'Run', kind: 'text', searched: true },
    { key: 'accountId', label: 'Account', group: 'Run', kind: 'choice', options: seen(items.map(({ accountId }) => accountId)) },
    { key: 'outcome', label: 'Outcome', group: 'Run', kind: 'choice', options: named(OUTCOMES) },
    { key: 'trigger', label: 'Trigger', group: 'Run', kind: 'choice', options: [{ value: 'schedule', label: 'Schedule' }, { value: 'request', label: 'On request' }] },
    { key: 'startedAt', label: 'Started', group: 'Time', kind: 'instant' },
  ];
}
