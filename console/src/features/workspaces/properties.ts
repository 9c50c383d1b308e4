/** What WorkSpaces can be filtered by. */

import type { Coverage, Workspace } from '@/api/model';
import { words } from '@/format/words';
import type { FilterOption, FilterProperty } from '@/ui/filter-bar/property';

import { STATES } from './state';

const named = (values: readonly string[]): FilterOption[] => values.map((value) => ({ value, label: words(value) }));
const seen = (values: readonly (string | null | undefined)[]): FilterOption[] =>
  [...new Set(values)].flatMap((value) => value ?? []).sort().map((value) => ({ value }));

/** The properties, with the values that the rows and their coverage show to exist. */
export function workspaceProperties(
  mayReadPersonal: boolean,
  items: readonly Workspace[],
  coverage: Coverage | undefined,
): readonly FilterProperty[] {
  const sources = coverage?.sources ?? [];
  const from = (read: (item: Workspace) => string | null | undefined): FilterOption[] => seen(items.map(read));
  const all: readonly (FilterProperty & { readonly personal?: boolean })[] = [
    { key: 'id', label: 'WorkSpace', group: 'Identity', kind: 'text', searched: true },
    { key: 'userName', label: 'User', group: 'Identity', kind: 'text', searched: true, personal: true },
    { key: 'computerName', label: 'Computer', group: 'Identity', kind: 'text', searched: true, personal: true },
    { key: 'ipAddress', label: 'IP address', group: 'Identity', kind: 'text', personal: true },
    { key: 'accountId', label: 'Account', group: 'Identity', kind: 'choice', options: seen([...sources.map(({ account }) => account), ...items.map(({ accountId }) => accountId)]) },
    { key: 'region', label: 'Region', group: 'Identity', kind: 'choice', options: seen([...sources.map(({ region }) => region), ...items.map(({ region }) => region)]) },
    { key: 'directoryId', label: 'Directory', group: 'Identity', kind: 'choice', options: from(({ directoryId }) => directoryId) },
    { key: 'bundleId', label: 'Bundle', group: 'Identity', kind: 'choice', options: from(({ bundleId }) => bundleId) },
    { key: 'state', label: 'State', group: 'State', kind: 'choice', options: named(STATES) },
    { key: 'runningMode', label: 'Running mode', group: 'State', kind: 'choice', options: named(['auto_stop', 'always_on', 'manual']) },
    { key: 'connectionState', label: 'Connection', group: 'State', kind: 'choice', options: named(['connected', 'disconnected']) },
    { key: 'stateSince', label: 'State since', group: 'State', kind: 'instant' },
    { key: 'gone', label: 'Gone', group: 'State', kind: 'boolean' },
    { key: 'lastConnectedAt', label: 'Last connected', group: 'Use', kind: 'instant' },
    { key: 'firstSeenAt', label: 'First seen', group: 'Use', kind: 'instant' },
    { key: 'computeType', label: 'Compute', group: 'Size', kind: 'choice', options: from(({ computeType }) => computeType) },
    { key: 'operatingSystem', label: 'Operating system', group: 'Size', kind: 'choice', options: from(({ operatingSystem }) => operatingSystem) },
    { key: 'protocols', label: 'Protocols', group: 'Size', kind: 'choice', options: named(['wsp', 'pcoip']) },
    { key: 'rootVolumeGib', label: 'Root volume (GiB)', group: 'Size', kind: 'number' },
    { key: 'userVolumeGib', label: 'User volume (GiB)', group: 'Size', kind: 'number' },
    { key: 'rootVolumeEncrypted', label: 'Root volume encrypted', group: 'Size', kind: 'boolean' },
    { key: 'userVolumeEncrypted', label: 'User volume encrypted', group: 'Size', kind: 'boolean' },
    { key: 'lastReadAt', label: 'Last read', group: 'Data', kind: 'instant' },
    { key: 'goneAt', label: 'Gone since', group: 'Data', kind: 'instant' },
  ];
  return all.filter(({ personal }) => mayReadPersonal || personal !== true);
}
