/**
 * How the console looks to this person on this machine, and how it takes their keys.
 *
 * Kept in local storage, applied as classes on the body; `boot.js` repeats the reading before the first paint.
 * The server knows nothing of it.
 */

import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

import { remember, remembered } from './storage';

/** `system` follows the operating system. */
export const MODES = ['system', 'light', 'dark'] as const;
export type ModeChoice = (typeof MODES)[number];

export const DENSITIES = ['comfortable', 'compact'] as const;
export type DensityChoice = (typeof DENSITIES)[number];

export interface Appearance {
  readonly mode: ModeChoice;
  readonly density: DensityChoice;
  /** Whether table cells show their whole text on several lines. */
  readonly wrapLines: boolean;
  /** Whether single keys such as `/` do something. */
  readonly singleKeys: boolean;
}

const KEYS = { mode: 'deskfleet.mode', density: 'deskfleet.density', wrapLines: 'deskfleet.wrapLines', singleKeys: 'deskfleet.singleKeys' } as const;

const listeners = new Set<() => void>();
let current: Appearance = {
  mode: MODES.find((mode) => mode === remembered(KEYS.mode)) ?? 'system',
  density: DENSITIES.find((density) => density === remembered(KEYS.density)) ?? 'comfortable',
  wrapLines: remembered(KEYS.wrapLines) === 'true',
  singleKeys: remembered(KEYS.singleKeys) !== 'false',
};

const systemIsDark = (): boolean => window.matchMedia('(prefers-color-scheme: dark)').matches;

function apply({ mode, density }: Appearance): void {
  const dark = mode === 'dark' || (mode === 'system' && systemIsDark());
  applyMode(dark ? Mode.Dark : Mode.Light);
  applyDensity(density === 'compact' ? Density.Compact : Density.Comfortable);
}

/** Changes part of the appearance, at once and for later visits. */
export function setAppearance(change: Partial<Appearance>): void {
  current = { ...current, ...change };
  remember(KEYS.mode, current.mode);
  remember(KEYS.density, current.density);
  remember(KEYS.wrapLines, String(current.wrapLines));
  remember(KEYS.singleKeys, String(current.singleKeys));
  apply(current);
  listeners.forEach((listener) => listener());
}

/** Applies the remembered appearance and follows the operating system from now on. Called once, at start. */
export function startAppearance(): void {
  apply(current);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => apply(current));
}

/** The appearance as React state. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
