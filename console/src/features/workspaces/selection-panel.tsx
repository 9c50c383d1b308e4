/** The panel beside the list: one selected WorkSpace in full, a few side by side, or the ids of many. */

import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQueries } from '@tanstack/react-query';

import type { Workspace } from '@/api/model';
import { formatCountOf } from '@/format/quantity';
import { ErrorPanel } from '@/ui/error-panel';

import { Comparison, MOST_COMPARED } from './comparison';
import { WorkspaceDetails } from './details';
import { workspaceQuery } from './queries';

export interface SelectionPanelProps {
  readonly ids: readonly string[];
  /** The rows of the page; a selection from another page is read by itself. */
  readonly items: readonly Workspace[];
  readonly mayReadPersonal: boolean;
}

export function SelectionPanel({ ids, items, mayReadPersonal }: SelectionPanelProps) {
  const selected = formatCountOf(ids.length, 'WorkSpace', 'WorkSpaces');
  return (
    <SplitPanel
      header={ids.length === 1 ? (ids[0] ?? '') : `${selected} selected`}
      closeBehavior="hide"
      headerActions={
        <CopyToClipboard
          variant="icon"
          copyButtonAriaLabel={ids.length === 1 ? 'Copy the id' : 'Copy the ids'}
          textToCopy={ids.join('\n')}
          copySuccessText="Copied"
          copyErrorText="The browser refused to copy"
        />
      }
    >
      {ids.length <= MOST_COMPARED ? <Few ids={ids} items={items} mayReadPersonal={mayReadPersonal} /> : <Ids ids={ids} />}
    </SplitPanel>
  );
}

function Ids({ ids }: { readonly ids: readonly string[] }) {
  return (
    <SpaceBetween size="xxs">
      {ids.map((id) => (
        <div key={id}>{id}</div>
      ))}
    </SpaceBetween>
  );
}

function Few({ ids, items, mayReadPersonal }: SelectionPanelProps) {
  const listed = ids.map((id) => items.find((item) => item.id === id));
  const queries = useQueries({
    queries: ids.map((id, index) => ({ ...workspaceQuery(id), enabled: listed[index] === undefined })),
  });
  const workspaces = ids.flatMap((_, index) => listed[index] ?? queries[index]?.data ?? []);
  const failed = queries.find((query) => query.error !== null);
  if (failed?.error) {
    return <ErrorPanel header="The selection could not be read" error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (workspaces.length < ids.length) return <StatusIndicator type="loading">Loading the selection</StatusIndicator>;
  const [only] = workspaces;
  return workspaces.length === 1 && only !== undefined ? (
    <WorkspaceDetails workspace={only} mayReadPersonal={mayReadPersonal} />
  ) : (
    <Comparison workspaces={workspaces} mayReadPersonal={mayReadPersonal} />
  );
}
