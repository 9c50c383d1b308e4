/** One run, step by step, as it happens. */

import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { formatTimeInFull } from '@/format/time';
import { Page } from '@/frame/page';
import { ErrorPanel } from '@/ui/error-panel';
import { SKELETON_AFTER_MS, useLasting } from '@/ui/use-lasting';

import { LiveNotice } from './live-notice';
import { useLiveRuns } from './live-runs';
import { runQuery } from './queries';
import { RunSummary } from './run-summary';
import { RunSteps } from './run-steps';

export function RunPage() {
  const { runId } = useParams({ from: '/signed-in/sync/runs/$runId' });
  const query = useQuery(runQuery(runId));
  const live = useLiveRuns();
  const loading = useLasting(query.isPending, SKELETON_AFTER_MS);
  const run = query.data;
  const thing = run ? `Run of ${formatTimeInFull(run.startedAt)}` : `Run ${runId}`;

  return (
    <Page name="Sync" thing={thing} above={[{ text: 'Sync', href: '/sync/runs' }]} help={<Help />}>
      <SpaceBetween size="l">
        <Header variant="h1" {...(run && { description: `${run.schedule.namespace}/${run.schedule.name}, account ${run.accountId}` })}>
          {thing}
        </Header>
        <LiveNotice pausedSince={live.pausedSince} newRuns={0} onRefresh={() => void query.refetch()} />
        {query.error && (
          <ErrorPanel header={run ? 'The run could not be refreshed' : 'The run could not be read'} error={query.error} onRetry={() => void query.refetch()} />
        )}
        {loading && <StatusIndicator type="loading">Loading the run</StatusIndicator>}
        {run && <RunSummary run={run} />}
        {run && <RunSteps steps={run.steps} />}
      </SpaceBetween>
    </Page>
  );
}

function Help() {
  return (
    <p>
        A run that is interrupted goes on where it stopped: complete steps are not read again. A throttle is AWS asking
        to slow down; the run waits and goes on.
    </p>
  );
}
