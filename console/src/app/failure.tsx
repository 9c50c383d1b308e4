/** Pages for what no page could show: an address that leads nowhere, and a start that failed. */

import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

import { ErrorPanel } from '@/ui/error-panel';

/** Nothing stands at this address, or nothing this person may see. */
export function NotFound() {
  useEffect(() => {
    document.title = 'Not found, deskfleet';
  }, []);
  return (
    <main className="sign-in">
      <Box variant="h1">Not found</Box>
      <Box variant="p">Nothing stands at this address, or nothing you may see.</Box>
      <Link href="/">To the first page</Link>
    </main>
  );
}

/** The console could not start, or a page broke. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <main className="sign-in">
      <Box variant="h1" margin={{ bottom: 'l' }}>
        deskfleet
      </Box>
      <ErrorPanel
        header="The console could not be shown"
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
