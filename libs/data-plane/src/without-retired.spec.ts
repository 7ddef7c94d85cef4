import { describe, expect, it } from '@jest/globals';
import { itemSchema, withoutRetired } from './index.js';

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n`;
const link = {
  ...{
    kind: 'link',
    id: 'l',
    access: 'peer',
    host: 'h',
    port: 1,
    serverName: 'b.peer',
    certificateId: 'site',
    cost: 1,
  },
  trust: [pem('new')],
  reach: { kind: 'backbone' },
} as const;
const rotated = { ...link, retired: [pem('old')] };
const listener = {
  kind: 'listener',
  id: 'a',
  networkId: 'n',
  address: 'inventory',
  host: '127.0.0.1',
  port: 8080,
} as const;

describe('an item for a site that knows of nothing retired', () => {
  it('is the same where nothing is', () => {
    for (const item of [link, listener].map((each) => itemSchema.parse(each))) expect(withoutRetired(item)).toBe(item);
  });

  it('says only what is trusted', () => {
    expect(withoutRetired(itemSchema.parse(rotated))).toEqual(link);
  });
});
