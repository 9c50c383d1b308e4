/** Is the data fresh and whole, and what did reading it cost? */

import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { SyncRun } from '@/api/model';
import { may, meQuery } from '@/api/session';
import { formatTime } from '@/format/time';
import { Page } from '@/frame/page';
import { ListView } from '@/list/list-view';
import { listParameters } from '@/list/search';
import { useListAddress } from '@/list/use-list-address';
import { Empty } from '@/ui/collection';

import { RUN_COLUMNS } from './columns';
import { LiveNotice } from './live-notice';
import { useLiveRuns } from './live-runs';
import { runProperties } from './properties';
import { NEWEST_FIRST, runsQuery } from './queries';

const NO_ITEMS: readonly SyncRun[] = [];

export function RunsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const address = useListAddress();
  const options = runsQuery(listParameters(address.search));
  const query = useQuery(options);
  const queries = useQueryClient();
  const live = useLiveRuns();
  const items = query.data?.items ?? NO_ITEMS;
  const properties = useMemo(() => runProperties(items), [items]);

  return (
    <Page name="Sync" contentType="table" help={<Help />}>
      <ListView
        title="Sync runs"
        noun={{ one: 'run', many: 'runs' }}
        address={address}
        query={query}
        columns={RUN_COLUMNS}
        properties={properties}
        covered={false}
        defaultSort={NEWEST_FIRST}
        trackBy={({ id }) => id}
        {...(may(me, 'exports:create') && { exported: '/api/v1/sync-runs' })}
        nameOf={({ startedAt }) => `the run of ${formatTime(startedAt)}`}
        onCancel={() => void queries.cancelQueries({ queryKey: options.queryKey })}
        notice={
          <LiveNotice
            pausedSince={live.pausedSince}
            newRuns={live.newRuns.size}
            onRefresh={() => {
              live.forgetNewRuns();
              void query.refetch();
            }}
          />
        }
        empty={<Empty header="No run yet">A SyncSchedule starts runs; the first begins when its cron expression is next due.</Empty>}
      />
    </Page>
  );
}

function Help() {
  return (
    <>
      <p>A schedule starts a run; a run reads AWS in steps, one for each source, region and, for some, directory.</p>
      <h3>Outcomes</h3>
      <ul>
        <li>
          <b>Complete</b>: every step read everything.
        </li>
        <li>
          <b>Partial</b>: some step did not; what was read is kept, and nothing is marked gone because of the rest.
        </li>
        <li>
          <b>Failed</b>: nothing could be read. <b>Skipped</b>: another run was still at it.
        </li>
      </ul>
      <h3>Cost</h3>
      <p>What the AWS calls of the run cost by the price list. Most are free.</p>
    </>
  );
}
