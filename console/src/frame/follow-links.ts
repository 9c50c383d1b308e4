/**
 * Links inside the console turn pages without loading the document again.
 *
 * One handler on the root does this for every component, so that `ui/` needs no router and a link is always a real
 * link: new tab, copy and middle click work as anywhere.
 */

import type { RouterHistory } from '@tanstack/react-router';
import type { MouseEvent } from 'react';

/** The path of a plain click on a link within the console; undefined for everything the browser should do itself. */
export function followedPath(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return undefined;
  }
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  if (anchor === null || anchor.target === '_blank' || anchor.hasAttribute('download') || !anchor.hasAttribute('href')) {
    return undefined;
  }
  const url = new URL(anchor.href);
  const isConsole = url.origin === window.location.origin && !url.pathname.startsWith('/api');
  return isConsole ? `${url.pathname}${url.search}${url.hash}` : undefined;
}

/** Handles a click anywhere in the console. */
export function followLinks(history: RouterHistory): (event: MouseEvent) => void {
  return (event) => {
    const path = followedPath(event);
    if (path === undefined) return;
    event.preventDefault();
    history.push(path);
  };
}
