/** Two to four WorkSpaces side by side, what differs first. */

import Badge from '@cloudscape-design/components/badge';
import Table from '@cloudscape-design/components/table';

import type { Workspace } from '@/api/model';

import type { Fact } from './facts';
import { differs, factsFor } from './facts';

/** More do not fit beside each other. */
export const MOST_COMPARED = 4;

export interface ComparisonProps {
  readonly workspaces: readonly Workspace[];
  readonly mayReadPersonal: boolean;
}

export function Comparison({ workspaces, mayReadPersonal }: ComparisonProps) {
  const facts = factsFor(mayReadPersonal);
  const different = facts.filter((fact) => differs(fact, workspaces));
  const same = facts.filter((fact) => !different.includes(fact));
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      stickyColumns={{ first: 1 }}
      items={[...different, ...same]}
      trackBy="label"
      columnDefinitions={[
        {
          id: 'fact',
          header: 'Fact',
          isRowHeader: true,
          minWidth: 170,
          cell: (fact: Fact) => (
            <>
              {fact.label} {different.includes(fact) && <Badge color="blue">differs</Badge>}
            </>
          ),
        },
        ...workspaces.map((workspace) => ({ id: workspace.id, header: workspace.id, minWidth: 150, cell: (fact: Fact) => fact.show(workspace) })),
      ]}
      ariaLabels={{ tableLabel: 'Comparison' }}
    />
  );
}
