import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { startCpuMeter } from './cpu.js';

const working =
  "const end = Date.now() + 300; while (Date.now() < end); console.log('done'); setInterval(() => {}, 1e3)";

describe('what processes work', () => {
  it('is counted in CPU seconds, and is not known of one that has ended', async () => {
    const child = spawn(process.execPath, ['-e', working], { stdio: ['ignore', 'pipe', 'inherit'] });
    const read = startCpuMeter({ worker: child.pid! });
    await once(child.stdout, 'data');
    expect(read().worker).toBeGreaterThan(0.1);
    child.kill();
    await once(child, 'exit');
    expect(read).toThrow(`worker (process ${child.pid}) ended while it was measured`);
  });
});
