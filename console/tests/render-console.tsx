/** Renders the whole console at an address, against a mock API: what a component test sees is what a person sees. */

import I18nProvider from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { onTestFinished } from 'vitest';

import { createQueryClient } from '@/app/query-client';
import { createRouter } from '@/app/router';
import { setSessionEnded } from '@/session/ended';

import { MockApi } from '../mock-api/respond';

/** The console, signed in; `prepare` changes the API before the first request. */
export async function renderConsole(path: string, prepare: (api: MockApi) => void = () => undefined) {
  const api = new MockApi();
  api.signedIn = api.refreshable = true;
  prepare(api);
  const server = setupServer(http.all('*/api/v1/*', ({ request }) => api.respond(request)));
  server.listen({ onUnhandledRequest: 'error' });
  const queries = createQueryClient();
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } });
  const router = createRouter(queries, createMemoryHistory({ initialEntries: [path] }));
  await router.load();
  const view = render(
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  onTestFinished(() => {
    view.unmount();
    queries.clear();
    setSessionEnded(false);
    api.events.close();
    server.close();
  });
  return { api, router, ...view };
}
