import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { siteSubject } from '@caravan/events';
import type { NatsConnection } from '@nats-io/transport-node';
import { Nudges } from './nudges.js';

/** A connection that keeps what is published. */
class Published {
  readonly messages: [string, string][] = [];
  closed = false;
  isClosed = () => this.closed;
  publish = (subject: string, payload: string) => void this.messages.push([subject, payload]);
}

const nudging = () => {
  const published = new Published();
  return { published, nudges: new Nudges(published as unknown as NatsConnection) };
};

describe('nudges', () => {
  it('tell a site once of what came together, with the last revision', async () => {
    const { published, nudges } = nudging();
    nudges.nudge(['a', 'b'], 7);
    nudges.nudge(['a'], 8);
    await sleep(60);
    expect(published.messages.sort()).toEqual([
      [siteSubject('a', 'nudge'), '{"revision":8}'],
      [siteSubject('b', 'nudge'), '{"revision":7}'],
    ]);
  });

  it('reach ten thousand sites in turns, each once', async () => {
    const { published, nudges } = nudging();
    nudges.nudge(
      Array.from({ length: 10_000 }, (_, index) => `site-${index}`),
      1,
    );
    await sleep(60);
    expect(published.messages.length).toBeLessThan(5_000);
    while (published.messages.length < 10_000) await sleep(20);
    await sleep(60);
    expect(new Set(published.messages.map(([subject]) => subject)).size).toBe(10_000);
    expect(published.messages).toHaveLength(10_000);
  });

  it('end with the service', async () => {
    const { published, nudges } = nudging();
    nudges.nudge(['a'], 1);
    nudges.beforeApplicationShutdown();
    await sleep(60);
    expect(published.messages).toEqual([]);
  });

  it('are dropped, and nothing else, when the connection is closed', async () => {
    const { published, nudges } = nudging();
    published.closed = true;
    nudges.nudge(['a'], 1);
    await sleep(60);
    published.closed = false;
    nudges.nudge(['a'], 2);
    await sleep(60);
    expect(published.messages).toEqual([[siteSubject('a', 'nudge'), '{"revision":2}']]);
  });
});
