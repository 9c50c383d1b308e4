/** A WorkSpace's state and last connection as people read them. */

import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import type { Workspace } from '@/api/model';
import { formatTime, formatTimeInFull } from '@/format/time';
import { words } from '@/format/words';
import { Unknown } from '@/ui/unknown';

/** States AWS documents (API action DescribeWorkspaces, member State), in lower case. */
export const STATES = [
  'available',
  'stopped',
  'starting',
  'stopping',
  'rebooting',
  'rebuilding',
  'restoring',
  'updating',
  'pending',
  'suspended',
  'maintenance',
  'admin_maintenance',
  'impaired',
  'unhealthy',
  'error',
  'terminating',
  'terminated',
] as const;

const INDICATORS: Readonly<Record<(typeof STATES)[number], StatusIndicatorProps.Type>> = {
  available: 'success',
  stopped: 'stopped',
  suspended: 'stopped',
  pending: 'in-progress',
  starting: 'in-progress',
  stopping: 'in-progress',
  rebooting: 'in-progress',
  rebuilding: 'in-progress',
  restoring: 'in-progress',
  updating: 'in-progress',
  terminating: 'in-progress',
  maintenance: 'info',
  admin_maintenance: 'info',
  impaired: 'warning',
  unhealthy: 'warning',
  error: 'error',
  terminated: 'not-started',
};

/** The indicator of a state; one that AWS has added since shows as pending, under its own name. */
export function WorkspaceState({ workspace }: { readonly workspace: Workspace }) {
  if (workspace.goneAt) return <StatusIndicator type="not-started">{`Gone since ${formatTime(workspace.goneAt)}`}</StatusIndicator>;
  if (workspace.state === null) return <Unknown />;
  const known = STATES.find((state) => state === workspace.state);
  return <StatusIndicator type={known ? INDICATORS[known] : 'pending'}>{words(workspace.state)}</StatusIndicator>;
}

/** Whether somebody is connected now. AWS does not look at a WorkSpace that is stopped. */
export function Connection({ workspace }: { readonly workspace: Workspace }) {
  const { connectionState } = workspace;
  if (connectionState === null) return <Unknown />;
  return connectionState === 'unknown' ? <Unknown reason="AWS does not look while it is stopped" /> : words(connectionState);
}

/** When somebody last connected: a time, "never" where AWS says so, else "unknown". */
export function LastConnected({ workspace, inFull = false }: { readonly workspace: Workspace; readonly inFull?: boolean }) {
  const { lastConnectedAt, lastConnectedReason } = workspace;
  if (lastConnectedAt) return inFull ? formatTimeInFull(lastConnectedAt) : formatTime(lastConnectedAt);
  if (lastConnectedReason === 'never') return 'never';
  return <Unknown reason={inFull ? 'the connection has not been read yet' : null} />;
}
