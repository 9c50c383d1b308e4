/** The router with the console's way of writing addresses. */

import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import { createRouter as createTanstackRouter } from '@tanstack/react-router';

import { parseAddress, printAddress } from '@/list/address';

import { routeTree } from './routes';

/** `history` is given by tests only. */
export function createRouter(queries: QueryClient, history?: RouterHistory) {
  return createTanstackRouter({
    routeTree,
    context: { queries },
    parseSearch: parseAddress,
    stringifySearch: printAddress,
    scrollRestoration: true,
    ...(history && { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRouter>;
  }
}
