/**
 * `fetch` that keeps the session alive.
 *
 * The access cookie lives five minutes. The first 401 exchanges the refresh cookie for a new one and repeats the
 * request; all requests that fail meanwhile wait for the same exchange, because a refresh token used twice revokes
 * the whole session. Requests of the session itself pass through untouched.
 */

import { UnreachableError } from './problem';
import { recordAnswer } from './reachability';

const SESSION = '/api/v1/session';

let exchange: Promise<boolean> | undefined;

/** Exchanges the refresh cookie; true when there is a new access cookie. Never two at once. */
export function refreshSession(): Promise<boolean> {
  exchange ??= answer(new Request(new URL(`${SESSION}/refresh`, window.location.origin), { method: 'POST' }))
    .then((response) => response.ok)
    .finally(() => {
      exchange = undefined;
    });
  return exchange;
}

/** Sends a request, once more after a refresh if it was refused for the session's sake. */
export async function sessionFetch(request: Request): Promise<Response> {
  if (new URL(request.url).pathname.startsWith(SESSION)) return answer(request);
  const again = request.clone();
  const response = await answer(request);
  if (response.status !== 401 || !(await refreshSession())) return response;
  return answer(again);
}

async function answer(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    recordAnswer(true);
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    recordAnswer(false);
    throw new UnreachableError(error);
  }
}
