/** Counts seconds down to zero, starting anew whenever the start changes from null. */

import { useEffect, useState } from 'react';

export function useCountdown(seconds: number | null): number {
  const [left, setLeft] = useState(0);
  const [start, setStart] = useState<number | null>(null);
  if (start !== seconds) {
    setStart(seconds);
    setLeft(seconds ?? 0);
  }
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = window.setTimeout(() => setLeft(left - 1), 1_000);
    return () => window.clearTimeout(timer);
  }, [left]);
  return left;
}
