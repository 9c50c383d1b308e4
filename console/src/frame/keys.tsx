/**
 * Single keys: `/` filter, `r` refresh, `?` help, `g` and a letter for a page.
 *
 * They work outside fields and dialogs only, never with a modifier, and can be switched off in the person's menu, as
 * WCAG 2.1.4 asks for. Whoever can answer a key says so while it is on the screen.
 */

import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useMemo, useRef } from 'react';

import { useAppearance } from '@/appearance/appearance';

/** A key, or two in a row with a space between: `r`, `g w`. */
type Keys = string;

interface Registry {
  readonly add: (keys: Keys, action: () => void) => () => void;
}

const KeysContext = createContext<Registry>({ add: () => () => undefined });

/** Longer than this after `g` the next key stands for itself. */
const SEQUENCE_MS = 1_000;

export function KeysProvider({ children }: { readonly children: ReactNode }) {
  const { singleKeys } = useAppearance();
  const actions = useRef(new Map<Keys, () => void>());
  useEffect(() => {
    if (!singleKeys) return undefined;
    let first: { readonly key: string; readonly at: number } | undefined;
    const press = (event: KeyboardEvent): void => {
      if (!isFree(event)) return;
      const sequence = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : event.key;
      first = event.key === 'g' ? { key: 'g', at: event.timeStamp } : undefined;
      const action = actions.current.get(sequence);
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [singleKeys]);
  const registry = useMemo(
    (): Registry => ({
      add: (keys, action) => {
        actions.current.set(keys, action);
        return () => {
          if (actions.current.get(keys) === action) actions.current.delete(keys);
        };
      },
    }),
    [],
  );
  return <KeysContext value={registry}>{children}</KeysContext>;
}

/** Answers a key while the component is on the screen. */
export function useKeys(keys: Keys, action: () => void): void {
  const { add } = useContext(KeysContext);
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => add(keys, () => latest.current()), [add, keys]);
}

/** Whether a key press is meant for nobody else. */
function isFree({ target, defaultPrevented, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (defaultPrevented || ctrlKey || metaKey || altKey) return false;
  return !(target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]'));
}
