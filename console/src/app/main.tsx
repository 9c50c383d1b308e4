/** Starts the console. */

import '@/styles/index.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import I18nProvider from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { startAppearance } from '@/appearance/appearance';

import { createQueryClient } from './query-client';
import { createRouter } from './router';

startAppearance();

const queries = createQueryClient();
const router = createRouter(queries);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html holds no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
