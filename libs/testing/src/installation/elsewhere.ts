import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestInstallation } from './test-installation.js';

const run = promisify(execFile);

/** Another machine, as far as the command line goes: a folder with files of its own, a configuration of its own, and nothing else. */
export class Elsewhere {
  readonly home: string;

  constructor(private readonly installation: TestInstallation) {
    this.home = join(installation.state.root, 'elsewhere');
    mkdirSync(this.home);
  }

  copy(file: string, name: string): void {
    copyFileSync(file, join(this.home, name));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.home, name), text);
  }

  /** Runs `caravan` to its end. */
  async caravan(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { home: cwd } = this;
    const env = { PATH: process.env['PATH'], HOME: cwd, CARAVAN_CONFIG: join(cwd, 'config.json') };
    try {
      const { stdout: out, stderr: err } = await run(process.execPath, [this.installation.programs.cli, ...args], {
        cwd,
        env,
      });
      return { code: 0, out, err };
    } catch (error) {
      const { code, stdout: out, stderr: err } = error as { code: number; stdout: string; stderr: string };
      return { code, out, err };
    }
  }
}
