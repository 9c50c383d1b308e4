/** The panel beside the list: one selected WorkSpace in full, or the ids of several. */

import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';

import type { Workspace } from '@/api/model';
import { formatCountOf } from '@/format/quantity';
import { ErrorPanel } from '@/ui/error-panel';

import { WorkspaceDetails } from './details';
import { workspaceQuery } from './queries';

export interface SelectionPanelProps {
  readonly ids: readonly string[];
  /** The rows of the page; a selection from another page is read by itself. */
  readonly items: readonly Workspace[];
  readonly mayReadPersonal: boolean;
}

export function SelectionPanel({ ids, items, mayReadPersonal }: SelectionPanelProps) {
  const [only] = ids;
  const header = ids.length === 1 && only !== undefined ? only : `${formatCountOf(ids.length, 'WorkSpace', 'WorkSpaces')} selected`;
  return (
    <SplitPanel
      header={header}
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
      {ids.length === 1 && only !== undefined ? (
        <One id={only} listed={items.find((item) => item.id === only)} mayReadPersonal={mayReadPersonal} />
      ) : (
        <SpaceBetween size="xxs">
          {ids.map((id) => (
            <div key={id}>{id}</div>
          ))}
        </SpaceBetween>
      )}
    </SplitPanel>
  );
}

interface OneProps {
  readonly id: string;
  readonly listed: Workspace | undefined;
  readonly mayReadPersonal: boolean;
}

function One({ id, listed, mayReadPersonal }: OneProps) {
  const query = useQuery({ ...workspaceQuery(id), enabled: listed === undefined });
  const workspace = listed ?? query.data;
  if (workspace) return <WorkspaceDetails workspace={workspace} mayReadPersonal={mayReadPersonal} />;
  if (query.error) return <ErrorPanel header={`${id} could not be read`} error={query.error} onRetry={() => void query.refetch()} />;
  return <StatusIndicator type="loading">Loading {id}</StatusIndicator>;
}
