import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { z } from 'zod';
import { INSTALLATION } from '../testing.fixture.js';
import { silentLog } from '../log.js';
import { ask, ControlLink } from './index.js';
import { useManagement } from './management.fixture.js';

const backOff = { firstMs: 20, mostMs: 100 };
const answerSchema = z.strictObject({ ok: z.literal(true) });

describe('the control link of a site', () => {
  const management = useManagement();
  const links: ControlLink[] = [];
  afterEach(async () => {
    await Promise.all(links.splice(0).map((link) => link.stop()));
  });

  const linkAs = (memberIds: string[] = ['m'], more: { requestTimeoutMs?: number } = {}): ControlLink => {
    const { authorities, openControl } = management();
    const certificates = memberIds.map((memberId) =>
      authorities.make('member', { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId }),
    );
    const link = new ControlLink({
      open: openControl,
      ends: () => {
        const { chain, key } = certificates.length > 1 ? certificates.shift()! : certificates[0]!;
        return { serverName: 'caravan.control', trust: [authorities.pem('managementCa')], chain, key: new Secret(key) };
      },
      log: silentLog,
      backOff,
      ...more,
    });
    links.push(link);
    return link;
  };
  const connected = (link: ControlLink, state = true): Promise<void> =>
    new Promise((resolve) => {
      if (link.connected === state) return resolve();
      const stop = link.onChange((now) => {
        if (now !== state) return;
        stop();
        resolve();
      });
    });
  const answering = async (subject: string, answer: (question: unknown) => string): Promise<void> => {
    const service = await management().service();
    service.subscribe(subject, {
      callback: (_, message) => void message.respond(answer(JSON.parse(message.string()))),
    });
    await service.flush();
  };
  const asking = (link: ControlLink, subject: string, question: object = {}) =>
    ask(link, subject, question, answerSchema).then(
      (answer) => answer,
      (error: { code: string; retry?: string; message: string }) => [error.code, error.retry, error.message],
    );

  it('asks and is answered, or refused with a code and whether to ask again', async () => {
    await answering('fine', () => '{"ok":true}');
    await answering('not-now', () => '{"error":{"code":"network.not-started","detail":"tomorrow","retry":"later"}}');
    await answering('odd', () => 'what?');
    const link = linkAs();
    expect(await asking(link, 'fine')).toEqual(['management.away', undefined, expect.any(String)]);
    link.start();
    await connected(link);
    expect(await asking(link, 'fine')).toEqual({ ok: true });
    expect(await asking(link, 'not-now')).toEqual(['network.not-started', 'later', 'tomorrow']);
    expect(await asking(link, 'odd')).toEqual(['management.unknown-answer', undefined, expect.any(String)]);
    expect(await asking(link, 'nobody')).toEqual(['management.away', undefined, expect.stringContaining('is away')]);
  });

  it('says so when an answer does not come', async () => {
    const service = await management().service();
    service.subscribe('slow', { callback: () => undefined });
    await service.flush();
    const link = linkAs(['m'], { requestTimeoutMs: 300 });
    link.start();
    await connected(link);
    expect(await asking(link, 'slow')).toEqual(['management.away', undefined, expect.stringContaining('0.3 s')]);
  });

  it('sends nothing that is larger than the management plane reads', async () => {
    const link = linkAs();
    await expect(ask(link, 'x', { text: 'x'.repeat(300_000) }, answerSchema)).rejects.toThrow('bytes');
  });

  it('comes back when the server was killed, and hears what it heard before', async () => {
    const link = linkAs();
    const heard: string[] = [];
    link.hear('news', (data) => heard.push(Buffer.from(data).toString()));
    link.start();
    await connected(link);
    expect(link.trouble).toBeUndefined();
    await management().nats.kill();
    await connected(link, false);
    expect(link.trouble?.detail).toBeTruthy();
    await pause(200);
    await management().nats.restart();
    await connected(link);
    const service = await management().service();
    await asking(link, 'nobody'); // an answer: what it hears is known to the server
    service.publish('news', 'hello');
    service.publish('news', 'and farewell');
    await eventually('the last news', () => heard.includes('and farewell'));
    expect(heard).toEqual(['hello', 'and farewell']);
  });

  it('comes back as somebody else when its certificate was replaced', async () => {
    const link = linkAs(['before', 'after']);
    link.start();
    await connected(link);
    const lost = connected(link, false);
    await link.renew();
    await lost;
    await connected(link);
    expect(link.connected).toBe(true);
  });

  it('does not stay as whom it was when it was replaced while it connected', async () => {
    const { authorities, openControl } = management();
    const persons: string[] = [];
    const link: ControlLink = new ControlLink({
      open: async () => {
        const stream = await openControl();
        if (persons.length === 0) setImmediate(() => void link.renew());
        return stream;
      },
      ends: () => {
        const memberId = `person-${persons.length}`;
        persons.push(memberId);
        const identity = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId } as const;
        const { chain, key } = authorities.make('member', identity);
        return { serverName: 'caravan.control', trust: [authorities.pem('managementCa')], chain, key: new Secret(key) };
      },
      log: silentLog,
      backOff,
    });
    links.push(link);
    link.start();
    await connected(link);
    expect(persons).toEqual(['person-0', 'person-1']);
  });

  it('ends when it is stopped, also while it waits', async () => {
    const never = new ControlLink({
      open: () => Promise.reject(new Error('no way there')),
      ends: () => {
        throw new Error('not asked');
      },
      log: silentLog,
      backOff: { firstMs: 60_000, mostMs: 60_000 },
    });
    never.start();
    await eventually(
      () => `no way there; it is: ${never.trouble?.detail}`,
      () => never.trouble?.detail === 'no way there',
    );
    await never.stop();
    const link = linkAs();
    link.start();
    await connected(link);
    await link.stop();
    expect(link.connected).toBe(false);
  });

  it('ends when it is stopped while a stream does not open, or opens and says nothing', async () => {
    const { authorities } = management();
    const { chain, key } = authorities.make('member', {
      kind: 'member',
      installation: INSTALLATION,
      networkId: 'n',
      memberId: 'm',
    });
    const [silent] = duplexPair();
    for (const open of [() => new Promise<Duplex>(() => undefined), () => Promise.resolve(silent)]) {
      const ends = () => ({
        serverName: 'caravan.control',
        trust: [authorities.pem('managementCa')],
        chain,
        key: new Secret(key),
      });
      const link = new ControlLink({ open, ends, log: silentLog, backOff });
      link.start();
      await pause(20);
      const started = performance.now();
      await link.stop();
      expect(performance.now() - started).toBeLessThan(4_000); // less than any of the waits that it ends
    }
    expect(silent.destroyed).toBe(true);
  });
});
