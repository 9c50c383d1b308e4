/** Whether the API answers at all: set by every request, read by the banner over the page. */

import { useSyncExternalStore } from 'react';

let unreachableSince: Date | null = null;
const listeners = new Set<() => void>();

/** Records whether a request got any answer. */
export function recordAnswer(answered: boolean): void {
  const next = answered ? null : (unreachableSince ?? new Date());
  if (next === unreachableSince) return;
  unreachableSince = next;
  listeners.forEach((listener) => listener());
}

/** Since when no request has been answered; null while the API answers. */
export function useUnreachableSince(): Date | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unreachableSince,
  );
}
