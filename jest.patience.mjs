import { jest } from '@jest/globals';

// For the suites that start servers or processes: a busy machine is no failure. Longer than `eventually` waits, so that what did
// not come is named. Set here since Jest heeds `testTimeout` for all projects together only, and a unit that hangs is told soon.
jest.setTimeout(90_000);
