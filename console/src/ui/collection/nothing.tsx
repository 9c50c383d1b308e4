/** Why a list has no rows, in one place, so that "empty" and "no match" never look alike. */

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** Nothing is there yet: what belongs here and what would fill it. */
export function Empty({ header, children }: { readonly header: string; readonly children: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <Box variant="strong" color="inherit">
        {header}
      </Box>
      <Box variant="p" color="text-body-secondary">
        {children}
      </Box>
    </Box>
  );
}

/** There is something, but nothing of it matches. */
export function NoMatch({ filter, onClear }: { readonly filter: string; readonly onClear: () => void }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="s">
        <div>
          <Box variant="strong" color="inherit">
            No match
          </Box>
          <Box variant="p" color="text-body-secondary">
            Nothing matches <code className="filter-text">{filter}</code>
          </Box>
        </div>
        <Button onClick={onClear}>Clear filter</Button>
      </SpaceBetween>
    </Box>
  );
}
