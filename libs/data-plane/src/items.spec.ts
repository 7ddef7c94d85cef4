import { describe, expect, it } from 'vitest';
import { addressSchema, configurationSchema, emptyConfiguration, itemSchema, keyOf } from './index.js';
import type { Item } from './index.js';

describe('an address', () => {
  it.each(['inventory', 'a', '0.db-1.retail', 'caravan.control', 'x'.repeat(63)])('may be %s', (address) => {
    expect(addressSchema.safeParse(address).success).toBe(true);
  });

  it.each(['', 'Inventory', 'a b', '-a', 'a-', '.a', 'a:80', 'ä', 'x'.repeat(64)])('may not be "%s"', (address) => {
    expect(addressSchema.safeParse(address).success).toBe(false);
  });
});

describe('an item', () => {
  const listener: Item = { kind: 'listener', id: 'l1', networkId: 'n1', address: 'a', host: '127.0.0.1', port: 80 };

  it('has a key of its kind and id', () => {
    expect(keyOf(listener)).toBe('listener/l1');
  });

  it('says nothing that is not known', () => {
    expect(itemSchema.safeParse({ ...listener, more: 1 }).success).toBe(false);
    expect(itemSchema.safeParse({ ...listener, kind: 'gateway' }).success).toBe(false);
  });
});

describe('a configuration', () => {
  it('may be empty, and is nothing without a site', () => {
    expect(configurationSchema.parse(emptyConfiguration('s1'))).toEqual(emptyConfiguration('s1'));
    expect(configurationSchema.safeParse(emptyConfiguration('')).success).toBe(false);
  });
});
