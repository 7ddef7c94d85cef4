import { beforeAll } from '@jest/globals';
import { dataPlaneContract } from '@caravan/testing/data-plane/contract';
import { buildRelay, startRelay } from './relay-process.fixture.js';

beforeAll(buildRelay, 120_000);

dataPlaneContract('The relay', startRelay);
