/** One WorkSpace in full. */

import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';

import type { Workspace } from '@/api/model';

import { FACT_GROUPS, factsFor } from './facts';

export interface WorkspaceDetailsProps {
  readonly workspace: Workspace;
  readonly mayReadPersonal: boolean;
}

export function WorkspaceDetails({ workspace, mayReadPersonal }: WorkspaceDetailsProps) {
  const facts = factsFor(mayReadPersonal);
  return (
    <KeyValuePairs
      minColumnWidth={180}
      columns={2}
      items={FACT_GROUPS.map((title) => ({
        type: 'group',
        title,
        items: facts.filter(({ group }) => group === title).map(({ label, show }) => ({ label, value: show(workspace) })),
      }))}
    />
  );
}
