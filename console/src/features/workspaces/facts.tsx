/** Everything the console knows about a WorkSpace, one fact an entry: for one in full and for several side by side. */

import type { ReactNode } from 'react';

import type { Workspace } from '@/api/model';
import { formatGib } from '@/format/quantity';
import { formatTimeInFull } from '@/format/time';
import { words } from '@/format/words';
import { known } from '@/ui/unknown';

import { autoStop } from './columns';
import { Connection, LastConnected, WorkspaceState } from './state';

export const FACT_GROUPS = ['Identity', 'State and use', 'Size', 'Evidence'] as const;

export interface Fact {
  readonly label: string;
  readonly group: (typeof FACT_GROUPS)[number];
  /** Says something about a person. */
  readonly personal?: boolean;
  /** What is compared: equal texts are equal facts. */
  readonly of: (workspace: Workspace) => string | number | boolean | null;
  readonly show: (workspace: Workspace) => ReactNode;
}

const name = (text: string) => <bdi>{text}</bdi>;
const time = (instant: string) => formatTimeInFull(instant);
const encryption = (encrypted: boolean) => (encrypted ? 'encrypted' : 'not encrypted');

const FACTS: readonly Fact[] = [
  { label: 'User', group: 'Identity', personal: true, of: (it) => it.userName, show: (it) => known(it.userName, name, it.userNameReason) },
  { label: 'Computer', group: 'Identity', personal: true, of: (it) => it.computerName, show: (it) => known(it.computerName, name) },
  { label: 'IP address', group: 'Identity', personal: true, of: (it) => it.ipAddress, show: (it) => known(it.ipAddress, String) },
  { label: 'Account', group: 'Identity', of: (it) => it.accountId, show: (it) => it.accountId },
  { label: 'Region', group: 'Identity', of: (it) => it.region, show: (it) => it.region },
  { label: 'Directory', group: 'Identity', of: (it) => it.directoryId, show: (it) => known(it.directoryId, String) },
  { label: 'Bundle', group: 'Identity', of: (it) => it.bundleId, show: (it) => known(it.bundleId, String) },
  { label: 'State', group: 'State and use', of: (it) => it.state, show: (it) => <WorkspaceState workspace={it} /> },
  { label: 'State since', group: 'State and use', of: (it) => it.stateSince, show: (it) => known(it.stateSince, time) },
  { label: 'Running mode', group: 'State and use', of: (it) => it.runningMode, show: (it) => known(it.runningMode, words) },
  { label: 'AutoStop after', group: 'State and use', of: (it) => it.autoStopTimeoutMinutes, show: autoStop },
  { label: 'Last connected', group: 'State and use', of: (it) => it.lastConnectedAt, show: (it) => <LastConnected workspace={it} inFull /> },
  { label: 'Connection', group: 'State and use', of: (it) => it.connectionState, show: (it) => <Connection workspace={it} /> },
  { label: 'Compute', group: 'Size', of: (it) => it.computeType, show: (it) => known(it.computeType, words) },
  { label: 'Operating system', group: 'Size', of: (it) => it.operatingSystem, show: (it) => known(it.operatingSystem, words) },
  { label: 'Protocols', group: 'Size', of: (it) => it.protocols?.join() ?? null, show: (it) => known(it.protocols, (all) => all.map(words).join(', ')) },
  { label: 'Root volume', group: 'Size', of: (it) => it.rootVolumeGib, show: (it) => known(it.rootVolumeGib, formatGib) },
  { label: 'Root volume is', group: 'Size', of: (it) => it.rootVolumeEncrypted, show: (it) => known(it.rootVolumeEncrypted, encryption) },
  { label: 'User volume', group: 'Size', of: (it) => it.userVolumeGib, show: (it) => known(it.userVolumeGib, formatGib) },
  { label: 'User volume is', group: 'Size', of: (it) => it.userVolumeEncrypted, show: (it) => known(it.userVolumeEncrypted, encryption) },
  { label: 'First seen', group: 'Evidence', of: (it) => it.firstSeenAt, show: (it) => time(it.firstSeenAt) },
  { label: 'Last read', group: 'Evidence', of: (it) => it.lastReadAt, show: (it) => time(it.lastReadAt) },
  { label: 'Connection read', group: 'Evidence', of: (it) => it.connectionCheckedAt, show: (it) => known(it.connectionCheckedAt, time, 'not read yet') },
];

/** The facts that the person may see. */
export const factsFor = (mayReadPersonal: boolean): readonly Fact[] => FACTS.filter(({ personal }) => mayReadPersonal || personal !== true);

/** Whether a fact is not the same for all; two unknowns are no difference, as nothing says they differ. */
export const differs = (fact: Fact, workspaces: readonly Workspace[]): boolean => new Set(workspaces.map(fact.of)).size > 1;
