import { expect, it } from 'vitest';
import type { Msg } from '@nats-io/nats-core';
import { deliveryOf } from './raw-commit.js';

const at = (reply: string | undefined) => deliveryOf({ reply, subject: 's', data: new Uint8Array() } as unknown as Msg);

it.each([
  ['of a server of today', '$JS.ACK.CARAVAN.a1B2c3.1.4711.42.1763600000000000000.7'],
  ['with domain and account', '$JS.ACK._.acchash.CARAVAN.a1B2c3.1.4711.42.1763600000000000000.7'],
  ['with domain, account and a random end', '$JS.ACK.hub.acchash.CARAVAN.a1B2c3.1.4711.42.1763600000000000000.7.x1'],
])('the place of a message is read from a reply subject %s', (_of, reply) => {
  expect(at(reply)).toMatchObject({ stream: 's', position: 4711, delivery: 42 });
});

it.each([
  undefined,
  '',
  '_INBOX.x.1',
  '$JS.ACK',
  '$JS.ACK.CARAVAN.x',
  '$JS.ACK.CARAVAN.c.1.x.42.1.7',
  '$JS.FC.CARAVAN.c.x',
])('no place is read from %j', (reply) => {
  expect(at(reply)).toBeUndefined();
});
