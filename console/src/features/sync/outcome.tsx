/** Outcomes of runs and states of steps as indicators. */

import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import { words } from '@/format/words';

/** Outcomes a run can have, as the API spells them. */
export const OUTCOMES = ['running', 'complete', 'partial', 'failed', 'skipped'] as const;

const INDICATORS: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  pending: 'pending',
  running: 'in-progress',
  complete: 'success',
  partial: 'warning',
  failed: 'error',
  skipped: 'stopped',
};

/** A run's outcome or a step's state. */
export function Outcome({ value }: { readonly value: string }) {
  return <StatusIndicator type={INDICATORS[value] ?? 'pending'}>{words(value)}</StatusIndicator>;
}
