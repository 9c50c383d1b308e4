/** Two to four WorkSpaces side by side, what differs first. */

import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';

import type { Workspace } from '@/api/model';
import { formatCount } from '@/format/quantity';

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
    <SpaceBetween size="l">
      <Facts title="Different" facts={different} workspaces={workspaces} />
      <Facts title="The same" facts={same} workspaces={workspaces} />
    </SpaceBetween>
  );
}

interface FactsProps {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly workspaces: readonly Workspace[];
}

function Facts({ title, facts, workspaces }: FactsProps) {
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      header={
        <Header variant="h3" counter={`(${formatCount(facts.length)})`}>
          {title}
        </Header>
      }
      items={facts}
      trackBy="label"
      columnDefinitions={[
        { id: 'fact', header: 'Fact', isRowHeader: true, minWidth: 120, cell: ({ label }: Fact) => label },
        ...workspaces.map((workspace) => ({
          id: workspace.id,
          header: workspace.id,
          minWidth: 135,
          cell: (fact: Fact) => fact.show(workspace),
        })),
      ]}
      empty="None"
      ariaLabels={{ tableLabel: title }}
    />
  );
}
