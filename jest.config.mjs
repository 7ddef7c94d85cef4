import preset from './jest.preset.mjs';

// Three suites by what they need: nothing; one real server; a whole installation.
const suite = (displayName, testMatch, more = {}) => ({
  ...preset,
  displayName,
  rootDir: import.meta.dirname,
  testMatch,
  ...more,
});

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  projects: [
    suite('unit', ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/test/architecture/**/*.spec.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.int\\.spec\\.ts$'],
    }),
    suite('integration', ['<rootDir>/{apps,libs}/*/src/**/*.int.spec.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    }),
    suite('e2e', ['<rootDir>/test/e2e/**/*.e2e.spec.ts']),
  ],
};
