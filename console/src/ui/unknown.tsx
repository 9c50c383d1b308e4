/**
 * What was not observed: the word "unknown" and, where there is one, the reason. Never a zero, a dash or a blank.
 * The API's reason "unknown" says no more than the word.
 */

import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';

export function Unknown({ reason }: { readonly reason?: string | null | undefined }) {
  return (
    <Box variant="span" color="text-body-secondary">
      {reason === undefined || reason === null || reason === 'unknown' ? 'unknown' : `unknown (${reason})`}
    </Box>
  );
}

/** The value if there is one, else "unknown". */
export function known<T>(value: T | null | undefined, show: (value: T) => ReactNode, reason?: string | null): ReactNode {
  return value === null || value === undefined ? <Unknown reason={reason} /> : show(value);
}
