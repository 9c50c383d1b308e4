/** What runs can be filtered by. */

import type { SyncRun } from '@/api/model';
import { words } from '@/format/words';
import type { FilterOption, FilterProperty } from '@/ui/filter-bar/property';

import { OUTCOMES } from './outcome';
import { SOURCES } from './sources';

const named = (values: readonly string[]): FilterOption[] => values.map((value) => ({ value, label: words(value) }));
const seen = (values: readonly string[]): FilterOption[] => [...new Set(values)].sort().map((value) => ({ value }));

export function runProperties(items: readonly SyncRun[]): readonly FilterProperty[] {
  return [
    { key: 'scheduleName', label: 'Schedule', group: 'Run', kind: 'text', searched: true },
    { key: 'scheduleNamespace', label: 'Namespace', group: 'Run', kind: 'text' },
    { key: 'accountId', label: 'Account', group: 'Run', kind: 'choice', options: seen(items.map(({ accountId }) => accountId)) },
    { key: 'outcome', label: 'Outcome', group: 'Run', kind: 'choice', options: named(OUTCOMES) },
    { key: 'trigger', label: 'Trigger', group: 'Run', kind: 'choice', options: [{ value: 'schedule', label: 'Schedule' }, { value: 'request', label: 'On request' }] },
    { key: 'sources', label: 'Sources', group: 'Asked for', kind: 'choice', options: named(SOURCES) },
    { key: 'regions', label: 'Regions', group: 'Asked for', kind: 'choice' },
    { key: 'startedAt', label: 'Started', group: 'Time', kind: 'instant' },
    { key: 'finishedAt', label: 'Finished', group: 'Time', kind: 'instant' },
  ];
}
