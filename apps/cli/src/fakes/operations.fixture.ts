import type { Record_ } from './world.fixture.js';

const part = (service: string, name: string, more: Record_): Record_ => ({
  service,
  name,
  status: 'ok',
  detail: 'fine',
  since: null,
  remedy: null,
  code: null,
  ...more,
});

const status = {
  installation: 'demo',
  version: '0.1.0',
  status: 'degraded',
  at: '2026-11-20T12:00:00.000Z',
  parts: [
    part('management-controller', 'nats', {}),
    part('management-controller', 'read models', {
      status: 'degraded',
      detail: 'halted before position 7 (caravan.evt.trust.certificate.x): not JSON',
      since: '2026-11-20T11:59:00.000Z',
      remedy: 'caravan log show 7',
      code: 'log.undecodable',
    }),
  ],
  logEnd: 19,
  followers: [
    {
      service: 'management-controller',
      name: 'read models',
      kind: 'projection',
      status: 'halted',
      position: 6,
      behind: 13,
    },
  ],
  counts: { backbones: 1, members: 2 },
};

const logEntry = (position: number): Record_ => ({
  position,
  stream: 'caravan.evt.trust.certificate.x',
  bytes: 7,
  hash: 'a'.repeat(64),
  text: 'garbage',
  problem: 'not JSON',
  newer: false,
  passedOver: null,
});

const quarantine = {
  items: [
    {
      service: 'cert-service',
      reaction: 'cert-service-issuing',
      position: 7,
      stream: 'caravan.evt.trust.certificate.x',
      reason: 'no ink',
      recordedAt: '2026-11-20T10:00:00.000Z',
    },
  ],
  unknown: ['management-controller'],
};

/** What the API answers to whoever looks after the installation, by the name of the route; undefined for other routes. */
export const operations: Readonly<Record<string, (query: Record_) => unknown>> = {
  getStatus: () => status,
  rebuildProjections: () => ({ position: 120, ms: 1500 }),
  getLogEntry: ({ position }) => logEntry(Number(position)),
  listQuarantine: () => quarantine,
  passOverLogEntry: () => undefined,
  retryQuarantined: () => undefined,
  discardQuarantined: () => undefined,
};
