import { describe } from 'vitest';
import { OwnRoot } from '@caravan/testing/servers';
import { Cluster } from './cert-manager/cluster.fixture.js';
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

describe('cert-manager, below a root whose key is elsewhere', () => {
  issuerContract(async (at) => {
    const desk = new OfflineDesk(at);
    await desk.init();
    const cluster = new Cluster(desk.own);
    const variables = await cluster.open();
    const start = () =>
      at.start(undefined, {
        ...variables,
        AUTHORITY_ISSUERS: { backbone: 'cert-manager', network: 'cert-manager' },
        CERT_MANAGER_ISSUER: { name: 'company-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' },
      });
    return { at, start, sign: async () => cluster.sign(), close: () => cluster.close() };
  });
});
