import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { FakeApi, TOKEN } from '../fakes/fake-api.fixture.js';
import { Shell } from '../fakes/shell.fixture.js';
import type { Ended } from '../fakes/shell.fixture.js';

const supervisor = path.resolve(import.meta.dirname, '../fakes/fake-supervisor.fixture.mjs');

/** Before each test of a file: a new folder with `shop.json`, an invitation whose site comes to live in `retail-shop`. */
export class Shop {
  readonly api = new FakeApi();
  shell!: Shell;

  constructor() {
    let url: string;
    beforeAll(async () => {
      url = await this.api.start();
    }, 180_000);
    beforeEach(() => this.#open(url));
    afterEach(() => this.#close());
    afterAll(() => this.api.stop());
  }

  readonly caravan = (line: string, hear?: (stderr: string) => void): Promise<Ended> =>
    this.shell.here(line.split(' '), hear);
  readonly inShop = (name: string): string => path.join(this.shell.cwd, 'retail-shop', name);
  readonly pidOf = (): number => (JSON.parse(readFileSync(this.inShop('api.json'), 'utf8')) as { pid: number }).pid;

  async #open(url: string): Promise<void> {
    this.shell = new Shell();
    this.shell.env = { CARAVAN_URL: url, CARAVAN_TOKEN: TOKEN, CARAVAN_SUPERVISOR_MAIN: supervisor };
    await this.caravan('invite retail shop --deadline 2026-12-24T18:00Z --out shop.json');
    this.shell.env['PATH'] = process.env['PATH'] ?? '';
    this.api.seen.length = 0;
  }

  async #close(): Promise<void> {
    await this.caravan('site stop --dir retail-shop');
    const { world } = this.api;
    world['invitations'] = (world['invitations'] ?? []).filter(({ name }) => name !== 'shop');
    this.shell.remove();
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
