/** Addresses whose parameters are plain text (`?filter=state+%3D+error`), not JSON as the router writes by default. */

/** `?a=b` -> `{a: 'b'}`. */
export const parseAddress = (query: string): Record<string, string> => Object.fromEntries(new URLSearchParams(query));

/** The opposite; without parameters an empty text. Commas stay readable. */
export function printAddress(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' || typeof value === 'number') parameters.set(name, String(value));
  }
  const printed = parameters.toString().replaceAll('%2C', ',');
  return printed === '' ? '' : `?${printed}`;
}
