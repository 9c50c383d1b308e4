/** The typed client: every path, parameter and answer comes from the API's OpenAPI document. */

import createClient from 'openapi-fetch';

import { problemFrom } from './problem';
import type { paths } from './schema';
import { sessionFetch } from './session-fetch';

/** Calls the API of the origin that served the console. */
// Lists can also be files; those are read by `export.ts`.
export const api = createClient<paths, 'application/json'>({
  baseUrl: window.location.origin,
  fetch: sessionFetch,
  querySerializer: (query) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (typeof value === 'number' || (typeof value === 'string' && value !== '')) parameters.set(name, String(value));
    }
    return parameters.toString();
  },
});

/** What openapi-fetch resolves to. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a successful answer; anything else is thrown as a `ProblemError`. */
export function bodyOf<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok || data === undefined) throw problemFrom(response, error);
  return data;
}

/** For answers without a body: throws unless it succeeded. */
export function succeeded({ error, response }: Answer<unknown>): void {
  if (!response.ok) throw problemFrom(response, error);
}
