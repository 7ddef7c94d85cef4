import { describe } from '@jest/globals';
import { OwnRoot } from '@caravan/testing/servers';
import { issuerContract } from './issuer-contract.fixture.js';
import { OfflineDesk } from './offline-desk.fixture.js';

describe('a generated root', () => {
  issuerContract(async (at) => {
    await at.init();
    return { at, start: () => at.start(), sign: () => Promise.resolve(), close: () => Promise.resolve() };
  });
});

describe('an imported root', () => {
  issuerContract(async (at) => {
    const own = new OwnRoot();
    own.make();
    await at.init(at.directory, at.environment(), [
      '--root-certificate',
      own.at('root.pem'),
      '--root-key',
      own.at('root.key'),
    ]);
    const close = async () => own.remove();
    return { at, start: () => at.start(), sign: () => Promise.resolve(), close };
  });
});

describe('a root whose key is elsewhere', () => {
  issuerContract(async (at) => {
    const desk = new OfflineDesk(at);
    await desk.init();
    return { at, start: () => at.start(), sign: () => desk.sign(), close: () => desk.close() };
  });
});

describe('networks that are signed offline too, below an authority in between', () => {
  issuerContract(async (at) => {
    const desk = new OfflineDesk(at, { by: 'sub' });
    await desk.init();
    const start = () => at.start(undefined, { AUTHORITY_ISSUERS: { network: 'offline' } });
    return { at, start, sign: () => desk.sign(), close: () => desk.close() };
  });
});
