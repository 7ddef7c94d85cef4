import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Seen } from './fake-api.fixture.js';
import { FakeApi, TOKEN } from './fake-api.fixture.js';
import { Shell } from './shell.fixture.js';
import type { Ended } from './shell.fixture.js';
import { freshWorld } from './world.fixture.js';

/** Before each test of a file: a new folder, and an API with a world of its own. */
export class Desk {
  readonly api = new FakeApi();
  shell!: Shell;

  constructor() {
    let url: string;
    beforeAll(async () => {
      url = await this.api.start();
    }, 180_000);
    beforeEach(() => {
      this.shell = new Shell();
      this.shell.env = { CARAVAN_URL: url, CARAVAN_TOKEN: TOKEN };
      this.api.world = freshWorld();
      this.api.seen.length = 0;
      this.api.refusing = {};
    });
    afterEach(() => this.shell.remove());
    afterAll(() => this.api.stop());
  }

  readonly caravan = (line: string, hear?: (stderr: string) => void): Promise<Ended> =>
    this.shell.here(line.split(' '), hear);
  readonly sent = (route: string): Seen[] => this.api.seen.filter((request) => request.route === route);
}
