/** After navigation the keyboard and the screen reader start at the new page's heading, as after a page load. */

import { useEffect } from 'react';

let pagesShown = 0;

/** Focuses the heading when a page appears; not on the very first page, where the browser starts at the top itself. */
export function useHeadingFocus(): void {
  useEffect(() => {
    pagesShown += 1;
    if (pagesShown === 1) return;
    const heading = document.querySelector<HTMLElement>('main h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }, []);
}
