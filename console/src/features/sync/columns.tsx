/** The columns of the list of runs, in their default order. Ids are the API's field names. */

import Link from '@cloudscape-design/components/link';

import type { SyncRun } from '@/api/model';
import { formatCount } from '@/format/quantity';
import { formatTime } from '@/format/time';
import type { Column } from '@/ui/collection';

import { Outcome } from './outcome';
import { cost, duration, trigger, workspacesRead } from './run-figures';

/** Where one run is shown. */
export const runHref = (id: string): string => `/sync/runs/${encodeURIComponent(id)}`;

export const RUN_COLUMNS: readonly Column<SyncRun>[] = [
  { id: 'startedAt', header: 'Started', namesRow: true, sortable: true, width: 170, cell: (run) => <Link href={runHref(run.id)}>{formatTime(run.startedAt)}</Link> },
  { id: 'scheduleName', header: 'Schedule', sortable: true, rank: 1, width: 190, fields: ['schedule'], cell: ({ schedule }) => <bdi>{schedule.name}</bdi> },
  { id: 'outcome', header: 'Outcome', sortable: true, rank: 1, width: 130, cell: (run) => <Outcome value={run.outcome} /> },
  { id: 'accountId', header: 'Account', sortable: true, rank: 2, width: 140, cell: ({ accountId }) => accountId },
  { id: 'trigger', header: 'Trigger', rank: 4, width: 125, cell: (run) => trigger(run.trigger) },
  { id: 'duration', header: 'Duration', rank: 3, width: 160, fields: ['startedAt', 'finishedAt'], cell: duration },
  { id: 'steps', header: 'Steps', rank: 2, width: 90, fields: ['stepsDone', 'stepsTotal'], cell: ({ stepsDone, stepsTotal }) => `${formatCount(stepsDone)} of ${formatCount(stepsTotal)}` },
  { id: 'workspaces', header: 'WorkSpaces', rank: 3, width: 130, fields: ['counts'], cell: workspacesRead },
  { id: 'awsCalls', header: 'AWS calls', width: 100, cell: ({ awsCalls }) => formatCount(awsCalls) },
  { id: 'estimatedCost', header: 'Cost', width: 130, cell: cost },
  { id: 'message', header: 'Message', rank: 4, width: 380, cell: ({ message }) => message ?? 'none' },
  { id: 'scheduleNamespace', header: 'Namespace', optional: true, fields: ['schedule'], cell: ({ schedule }) => <bdi>{schedule.namespace}</bdi> },
  { id: 'id', header: 'Run', optional: true, width: 320, cell: ({ id }) => id },
];
