import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const MiB = 1024 * 1024;
const budgetOn = (memory: number, text?: string): number =>
  readSettings({ CARAVAN_RELAY_MEMORY: text }, memory * MiB).budget / MiB;

describe('the settings of a relay', () => {
  it('leave tunnels an eighth of the memory, at least 128 MiB and at most 1 GiB', () => {
    expect([512, 2_048, 65_536].map((memory) => budgetOn(memory))).toEqual([128, 256, 1_024]);
  });

  it('take what is said instead', () => {
    expect([budgetOn(512, '16MiB'), budgetOn(512, '2GiB'), budgetOn(512, '')]).toEqual([16, 2_048, 128]);
  });

  it('tell metrics nowhere unless a port is named', () => {
    expect(readSettings({}, MiB).metricsPort).toBeUndefined();
    expect(readSettings({ CARAVAN_RELAY_METRICS_PORT: '' }, MiB).metricsPort).toBeUndefined();
    expect(readSettings({ CARAVAN_RELAY_METRICS_PORT: '9464' }, MiB).metricsPort).toBe(9_464);
  });

  it('load trust a minute before it is needed, or as is said', () => {
    const lead = (text?: string) => readSettings({ CARAVAN_RELAY_TRUST_LEAD: text }, MiB).trustLeadMs;
    expect([lead(), lead(''), lead('0s'), lead('90s'), lead('5m'), lead('1h')]).toEqual([
      ...[60_000, 60_000, 0],
      ...[90_000, 300_000, 3_600_000],
    ]);
    for (const text of ['60', '1d', '-1s', '1.5m', 's', '99999s'])
      expect(() => lead(text)).toThrow('CARAVAN_RELAY_TRUST_LEAD');
  });

  it.each(['15MiB', '256', '256MB', '-1MiB', '1e3MiB', ' 64MiB', '0GiB'])('refuse a memory of %j', (text) => {
    expect(() => budgetOn(512, text)).toThrow('CARAVAN_RELAY_MEMORY');
  });

  it.each(['0', '65536', '-1', '80a', '0x50', ' 80'])('refuse a port %j', (text) => {
    expect(() => readSettings({ CARAVAN_RELAY_METRICS_PORT: text }, MiB)).toThrow('CARAVAN_RELAY_METRICS_PORT');
  });
});
