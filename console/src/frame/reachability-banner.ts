/** One fixed message while the API gives no answer: what is shown stays, and says how old it is. */

import type { FlashbarProps } from '@cloudscape-design/components/flashbar';

import { useUnreachableSince } from '@/api/reachability';
import { formatClock } from '@/format/time';

export function useReachabilityBanner(): FlashbarProps.MessageDefinition[] {
  const since = useUnreachableSince();
  if (since === null) return [];
  return [
    {
      id: 'unreachable',
      type: 'error',
      content: `The API gives no answer since ${formatClock(since.toISOString())}. What you see was read before.`,
    },
  ];
}
