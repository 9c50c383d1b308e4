/** Lints: strict TypeScript without `any` and assertions, the rules of hooks, and who may import whom. */

import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Folders from the bottom up; each may import those before it. `features` never import each other. */
const LAYERS = ['filter', 'format', 'api', 'appearance', 'ui', 'session', 'frame', 'list', 'features', 'app'];

/** Forbids everything above a layer; `more` are further patterns for it. */
const layer = (name, more = []) => ({
  files: [`src/${name}/**/*.{ts,tsx}`],
  ignores: ['**/*.test.{ts,tsx}'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: LAYERS.slice(LAYERS.indexOf(name) + 1).map((above) => `@/${above}/**`),
            message: `src/${name} stands below that folder: see "Layers" in the README.`,
          },
          ...more,
        ],
      },
    ],
  },
});

const PURE = [{ group: ['react', 'react-dom', '@tanstack/*', '@cloudscape-design/*'], message: 'This folder is pure.' }];
const NO_STATE = [{ group: ['@tanstack/*'], message: 'ui/ knows no router and no query; it gets values and callbacks.' }];

const features = ['sign-in', 'sync', 'workspaces'].map((name) => ({
  files: [`src/features/${name}/**/*.{ts,tsx}`],
  ignores: ['**/*.test.{ts,tsx}'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ['@/app/**', '@/features/**', '../*'], message: 'Features do not import each other, nor the app.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts', 'src/appearance/boot.js', 'scripts', 'eslint.config.js', 'test-results'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat['recommended-latest'],
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The router's redirects are thrown, and are no errors.
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', name: 'Redirect', package: '@tanstack/router-core' }] }],
      'max-lines': ['error', { max: 250, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  layer('filter', PURE),
  layer('format', PURE),
  layer('api'),
  layer('appearance'),
  layer('ui', NO_STATE),
  layer('session'),
  layer('frame'),
  layer('list'),
  ...features,
  { files: ['**/*.test.{ts,tsx}', 'mock-api/**', 'e2e/**', 'tests/**'], rules: { 'max-lines-per-function': 'off' } },
);
