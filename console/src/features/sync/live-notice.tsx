/** Whether the page is live, and what began since the list was read. */

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

import { formatCountOf } from '@/format/quantity';
import { formatClock } from '@/format/time';

export interface LiveNoticeProps {
  readonly pausedSince: Date | null;
  readonly newRuns: number;
  readonly onRefresh: () => void;
}

export function LiveNotice({ pausedSince, newRuns, onRefresh }: LiveNoticeProps) {
  if (pausedSince !== null) {
    return <Alert type="warning">Live paused since {formatClock(pausedSince.toISOString())}. The page is read every 30 s.</Alert>;
  }
  if (newRuns === 0) return null;
  return (
    <Alert type="info" action={<Button onClick={onRefresh}>Refresh</Button>}>
      {formatCountOf(newRuns, 'run has begun', 'runs have begun')} since this list was read.
    </Alert>
  );
}
