/** True once a condition has held for a while: keeps skeletons from flashing and tells slow from stuck. */

import { useEffect, useState } from 'react';

/** Before this nobody notices that anything loads. */
export const SKELETON_AFTER_MS = 150;

/** After this a person wants to know, and may want to stop waiting. */
export const STILL_LOADING_AFTER_MS = 5_000;

export function useLasting(condition: boolean, milliseconds: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!condition) return undefined;
    const timer = window.setTimeout(() => setLasted(true), milliseconds);
    return () => {
      window.clearTimeout(timer);
      setLasted(false);
    };
  }, [condition, milliseconds]);
  return condition && lasted;
}
