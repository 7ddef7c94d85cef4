import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import ts from 'typescript-eslint';

const only = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

export default ts.config(
  { ignores: ['**/dist/**', '**/out-tsc/**', '**/*.mjs', '.nx/**', '.caravan/**', '**/migrations/*.js'] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    plugins: { '@nx': nx },
    rules: {
      // The same table is asserted by test/architecture, which also sees what lint cannot.
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: [
            only('type:contract', 'type:contract'),
            only('type:core', 'type:contract', 'type:core'),
            only('type:adapter', 'type:contract', 'type:core', 'type:adapter'),
            only('type:harness', 'type:contract', 'type:core', 'type:adapter', 'type:harness'),
            only('type:app', 'type:contract', 'type:core', 'type:adapter'),
            only('type:client', 'name:api', 'name:event-store'),
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
);
