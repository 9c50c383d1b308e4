/** Local storage that may be missing or full (private windows, policies): then nothing is remembered and nothing breaks. */

/** What was stored under the key, or null. */
export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores the value if the browser allows it. */
export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // The choice then holds until the page is closed.
  }
}
