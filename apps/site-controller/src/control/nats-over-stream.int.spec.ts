import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Secret } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { useManagement } from './management.fixture.js';
import { natsOverStream } from './nats-over-stream.js';
import type { ControlEnds } from './nats-over-stream.js';

const member: Identity = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId: 'm' };

describe('NATS inside a byte stream', () => {
  const management = useManagement();

  const ends = (changes: Partial<ControlEnds> = {}): ControlEnds => {
    const { authorities } = management();
    const { chain, key } = authorities.make('member', member);
    return {
      serverName: 'caravan.control',
      trust: [authorities.pem('managementCa')],
      chain,
      key: new Secret(key),
      ...changes,
    };
  };
  const connectWith = async (changes: Partial<ControlEnds>, stream?: Duplex) =>
    natsOverStream(stream ?? (await management().openControl()), ends(changes));

  it('carries requests, and trusts an intermediate authority alone', async () => {
    const service = await management().service();
    service.subscribe('echo', { callback: (_, message) => void message.respond(message.data) });
    await service.flush();
    const connection = await connectWith({});
    expect((await connection.request('echo', 'hello')).string()).toBe('hello');
    await connection.close();
  });

  it('needs no socket: any duplex will do', async () => {
    const [ours, theirs] = duplexPair();
    const tcp = await management().openControl();
    theirs.pipe(tcp).pipe(theirs);
    const connection = await connectWith({}, ours);
    expect(await connection.rtt()).toBeGreaterThanOrEqual(0);
    await connection.close();
  });

  it('has a name of 160 random bits, and hears answers below it alone', async () => {
    const service = await management().service();
    const replies: string[] = [];
    service.subscribe('who', {
      callback: (_, message) => {
        replies.push(message.reply ?? '');
        message.respond();
      },
    });
    await service.flush();
    const [one, two] = [await connectWith({}), await connectWith({})];
    await Promise.all([one.request('who'), two.request('who')]);
    const names = replies.map((reply) => /^_INBOX_([0-9a-f]{40})\./.exec(reply)?.[1]);
    expect(new Set(names).size).toBe(2);
    expect(names).not.toContain(undefined);
    await Promise.all([one.close(), two.close()]);
  });

  it.each([
    ['another server name than the server proves', () => ({ serverName: 'caravan.other' }), /caravan\.other|altnames/],
    [
      'an authority that did not sign the server',
      () => ({ trust: [management().authorities.pem('memberCa')] }),
      /unable|issuer/,
    ],
    [
      'an authority of another installation',
      () => ({ trust: [testAuthorities().pem('managementCa')] }),
      /unable|issuer|signature/,
    ],
  ])('is refused by us with %s', async (_, changes, reason) => {
    await expect(connectWith(changes())).rejects.toThrow(reason);
  });

  it('is refused by the server with a certificate of another installation', async () => {
    const { chain, key } = testAuthorities().make('member', member);
    await expect(connectWith({ chain, key: new Secret(key) })).rejects.toThrow();
  });

  it('ends when the stream breaks, with an error or without, and nothing is thrown elsewhere', async () => {
    for (const reason of [new Error('the link is gone'), undefined]) {
      const stream = await management().openControl();
      const connection = await connectWith({}, stream);
      stream.destroy(reason);
      await connection.closed();
      expect(connection.isClosed()).toBe(true);
      await expect(connection.rtt()).rejects.toThrow();
    }
  });

  it('is refused when the stream ends in the handshake', async () => {
    const [ours, theirs] = duplexPair();
    theirs.once('data', () => theirs.end());
    await expect(connectWith({}, ours)).rejects.toThrow();
    expect(ours.destroyed).toBe(true);
  });
});
