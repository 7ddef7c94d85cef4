import { dataPlaneContract } from '@caravan/testing/data-plane/contract';
import { startRelay } from './relay-process.fixture.js';

dataPlaneContract('The relay', startRelay);
