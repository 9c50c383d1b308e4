/** One place for how queries behave: what is repeated, and what happens when the session ends. */

import { QueryCache, QueryClient } from '@tanstack/react-query';

import { isSignedOut, ProblemError } from '@/api/problem';
import { setSessionEnded } from '@/session/ended';

/** Answers that another try may change: none at all, or a server that says it is its fault. */
const mayPass = (error: Error): boolean => !(error instanceof ProblemError) || error.status >= 500;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // Whether anybody is signed in at all is the router's question; it leads to the sign-in page.
        if (query.queryKey[0] !== 'me' && isSignedOut(error)) setSessionEnded(true);
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 1 && mayPass(error),
        networkMode: 'always',
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
