/** The columns of the WorkSpaces list, in their default order. Ids are the API's field names. */

import Link from '@cloudscape-design/components/link';

import type { Workspace } from '@/api/model';
import { formatGib } from '@/format/quantity';
import { formatDuration, formatTime } from '@/format/time';
import { words } from '@/format/words';
import type { Column } from '@/ui/collection';
import { known } from '@/ui/unknown';

import { Connection, LastConnected, WorkspaceState } from './state';

const time = (instant: string) => formatTime(instant);
const yesNo = (value: boolean) => (value ? 'Yes' : 'No');

/** Columns that say something about a person. */
const PERSONAL = new Set(['userName', 'computerName', 'ipAddress']);

/** How a row's name opens its WorkSpace: in the panel at once, and by address in a new tab. */
export interface Opening {
  readonly hrefOf: (id: string) => string;
  readonly open: (id: string) => void;
}

/** All columns the person may see. */
export function workspaceColumns(mayReadPersonal: boolean, opening: Opening): readonly Column<Workspace>[] {
  return columns(opening).filter(({ id }) => mayReadPersonal || !PERSONAL.has(id));
}

const columns = ({ hrefOf, open }: Opening): readonly Column<Workspace>[] => [
  { id: 'id', header: 'WorkSpace', namesRow: true, sortable: true, width: 170, cell: ({ id }) => <Name id={id} href={hrefOf(id)} onOpen={open} /> },
  { id: 'userName', header: 'User', sortable: true, rank: 1, width: 200, fields: ['userName', 'userNameReason'], cell: ({ userName, userNameReason }) => known(userName, (name) => <bdi>{name}</bdi>, userNameReason) },
  { id: 'state', header: 'State', sortable: true, rank: 1, width: 160, cell: (workspace) => <WorkspaceState workspace={workspace} /> },
  { id: 'stateSince', header: 'State since', sortable: true, optional: true, width: 170, cell: ({ stateSince }) => known(stateSince, time) },
  { id: 'lastConnectedAt', header: 'Last connected', sortable: true, rank: 1, width: 180, fields: ['lastConnectedAt', 'lastConnectedReason'], cell: (workspace) => <LastConnected workspace={workspace} /> },
  { id: 'runningMode', header: 'Running mode', sortable: true, rank: 2, width: 160, cell: ({ runningMode }) => known(runningMode, words) },
  { id: 'computeType', header: 'Compute', sortable: true, rank: 3, width: 180, cell: ({ computeType }) => known(computeType, words) },
  { id: 'region', header: 'Region', sortable: true, rank: 2, width: 130, cell: ({ region }) => region },
  { id: 'directoryId', header: 'Directory', sortable: true, rank: 4, width: 150, cell: ({ directoryId }) => known(directoryId, String) },
  { id: 'accountId', header: 'Account', sortable: true, rank: 4, width: 140, cell: ({ accountId }) => accountId },
  { id: 'bundleId', header: 'Bundle', sortable: true, optional: true, width: 150, cell: ({ bundleId }) => known(bundleId, String) },
  { id: 'computerName', header: 'Computer', sortable: true, optional: true, cell: ({ computerName }) => known(computerName, (name) => <bdi>{name}</bdi>) },
  { id: 'ipAddress', header: 'IP address', optional: true, width: 140, cell: ({ ipAddress }) => known(ipAddress, String) },
  { id: 'operatingSystem', header: 'Operating system', sortable: true, optional: true, width: 190, cell: ({ operatingSystem }) => known(operatingSystem, words) },
  { id: 'protocols', header: 'Protocols', optional: true, cell: ({ protocols }) => known(protocols, (all) => all.map(words).join(', ')) },
  { id: 'autoStopTimeoutMinutes', header: 'AutoStop after', optional: true, cell: (workspace) => autoStop(workspace) },
  { id: 'rootVolumeGib', header: 'Root volume', sortable: true, optional: true, width: 140, cell: ({ rootVolumeGib }) => known(rootVolumeGib, formatGib) },
  { id: 'userVolumeGib', header: 'User volume', sortable: true, optional: true, width: 140, cell: ({ userVolumeGib }) => known(userVolumeGib, formatGib) },
  { id: 'rootVolumeEncrypted', header: 'Root encrypted', optional: true, width: 140, cell: ({ rootVolumeEncrypted }) => known(rootVolumeEncrypted, yesNo) },
  { id: 'userVolumeEncrypted', header: 'User encrypted', optional: true, width: 140, cell: ({ userVolumeEncrypted }) => known(userVolumeEncrypted, yesNo) },
  { id: 'connectionState', header: 'Connection', sortable: true, optional: true, cell: (workspace) => <Connection workspace={workspace} /> },
  { id: 'firstSeenAt', header: 'First seen', sortable: true, optional: true, width: 170, cell: ({ firstSeenAt }) => time(firstSeenAt) },
  { id: 'lastReadAt', header: 'Last read', sortable: true, optional: true, width: 170, cell: ({ lastReadAt }) => time(lastReadAt) },
];

interface NameProps {
  readonly id: string;
  readonly href: string;
  readonly onOpen: (id: string) => void;
}

function Name({ id, href, onOpen }: NameProps) {
  return (
    <Link
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        onOpen(id);
      }}
    >
      {id}
    </Link>
  );
}

/** How long an AutoStop WorkSpace stays up without a session; other modes do not stop by themselves. */
export function autoStop({ runningMode, autoStopTimeoutMinutes }: Workspace) {
  if (runningMode !== 'auto_stop' && runningMode !== null) return 'does not stop by itself';
  return known(autoStopTimeoutMinutes, (minutes) => formatDuration(minutes * 60));
}
