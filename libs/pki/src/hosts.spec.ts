import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressText, hostOf } from './hosts.js';

describe('a host', () => {
  it.each([
    ['relay.example.org', 'relay.example.org', undefined],
    ['Relay.EXAMPLE.org', 'relay.example.org', undefined],
    ['localhost', 'localhost', undefined],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', undefined],
    ['192.0.2.7', '192.0.2.7', 'c0000207'],
    ['2001:DB8:0:0::7', '2001:db8::7', '20010db8000000000000000000000007'],
    ['[::1]', '::1', '00000000000000000000000000000001'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:192.0.2.7', '::ffff:c000:207', '00000000000000000000ffffc0000207'],
  ])('%s is %s', (text, name, address) => {
    const host = hostOf(text);
    expect(host?.name).toBe(name);
    expect(host?.address?.toString('hex')).toBe(address);
  });

  it.each([
    '',
    '.',
    'a..b',
    'relay.example.org.',
    '-a.example',
    'a-.example',
    '*.example.org',
    'a_b.example',
    'bücher.example',
    'a b',
    'a\0b',
    'a.example\n',
    'a.example:443',
    'https://a.example',
    '256.0.0.1',
    '1.2.3',
    '01.2.3.4',
    '0x7f.0.0.1',
    '::1%eth0',
    '1::2::3',
    ':',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}example`,
  ])('%j is none', (text) => {
    expect(hostOf(text)).toBeUndefined();
  });

  it('as an address reads back from its bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const host = hostOf(text)!;
        expect(addressText(host.address!)).toBe(host.name);
        expect(hostOf(host.name)).toEqual(host);
      }),
    );
    expect(addressText(Buffer.alloc(5))).toBeUndefined();
  });
});
