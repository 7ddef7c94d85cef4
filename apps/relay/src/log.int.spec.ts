import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { askPort, echoing, serve, Topology } from '@caravan/testing/data-plane';
import { mainFile, startRelayWith } from './relay-process.fixture.js';

const MiB = 1024 * 1024;

/** A pipe that is full: whoever writes to it waits until it is read. */
class FullPipe {
  /** For a process to write to. */
  readonly end: number;
  readonly #here: number;

  constructor(path: string) {
    spawnSync('mkfifo', [path]);
    this.#here = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.end = openSync(path, 'w');
    while (!this.isFull());
  }

  isFull(): boolean {
    try {
      writeSync(this.#here, Buffer.alloc(4_096, '\n'));
      return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return true;
      throw error;
    }
  }

  /** What is there now. */
  read(): string {
    const [buffer, pieces] = [Buffer.alloc(MiB), [] as string[]];
    try {
      for (;;) pieces.push(buffer.toString('utf8', 0, readSync(this.#here, buffer)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return pieces.join('');
  }

  close(): void {
    for (const end of [this.#here, this.end]) closeSync(end);
  }
}

describe('The log of a relay', () => {
  let directory: string;
  let pipe: FullPipe;
  let topology: Topology;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-log-'));
    pipe = new FullPipe(join(directory, 'pipe'));
    topology = new Topology((id) => startRelayWith(undefined, id === 'near' ? { logTo: pipe.end } : {}));
  }, 120_000);
  afterAll(async () => {
    await topology.close();
    pipe.close();
    rmSync(directory, { recursive: true });
  });

  it('that nobody takes holds up nothing that it carries, and is there when somebody does', async () => {
    const { a } = topology.world;
    const server = await serve(echoing('e'));
    topology.closing.add(server.close);
    const relay = await topology.relay('near');
    await (await topology.member('seller', a, relay)).connect(a.id, 'echo', server.port);
    const port = await (await topology.member('buyer', a, relay)).listen(a.id, 'echo');
    await eventually('an answer over it', async () => (await askPort(port, 'x').catch(() => '')) === 'e: x');
    expect(pipe.isFull()).toBe(true);
    let log = '';
    await eventually('its log', () => (log += pipe.read()).includes('"msg":"line up"'));
    expect(log).toContain('"msg":"waiting for a configuration"');
  });

  it('would hold it up if it was written as Node writes to a file', async () => {
    const full = new FullPipe(join(directory, 'control'));
    const script = "process.send('here'); fs.writeSync(1, 'x'); process.send('written')";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', full.end, 'inherit', 'ipc'] });
    const said: unknown[] = [];
    child.on('message', (message) => said.push(message));
    await eventually('it runs', () => said.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(said).toEqual(['here']);
    full.read();
    await eventually('it has written', () => said.length > 1);
    full.close();
  });

  it('ends with what was said last, however soon it ends after that', () => {
    const path = join(directory, 'log');
    for (let times = 1; times <= 5; times++) {
      const log = openSync(path, 'a');
      const { status } = spawnSync(process.execPath, [mainFile], { stdio: ['ignore', log, 'inherit'] });
      closeSync(log);
      expect(status).toBe(1);
      expect(readFileSync(path, 'utf8').split('"msg":"cannot start"')).toHaveLength(times + 1);
    }
  });
});
