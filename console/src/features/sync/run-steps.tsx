/** The steps of a run: a table on wide screens, cards below. */

import Cards from '@cloudscape-design/components/cards';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';

import type { SyncStep } from '@/api/model';
import { formatBytes, formatCount } from '@/format/quantity';
import { words } from '@/format/words';
import { useMediaQuery } from '@/ui/use-media-query';

import { Outcome } from './outcome';
import { duration } from './run-figures';

interface StepColumn {
  readonly id: string;
  readonly header: string;
  /** Pixels below which a word would break. */
  readonly minWidth?: number;
  readonly cell: (step: SyncStep) => React.ReactNode;
}

const COLUMNS: readonly StepColumn[] = [
  { id: 'source', header: 'Source', minWidth: 150, cell: ({ source }) => words(source) },
  { id: 'state', header: 'State', minWidth: 130, cell: ({ state }) => <Outcome value={state} /> },
  { id: 'region', header: 'Region', minWidth: 150, cell: ({ region }) => region },
  { id: 'directory', header: 'Directory', cell: ({ directoryId }) => directoryId ?? 'all' },
  { id: 'items', header: 'Items', cell: ({ items }) => formatCount(items) },
  { id: 'calls', header: 'AWS calls', cell: ({ calls }) => formatCount(calls) },
  { id: 'throttles', header: 'Throttles', cell: ({ throttles }) => formatCount(throttles) },
  { id: 'bytes', header: 'Received', cell: ({ bytes }) => formatBytes(bytes) },
  { id: 'duration', header: 'Duration', cell: duration },
  { id: 'error', header: 'Error', minWidth: 200, cell: ({ error }) => error ?? 'none' },
];

export function RunSteps({ steps }: { readonly steps: readonly SyncStep[] }) {
  const wide = useMediaQuery('(min-width: 600px)');
  // A source has several steps in a large region, alike but for their ids.
  const trackBy = ({ id }: SyncStep): string => String(id);
  const header = (
    <Header variant="h2" counter={`(${formatCount(steps.length)})`}>
      Steps
    </Header>
  );
  if (!wide) {
    return (
      <Cards
        header={header}
        items={steps}
        trackBy={trackBy}
        cardsPerRow={[{ cards: 1 }]}
        cardDefinition={{
          header: ({ source, region }) => `${words(source)}, ${region}`,
          sections: COLUMNS.slice(1).map(({ id, header: name, cell }) => ({ id, header: name, content: cell, width: 50 })),
        }}
        ariaLabels={{ cardsLabel: 'Steps', selectionGroupLabel: 'Steps', itemSelectionLabel: (_, { source, region }) => `${words(source)}, ${region}` }}
      />
    );
  }
  return (
    <Table
      header={header}
      items={steps}
      trackBy={trackBy}
      enableKeyboardNavigation
      wrapLines
      columnDefinitions={COLUMNS.map((column, index) => ({ ...column, isRowHeader: index === 0 }))}
      ariaLabels={{ tableLabel: 'Steps' }}
      empty="The run has planned no step yet."
    />
  );
}
