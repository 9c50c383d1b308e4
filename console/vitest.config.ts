/** Unit and component tests, in jsdom. The browser tests have their own configuration in `e2e/`. */

import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 60_000,
    // Cloudscape's wrappers act on elements inside waitFor, where React cannot be told about it.
    onConsoleLog: (log) => !log.includes('not configured to support act'),
    server: { deps: { inline: [/@cloudscape-design/] } },
    env: { TZ: 'UTC', DEBUG_PRINT_LIMIT: '0' },
  },
});
