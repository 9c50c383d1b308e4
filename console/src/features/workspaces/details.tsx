/** Everything the list knows about one WorkSpace. */

import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';

import type { Workspace } from '@/api/model';
import { formatGib } from '@/format/quantity';
import { formatTimeInFull } from '@/format/time';
import { words } from '@/format/words';
import { known } from '@/ui/unknown';

import { autoStop } from './columns';
import { Connection, LastConnected, WorkspaceState } from './state';

export interface WorkspaceDetailsProps {
  readonly workspace: Workspace;
  readonly mayReadPersonal: boolean;
}

const time = (instant: string) => formatTimeInFull(instant);
const encryption = (encrypted: boolean) => (encrypted ? 'encrypted' : 'not encrypted');

export function WorkspaceDetails({ workspace, mayReadPersonal }: WorkspaceDetailsProps) {
  const personal = [
    { label: 'User', value: known(workspace.userName, (name) => <bdi>{name}</bdi>, workspace.userNameReason) },
    { label: 'Computer', value: known(workspace.computerName, (name) => <bdi>{name}</bdi>) },
    { label: 'IP address', value: known(workspace.ipAddress, String) },
  ];
  return (
    <KeyValuePairs
      minColumnWidth={180}
      columns={2}
      items={[
        {
          type: 'group',
          title: 'Identity',
          items: [
            ...(mayReadPersonal ? personal : []),
            { label: 'Account', value: workspace.accountId },
            { label: 'Region', value: workspace.region },
            { label: 'Directory', value: known(workspace.directoryId, String) },
            { label: 'Bundle', value: known(workspace.bundleId, String) },
          ],
        },
        {
          type: 'group',
          title: 'State and use',
          items: [
            { label: 'State', value: <WorkspaceState workspace={workspace} /> },
            { label: 'State since', value: known(workspace.stateSince, time) },
            { label: 'Running mode', value: known(workspace.runningMode, words) },
            { label: 'AutoStop after', value: autoStop(workspace) },
            { label: 'Last connected', value: <LastConnected workspace={workspace} inFull /> },
            { label: 'Connection', value: <Connection workspace={workspace} /> },
          ],
        },
        {
          type: 'group',
          title: 'Size',
          items: [
            { label: 'Compute', value: known(workspace.computeType, words) },
            { label: 'Operating system', value: known(workspace.operatingSystem, words) },
            { label: 'Protocols', value: known(workspace.protocols, (all) => all.map(words).join(', ')) },
            { label: 'Root volume', value: <>{known(workspace.rootVolumeGib, formatGib)}, {known(workspace.rootVolumeEncrypted, encryption)}</> },
            { label: 'User volume', value: <>{known(workspace.userVolumeGib, formatGib)}, {known(workspace.userVolumeEncrypted, encryption)}</> },
          ],
        },
        {
          type: 'group',
          title: 'Evidence',
          items: [
            { label: 'First seen', value: time(workspace.firstSeenAt) },
            { label: 'Last read', value: time(workspace.lastReadAt) },
            { label: 'Connection read', value: known(workspace.connectionCheckedAt, time, 'not read yet') },
          ],
        },
      ]}
    />
  );
}
