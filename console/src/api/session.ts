/** Who is signed in: one query and two commands. */

import { queryOptions } from '@tanstack/react-query';

import { api, bodyOf, succeeded } from './client';
import type { Capability, Credentials, Me } from './model';

/** The person behind the session cookie, with what they may do. Fails with 401 when nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/me', { signal })),
  staleTime: 5 * 60_000,
});

/** Signs in; the API sets the session cookies. */
export async function signIn(credentials: Credentials): Promise<Me> {
  return bodyOf(await api.POST('/api/v1/session', { body: credentials }));
}

/** Revokes the session here and now. */
export async function signOut(): Promise<void> {
  succeeded(await api.DELETE('/api/v1/session'));
}

/** Whether the person may do something; `capability` as listed by `/me`, such as `personal:read`. */
export const may = (me: Me, capability: Capability): boolean => me.capabilities.includes(capability);
