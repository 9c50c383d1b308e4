/**
 * All addresses of the console. Each page is a chunk of its own, loaded when it is first needed; its data is asked
 * for at the same time, not after.
 */

import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';

import { isSignedOut } from '@/api/problem';
import { meQuery } from '@/api/session';
import { runQuery, runsQuery } from '@/features/sync/queries';
import { workspacesQuery } from '@/features/workspaces/queries';
import { listParameters, parseListSearch } from '@/list/search';

import { Failure, NotFound } from './failure';
import { SignedIn } from './signed-in';

interface Context {
  readonly queries: QueryClient;
}

/** Lets a page's data begin to load; the page itself shows the rows, or why there are none. */
function begin(read: Promise<unknown>): void {
  read.catch(() => undefined);
}

const rootRoute = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw): { next?: string } => (typeof raw.next === 'string' ? { next: raw.next } : {}),
  component: lazyRouteComponent(() => import('@/features/sign-in/page'), 'SignInPage'),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.query({ ...meQuery, staleTime: 'static' });
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
  component: SignedIn,
  errorComponent: Failure,
});

const indexRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/workspaces', replace: true });
  },
});

const workspacesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/workspaces',
  validateSearch: parseListSearch,
  loaderDeps: ({ search }) => listParameters(search),
  loader: ({ context, deps }) => begin(context.queries.query(workspacesQuery(deps))),
  component: lazyRouteComponent(() => import('@/features/workspaces/page'), 'WorkspacesPage'),
});

const syncRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/sync',
  beforeLoad: () => {
    throw redirect({ to: '/sync/runs', replace: true });
  },
});

const runsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/sync/runs',
  validateSearch: parseListSearch,
  loaderDeps: ({ search }) => listParameters(search),
  loader: ({ context, deps }) => begin(context.queries.query(runsQuery(deps))),
  component: lazyRouteComponent(() => import('@/features/sync/runs-page'), 'RunsPage'),
});

const runRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/sync/runs/$runId',
  loader: ({ context, params }) => begin(context.queries.query(runQuery(params.runId))),
  component: lazyRouteComponent(() => import('@/features/sync/run-page'), 'RunPage'),
});

export const routeTree = rootRoute.addChildren([
  signInRoute,
  signedInRoute.addChildren([indexRoute, workspacesRoute, syncRoute, runsRoute, runRoute]),
]);
