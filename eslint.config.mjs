import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import ts from 'typescript-eslint';

const only = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** Who may import whom. `more`: what specs may use beside it. The same table is asserted by test/architecture. */
const boundaries = (...more) => [
  'error',
  {
    // A site loads what it needs once only where it needs it: an idle site is small.
    checkDynamicDependenciesExceptions: ['.*'],
    depConstraints: [
      only('type:contract', 'type:contract', ...more),
      only('type:core', 'type:contract', 'type:core', ...more),
      only('type:adapter', 'type:contract', 'type:core', 'type:adapter', ...more),
      only('type:harness', 'type:contract', 'type:core', 'type:adapter', 'type:harness'),
      only('type:app', 'type:contract', 'type:core', 'type:adapter', ...more),
      only('type:client', 'name:api', 'name:event-store', ...more),
    ],
  },
];

export default ts.config(
  {
    ignores: ['**/dist/**', '**/bundle/**', '**/out-tsc/**', '**/*.mjs', '.nx/**', '.caravan/**', '**/migrations/*.js'],
  },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { project: 'tsconfig.spec.json', tsconfigRootDir: import.meta.dirname } } },
  {
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries('type:harness'),
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.spec.ts'],
    // `expect.stringContaining` and the like are `any` in Vitest's types.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
