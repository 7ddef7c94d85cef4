import { describe, expect, it } from 'vitest';
import { healthSubject } from '@caravan/events';
import type { SelfReport } from '@caravan/events';
import { createLog, createMetrics, Health } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { Peers } from './peers.js';

const report = (service: string, version = '0.1.0'): SelfReport => ({
  service,
  version,
  startedAt: '2026-01-01T12:00:00.000Z',
  conditions: [],
  followers: [],
});

/** Services that answer like this; a connection that is lost when `connected` says so. */
function asking(answers: () => Record<string, string[] | undefined>, connected = () => true) {
  const requestMany = async (subject: string) => {
    const answered = Object.entries(answers()).find(([service]) => healthSubject(service) === subject)?.[1];
    if (!answered) throw new Error('no responders');
    return answered.map((text) => ({ string: () => text }));
  };
  const flush = () => (connected() ? Promise.resolve() : Promise.reject(new Error('disconnected')));
  const health = new Health();
  const service = { name: 'test', log: createLog('test', 'fatal'), health, metrics: createMetrics('test') };
  return { health, peers: new Peers({ requestMany, flush } as unknown as NatsConnection, service) };
}
const both = {
  'cert-service': [JSON.stringify(report('cert-service'))],
  'router-config': [JSON.stringify(report('router-config'))],
};

describe('the other services', () => {
  it('say themselves how they are, each replica', async () => {
    const two = [...both['router-config'], JSON.stringify(report('router-config', '0.2.0'))];
    const { peers, health } = asking(() => ({ ...both, 'router-config': two }));
    await peers.ask();
    expect(peers.reports().map(({ service, version }) => `${service} ${version}`)).toEqual([
      'cert-service 0.1.0',
      'router-config 0.1.0',
      'router-config 0.2.0',
    ]);
    expect(health.troubles()).toEqual([]);
    peers.onApplicationShutdown();
  });

  it('are away when nobody answers twice, which keeps this one from nothing; and back when they answer', async () => {
    let isAway = false;
    const { peers, health } = asking(() => ({ ...both, 'cert-service': isAway ? undefined : both['cert-service'] }));
    const cert = () => health.conditions().find(({ component }) => component === 'cert-service');
    await peers.ask();
    isAway = true;
    await peers.ask();
    expect(cert()?.status).toBe('ok'); // a restart
    expect(peers.reports().map(({ service }) => service)).toEqual(['cert-service', 'router-config']); // as it said last
    await peers.ask();
    expect(peers.reports().map(({ service }) => service)).toEqual(['router-config']);
    expect(cert()).toMatchObject({
      status: 'away',
      code: 'service.away',
      says: expect.stringContaining('no certificate is signed'),
      remedy: expect.stringContaining('start cert-service'),
    });
    expect(health.troubles()).toEqual([]);
    isAway = false;
    await peers.ask();
    expect(cert()?.status).toBe('ok');
    peers.onApplicationShutdown();
  });

  it('are not well before anybody heard of them', async () => {
    const { peers, health } = asking(() => ({ 'cert-service': both['cert-service'] }));
    const says = () => health.conditions().map(({ status, says }) => says ?? status);
    expect(says()).toEqual(['cert-service was not heard of yet', 'router-config was not heard of yet']);
    await peers.ask();
    expect(says()).toEqual(['fine', expect.stringContaining('router-config does not answer')]);
    peers.onApplicationShutdown();
  });

  it('are asked once by two who ask at the same time: that nobody answers once is a restart', async () => {
    let isAway = false;
    const { peers, health } = asking(() => (isAway ? { 'cert-service': both['cert-service'] } : both));
    await peers.ask();
    isAway = true;
    await Promise.all([peers.ask(), peers.ask()]);
    expect(health.conditions().map(({ status }) => status)).toEqual(['ok', 'ok']);
    await peers.ask();
    expect(health.conditions().map(({ status }) => status)).toEqual(['ok', 'away']);
    peers.onApplicationShutdown();
  });

  it('are neither well nor away when this one is cut off, but not known; and known again when it is back', async () => {
    let isThere = true;
    const { peers, health } = asking(
      () => (isThere ? both : {}),
      () => isThere,
    );
    await peers.ask();
    isThere = false;
    await peers.ask();
    expect(health.conditions().map(({ status }) => status)).toEqual(['ok', 'ok']); // a connection that is made anew
    expect(peers.reports()).toHaveLength(2);
    await peers.ask();
    expect(health.conditions()).toMatchObject([
      { component: 'cert-service', status: 'degraded', code: 'service.not-known', since: expect.any(String) },
      { component: 'router-config', status: 'degraded', code: 'service.not-known', remedy: expect.any(String) },
    ]);
    expect(peers.reports()).toEqual([]);
    expect(health.troubles()).toEqual([]);
    isThere = true;
    await peers.ask();
    expect(health.conditions().map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(peers.reports()).toHaveLength(2);
    peers.onApplicationShutdown();
  });

  it('are not believed what nobody understands', async () => {
    const { peers } = asking(() => ({ ...both, 'cert-service': ['{', '{"service":7}'] }));
    await peers.ask();
    expect(peers.reports().map(({ service }) => service)).toEqual(['router-config']);
    peers.onApplicationShutdown();
  });
});
