import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startCpuMeter } from './cpu.js';

/** Works when it is told to, for so long on its CPU: on the clock it may be any time. */
const working = `process.stdin.once('data', () => {
  const before = process.cpuUsage();
  const worked = ({ user, system } = process.cpuUsage(before)) => (user + system) / 1e6;
  while (worked() < 0.3);
  console.log('done');
})`;

describe('what processes work', () => {
  it('is counted in CPU seconds, and is not known of one that has ended', async () => {
    const child = spawn(process.execPath, ['-e', working], { stdio: ['pipe', 'pipe', 'inherit'] });
    const read = startCpuMeter({ worker: child.pid! });
    child.stdin.write('work');
    await once(child.stdout, 'data');
    expect(read().worker).toBeGreaterThan(0.1);
    child.kill();
    await once(child, 'exit');
    expect(read).toThrow(`worker (process ${child.pid}) ended while it was measured`);
  });
});
