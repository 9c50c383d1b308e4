/** A run's outcome and figures, with its progress while it runs. */

import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { SyncRunDetail } from '@/api/model';
import { formatCount } from '@/format/quantity';
import { formatTimeInFull } from '@/format/time';
import { words } from '@/format/words';
import { known } from '@/ui/unknown';

import { Outcome } from './outcome';
import { cost, duration, trigger } from './run-figures';

export function RunSummary({ run }: { readonly run: SyncRunDetail }) {
  const { stepsDone, stepsTotal, outcome, message } = run;
  return (
    <Container header={<Header variant="h2">Summary</Header>}>
      <SpaceBetween size="l">
        {message && outcome !== 'complete' && <Alert type={outcome === 'failed' ? 'error' : 'warning'}>{message}</Alert>}
        {outcome === 'running' && (
          <ProgressBar
            label="Progress"
            value={stepsTotal === 0 ? 0 : (100 * stepsDone) / stepsTotal}
            additionalInfo={`${formatCount(stepsDone)} of ${formatCount(stepsTotal)} steps done`}
          />
        )}
        <KeyValuePairs
          columns={4}
          minColumnWidth={150}
          items={[
            { label: 'Outcome', value: <Outcome value={outcome} /> },
            { label: 'Trigger', value: trigger(run.trigger) },
            { label: 'Started', value: formatTimeInFull(run.startedAt) },
            { label: 'Finished', value: outcome === 'running' ? 'still running' : known(run.finishedAt, (instant) => formatTimeInFull(instant)) },
            { label: 'Duration', value: duration(run) },
            { label: 'Steps done', value: `${formatCount(stepsDone)} of ${formatCount(stepsTotal)}` },
            { label: 'AWS calls', value: formatCount(run.awsCalls) },
            { label: 'Cost', value: cost(run) },
            ...Object.entries(run.counts).map(([source, count]) => ({ label: `${words(source)} read`, value: formatCount(count) })),
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
