/** Around every page of a signed-in person: top bar, messages, and the modal that asks to sign in again. */

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { RegisteredRouter } from '@tanstack/react-router';
import { Outlet, useRouter } from '@tanstack/react-router';

import { meQuery, signOut } from '@/api/session';
import { followLinks } from '@/frame/follow-links';
import { KeysProvider } from '@/frame/keys';
import { NavigationKeys } from '@/frame/navigation-keys';
import { NotificationsProvider } from '@/frame/notifications';
import { TopBar } from '@/frame/top-bar';
import { SignInAgain } from '@/session/sign-in-again';

/** Loads the code of the page at an address; its data waits until somebody goes there. */
function preparePage(router: RegisteredRouter, path: string): void {
  const pathname = path.replace(/[?#].*$/, '');
  router.matchRoutes(pathname, {}).forEach(({ routeId }) => {
    void router.loadRouteChunk(router.routesById[routeId]);
  });
}

export function SignedIn() {
  const { data: me } = useSuspenseQuery(meQuery);
  const router = useRouter();
  const queries = useQueryClient();
  const leave = async (): Promise<void> => {
    // A session that is gone already is as good as one revoked now.
    await signOut().catch(() => undefined);
    queries.clear();
    await router.navigate({ to: '/sign-in', search: {} });
  };
  return (
    <div {...followLinks((path) => router.history.push(path), (path) => preparePage(router, path))}>
      <NotificationsProvider>
        <KeysProvider>
          <NavigationKeys />
          <TopBar me={me} onSignOut={() => void leave()} />
          <Outlet />
          <SignInAgain me={me} />
        </KeysProvider>
      </NotificationsProvider>
    </div>
  );
}
