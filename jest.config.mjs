import preset from './jest.preset.mjs';

// Suites by what they need: nothing; one real server; a whole installation; a whole installation that is maltreated;
// a machine to themselves; and hours (`npm run test:long`).
const suite = (displayName, testMatch, ignored = []) => ({
  ...preset,
  displayName,
  rootDir: import.meta.dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/bundle/', ...ignored],
});
const patient = (displayName, testMatch) => ({
  ...suite(displayName, testMatch),
  setupFilesAfterEnv: ['<rootDir>/jest.patience.mjs'],
  globalSetup: '<rootDir>/launch/jest-set-up.mjs',
});

const KINDS = '\\.(int|e2e|load|long)\\.spec\\.ts$';

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/launch/longest-first.mjs',
  projects: [
    suite('unit', ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/test/architecture/**/*.spec.ts'], [KINDS]),
    patient('integration', ['<rootDir>/{apps,libs}/*/src/**/*.int.spec.ts']),
    patient('e2e', ['<rootDir>/{apps/*/src,test/e2e}/**/*.e2e.spec.ts']),
    patient('faults', ['<rootDir>/test/faults/**/*.fault.spec.ts']),
    patient('load', ['<rootDir>/{apps,libs}/*/src/**/*.load.spec.ts']),
    patient('long', ['<rootDir>/{apps,libs,test}/**/*.long.spec.ts']),
  ],
};
