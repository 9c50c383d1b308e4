/**
 * Links inside the console turn pages without loading the document again, and load the next page's code as soon as
 * the pointer or the focus is on them.
 *
 * One handler on the root does this for every component, so that `ui/` needs no router and a link is always a real
 * link: new tab, copy and middle click work as anywhere.
 */

import type { MouseEvent, SyntheticEvent } from 'react';

/** The path a link within the console leads to; undefined for everything the browser should do itself. */
export function consolePath(target: EventTarget): string | undefined {
  const anchor = target instanceof Element ? target.closest('a') : null;
  if (anchor === null || anchor.target === '_blank' || anchor.hasAttribute('download') || !anchor.hasAttribute('href')) {
    return undefined;
  }
  const url = new URL(anchor.href);
  const isConsole = url.origin === window.location.origin && !url.pathname.startsWith('/api');
  return isConsole ? `${url.pathname}${url.search}${url.hash}` : undefined;
}

const isPlain = (event: MouseEvent): boolean =>
  !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Handlers for the root of the console. */
export function followLinks(go: (path: string) => void, prepare: (path: string) => void) {
  const onHint = ({ target }: SyntheticEvent): void => {
    const path = consolePath(target);
    if (path !== undefined) prepare(path);
  };
  return {
    onClick: (event: MouseEvent): void => {
      const path = isPlain(event) ? consolePath(event.target) : undefined;
      if (path === undefined) return;
      event.preventDefault();
      go(path);
    },
    onPointerOver: onHint,
    onFocus: onHint,
  };
}
