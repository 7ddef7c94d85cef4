import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPort, PortBook } from './ports.js';

const listen = (port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server: Server = createServer().once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

describe('the ports of an installation', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'caravan-ports-'));
    file = join(dir, 'ports.json');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are the same in a later start', async () => {
    const first = await PortBook.open(file).choose('nats');
    expect(await PortBook.open(file).choose('nats')).toBe(first);
  });

  it('are all different', async () => {
    const book = PortBook.open(file);
    const ports = [await book.choose('a'), await book.choose('b'), await book.choose('c')];
    expect(new Set(ports).size).toBe(3);
  });

  it.each(['127.0.0.1', '0.0.0.0'])(
    'avoid a preferred one that is taken on %s, and keep one that is free',
    async (host) => {
      const port = await PortBook.open(join(dir, 'other.json')).choose('any');
      const taken = await listen(port, host);
      expect(await PortBook.open(file).choose('first', port)).not.toBe(port);
      await close(taken);
      expect(await PortBook.open(file).choose('second', port)).toBe(port);
    },
  );

  it('are not moved silently: one that was used before and is taken now is an error that says what to do', async () => {
    const port = await PortBook.open(file).choose('nats');
    const taken = await listen(port, '127.0.0.1');
    await expect(PortBook.open(file).choose('nats')).rejects.toThrow(new RegExp(`Port ${port}.*nats.*taken.*--reset`));
    await close(taken);
    expect(await PortBook.open(file).choose('nats')).toBe(port);
  });

  it('are of the range that is asked for', async () => {
    const range = { first: 25_000, last: 25_099 };
    const port = await PortBook.open(file, range).choose('nats');
    expect(port).toBeGreaterThanOrEqual(range.first);
    expect(port).toBeLessThanOrEqual(range.last);
    const only = { first: port, last: port };
    expect(await findPort(only)).toBe(port);
    await expect(findPort(only, new Set([port]))).rejects.toThrow(`No free port between ${port} and ${port}`);
    const taken = await listen(port, '127.0.0.1');
    await expect(findPort(only)).rejects.toThrow('No free port');
    await close(taken);
  });

  it('are not guessed from a file that cannot be read', () => {
    writeFileSync(file, '{');
    expect(() => PortBook.open(file)).toThrow(/cannot be read.*--reset/);
  });
});
