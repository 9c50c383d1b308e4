/**
 * Which pages led to this one.
 *
 * Keyset cursors only lead forward, so the way back is remembered: the cursor of every page after the first, kept
 * beside the address in the browser's history (it survives reload and the back button, but not a copied link).
 */

declare module '@tanstack/history' {
  interface HistoryState {
    trail?: readonly string[];
  }
}

/** Cursors of the pages from the second to this one. */
export type Trail = readonly string[];

/** The trail of this page, or undefined when its link was opened from elsewhere and its number is not known. */
export function trailTo(cursor: string | undefined, remembered: Trail | undefined): Trail | undefined {
  if (cursor === undefined) return [];
  return remembered?.at(-1) === cursor ? remembered : undefined;
}

/** The trail of page `page` (from 1), reached from a page with this trail and this next cursor. */
export function trailAt(page: number, trail: Trail, next: string | null | undefined): Trail {
  const known = next === null || next === undefined ? trail : [...trail, next];
  return known.slice(0, page - 1);
}
