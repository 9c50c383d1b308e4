/** Heading of a list page: what it holds, how fresh and whole that is, and what can be done. */

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { ListPage } from '@/api/model';
import { isSignedOut } from '@/api/problem';
import { formatCount, formatTotal } from '@/format/quantity';
import { formatRecent, localZone } from '@/format/time';
import { fieldsOf, shownColumns } from '@/ui/collection';
import { CoverageNotice, oldestReading } from '@/ui/coverage';
import { ErrorPanel } from '@/ui/error-panel';
import { STILL_LOADING_AFTER_MS, useLasting } from '@/ui/use-lasting';

import { ExportButton } from './export-button';
import type { ListViewProps } from './list-view';
import { listOf } from './search';
import { totalOf } from './total';

/** When the oldest of the readings behind the list was made. */
function freshness<T>({ asOf, coverage }: ListPage<T>, covered: boolean): string {
  const reading = covered ? oldestReading(coverage) : asOf;
  return reading === null ? 'Not read completely yet.' : `Data as of ${formatRecent(reading, new Date())}.`;
}

/** Nothing read is no total of zero. */
function counter<T>(page: ListPage<T>, covered: boolean, selected: number): string {
  if (covered && page.coverage.sources.length === 0) return '';
  return `(${selected > 0 ? `${formatCount(selected)} of ` : ''}${formatTotal(totalOf(page, covered))})`;
}

export function ListHeader<T>({ title, noun, address, query, columns, covered, defaultSort, actions, exported, notice, onCancel }: ListViewProps<T>) {
  const { data } = query;
  const selected = listOf(address.search.sel).length;
  const slow = useLasting(query.isFetching, STILL_LOADING_AFTER_MS);
  return (
    <SpaceBetween size="m">
      <Header
        variant="awsui-h1-sticky"
        counter={data && counter(data, covered, selected)}
        description={data && `${freshness(data, covered)} Times in ${localZone()}.`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={`Refresh ${noun.many}`} loading={query.isRefetching} onClick={() => void query.refetch()} />
            {exported !== undefined && (
              <ExportButton
                path={exported}
                noun={noun}
                filter={address.search.filter}
                sort={address.search.sort ?? defaultSort}
                fields={fieldsOf(shownColumns(columns, listOf(address.search.cols)))}
              />
            )}
            {actions}
          </SpaceBetween>
        }
      >
        {title}
      </Header>
      {slow && (
        <Alert type="info" action={<Button onClick={onCancel}>Cancel</Button>}>
          Still loading
        </Alert>
      )}
      {notice}
      {query.error && data && !isSignedOut(query.error) && <ErrorPanel header={`${title} could not be refreshed`} error={query.error} onRetry={() => void query.refetch()} />}
      {data && covered && <CoverageNotice coverage={data.coverage} runsHref="/sync/runs" />}
    </SpaceBetween>
  );
}

