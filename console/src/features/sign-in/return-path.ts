/** Where to go after signing in: a path of this console, never another site. */

/** The path if it leads back into the console, else the first page. */
export function safePath(next: string | undefined): string {
  if (next === undefined) return '/';
  const here = window.location.origin;
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined;
  const leadsHere = url?.origin === here && next.startsWith('/') && !url.pathname.startsWith('/api');
  return leadsHere ? `${url.pathname}${url.search}${url.hash}` : '/';
}
