import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followObservations } from './observation-feed.js';

const GOOD = JSON.stringify({ items: {}, links: [] });
const OF_ANOTHER_VERSION = JSON.stringify({ items: {}, links: [], weather: 'fine' });

/** At each attempt: when it came, and how many connections were open, its own among them. */
interface Attempt {
  readonly at: number;
  readonly open: number;
}

describe('who follows the observations of a relay', () => {
  let folder: string;
  let closing: AbortController;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'feed-'));
    closing = new AbortController();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Follows a relay that says these lines, one at each attempt, and stays on; until there was an attempt more than lines. */
  const followed = async (lines: readonly string[]) => {
    const attempts: Attempt[] = [];
    const told: string[] = [];
    let open = 0;
    const relay = createServer((_, response) => {
      attempts.push({ at: performance.now(), open });
      response.write(`${lines[attempts.length - 1] ?? ''}\n`);
      if (attempts.length > lines.length) relay.emit('enough');
    });
    relay.on('connection', (socket) => {
      open += 1;
      socket.on('close', () => (open -= 1));
    });
    const socketPath = path.join(folder, 'relay.sock');
    await once(relay.listen(socketPath), 'listening');
    const hooks = {
      connected: () => void told.push('connected'),
      disconnected: ({ name }: Error) => void told.push(name),
      observed: () => void told.push('observed'),
    };
    const enough = once(relay, 'enough');
    const following = followObservations(socketPath, hooks, { signal: closing.signal, busyMs: () => 0 });
    await enough;
    closing.abort();
    await following;
    relay.close();
    return { attempts, told };
  };
  const pauses = (attempts: readonly Attempt[]) =>
    attempts.slice(1).map(({ at }, index) => at - (attempts[index] as Attempt).at);

  it('gives up a connection with what it does not understand, and comes back less and less often', async () => {
    const { attempts, told } = await followed(Array<string>(5).fill(OF_ANOTHER_VERSION));
    expect(attempts.at(-1)?.open).toBe(1);
    // A timer may be early by less than a millisecond.
    pauses(attempts).forEach((ms, index) => expect(ms).toBeGreaterThan(50 * 2 ** index - 1));
    expect(told.slice(0, 4)).toEqual(['connected', 'ZodError', 'connected', 'ZodError']);
  });

  it('comes back at once to one that it has understood', async () => {
    const understoodOnce = `${GOOD}\n${OF_ANOTHER_VERSION}`;
    const { attempts, told } = await followed([...Array<string>(5).fill(OF_ANOTHER_VERSION), understoodOnce]);
    expect(told).toContain('observed');
    expect(pauses(attempts).at(-1)).toBeLessThan(1_600);
  });
});
