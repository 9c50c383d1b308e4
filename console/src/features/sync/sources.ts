/** Everything a run can be asked to read, by the API's names. */
export const SOURCES = [
  'inventory',
  'connection_status',
  'directories',
  'bundles',
  'images',
  'pools',
  'snapshots',
  'tags',
  'quotas',
  'metrics',
  'audit_trail',
  'access_events',
  'leavers',
  'cost',
  'cost_export',
  'prices',
] as const;
