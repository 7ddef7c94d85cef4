import preset from './jest.preset.mjs';

// Suites by what they need: nothing; one real server; a whole installation; a whole installation that is maltreated;
// a machine to themselves; and hours (`npm run test:long`).
const suite = (displayName, testMatch, ignored = []) => ({
  ...preset,
  displayName,
  rootDir: import.meta.dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignored],
});

const KINDS = '\\.(int|load|long)\\.spec\\.ts$';

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  projects: [
    suite('unit', ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/test/architecture/**/*.spec.ts'], [KINDS]),
    suite('integration', ['<rootDir>/{apps,libs}/*/src/**/*.int.spec.ts']),
    suite('e2e', ['<rootDir>/test/e2e/**/*.e2e.spec.ts']),
    suite('faults', ['<rootDir>/test/faults/**/*.fault.spec.ts']),
    suite('load', ['<rootDir>/{apps,libs}/*/src/**/*.load.spec.ts']),
    suite('long', ['<rootDir>/{apps,libs,test}/**/*.long.spec.ts']),
  ],
};
