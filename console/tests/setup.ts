/** Loaded before every test file: what jsdom lacks, and matchers for the document. */

import '@testing-library/jest-dom/vitest';

import { configure } from '@testing-library/react';
import { vi } from 'vitest';

/** A loaded machine is slow; a test that fails would rather say so late. */
configure({ asyncUtilTimeout: 15_000 });

/** Wide and light, unless a test says otherwise. */
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: query.startsWith('(min-width'),
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
vi.stubGlobal('scrollTo', () => undefined);
