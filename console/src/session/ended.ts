/** Whether the session ended while somebody was at work; the sign-in modal opens on it, the page below stays. */

import { useSyncExternalStore } from 'react';

let ended = false;
const listeners = new Set<() => void>();

export function setSessionEnded(next: boolean): void {
  if (ended === next) return;
  ended = next;
  listeners.forEach((listener) => listener());
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}
