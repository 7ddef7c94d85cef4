import { describe, expect, it } from '@jest/globals';
import type { AdmissionItem } from '@caravan/data-plane';
import { Doors } from './doors.js';

const admission = (id: string, more: Partial<AdmissionItem> = {}): AdmissionItem => ({
  kind: 'admission',
  id,
  access: 'member',
  serverName: 'n1.member.test',
  trust: ['-----BEGIN CERTIFICATE-----'],
  identity: 'spiffe://inst/network/n1/member/*',
  denied: [],
  reach: { kind: 'network', networkId: 'n1' },
  ...more,
});
const sound = (): undefined => undefined;

describe('doors', () => {
  it('are found by access kind and server name, without case', () => {
    const doors = new Doors([admission('a')], sound);
    expect(doors.find('member', 'N1.member.TEST')?.id).toBe('a');
    expect(doors.find('peer', 'n1.member.test')).toBeUndefined();
    expect(doors.find('member', 'n2.member.test')).toBeUndefined();
  });

  it('refuse a second admission of one name, whatever the order', () => {
    const [a, b] = [admission('a'), admission('b', { identity: 'spiffe://evil/*' })];
    for (const order of [
      [a, b],
      [b, a],
    ]) {
      const doors = new Doors(order, sound);
      expect(doors.find('member', a.serverName)).toBe(a);
      expect(doors.states()).toMatchObject({
        'admission/a': { state: 'applied' },
        'admission/b': { state: 'refused' },
      });
    }
  });

  it('stay shut for an admission whose trust cannot be read', () => {
    const doors = new Doors([admission('a')], () => 'trust 1 is no certificate');
    expect(doors.find('member', 'n1.member.test')).toBeUndefined();
    expect(doors.states()['admission/a']).toEqual({ state: 'failed', detail: 'trust 1 is no certificate' });
  });
});
