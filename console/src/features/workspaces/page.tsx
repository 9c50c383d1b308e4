/** Which WorkSpaces exist, how are they, who uses them? */

import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { Coverage, Workspace } from '@/api/model';
import { may, meQuery } from '@/api/session';
import { formatTime } from '@/format/time';
import { Page } from '@/frame/page';
import { printAddress } from '@/list/address';
import { ListView } from '@/list/list-view';
import { listOf, listParameters } from '@/list/search';
import { useListAddress } from '@/list/use-list-address';
import { Empty } from '@/ui/collection';
import { oldestReading } from '@/ui/coverage';

import { workspaceColumns } from './columns';
import { workspaceProperties } from './properties';
import { workspacesQuery } from './queries';
import { SelectionPanel } from './selection-panel';

const idOf = ({ id }: Workspace): string => id;
const NO_ITEMS: readonly Workspace[] = [];

export function WorkspacesPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const mayReadPersonal = may(me, 'personal:read');
  const address = useListAddress();
  const options = workspacesQuery(listParameters(address.search));
  const query = useQuery(options);
  const queries = useQueryClient();
  const items = query.data?.items ?? NO_ITEMS;
  const coverage = query.data?.coverage;
  const selected = listOf(address.search.sel);
  const { show } = address;
  const { filter, sort, cols, limit, cursor } = address.search;
  const columns = useMemo(
    () =>
      workspaceColumns(mayReadPersonal, {
        hrefOf: (id) => `/workspaces${printAddress({ filter, sort, cols, limit, cursor, sel: id })}`,
        open: (id) => show({ sel: id }),
      }),
    [mayReadPersonal, show, filter, sort, cols, limit, cursor],
  );
  const properties = useMemo(() => workspaceProperties(mayReadPersonal, items, coverage), [mayReadPersonal, items, coverage]);

  return (
    <Page
      name="WorkSpaces"
      contentType="table"
      help={<Help />}
      panel={selected.length > 0 && <SelectionPanel ids={selected} items={items} mayReadPersonal={mayReadPersonal} />}
      onPanelClose={() => address.show({ sel: undefined })}
    >
      <ListView
        title="WorkSpaces"
        noun={{ one: 'WorkSpace', many: 'WorkSpaces' }}
        address={address}
        query={query}
        columns={columns}
        properties={properties}
        covered
        defaultSort="id"
        trackBy={idOf}
        nameOf={idOf}
        selectable
        {...(may(me, 'exports:create') && { exported: '/api/v1/workspaces' })}
        onCancel={() => void queries.cancelQueries({ queryKey: options.queryKey })}
        empty={<NothingThere coverage={coverage} />}
      />
    </Page>
  );
}

/** Nothing was read yet, or everything was and there is none: not the same. */
function NothingThere({ coverage }: { readonly coverage: Coverage | undefined }) {
  const read = coverage?.complete === true ? oldestReading(coverage) : null;
  if (coverage === undefined || read === null) {
    return <Empty header="No WorkSpaces yet">A SyncSchedule with source Inventory fills this list.</Empty>;
  }
  const regions = new Set(coverage.sources.map(({ region }) => region));
  return (
    <Empty header="There are no WorkSpaces">
      {[...regions].sort().join(', ')} {regions.size === 1 ? 'was' : 'were'} read completely, last at {formatTime(read)}, and {regions.size === 1 ? 'holds' : 'hold'} none.
    </Empty>
  );
}

function Help() {
  return (
    <>
      <p>All WorkSpaces of all accounts and regions that a schedule has read, as of the last reading.</p>
      <h3>Unknown and never</h3>
      <p>
        <b>unknown</b> means that AWS was not asked or gave no answer. <b>never</b> means that AWS says nobody has
        connected. Neither is ever counted as zero.
      </p>
      <h3>Gone WorkSpaces</h3>
      <p>
        A WorkSpace is gone when a complete listing no longer holds it. Filter by <code>gone = true</code> to see them.
      </p>
      <h3>Filter</h3>
      <p>
        The filter in the address is the one the API takes: <code>state = (available, stopped) and lastConnectedAt &lt; 30d</code>.
      </p>
    </>
  );
}
