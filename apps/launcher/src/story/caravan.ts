import { spawn } from 'node:child_process';

/** How the story uses the command line: as a person would. */
export interface Caravan {
  /** Runs `caravan ...` to its end and gives its stdout. @throws Error with what it said when it fails. */
  (...args: string[]): Promise<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly main: string;
}

export function caravanCli(main: string, api: { url: string; tokenFile: string }): Caravan {
  const env = { ...process.env, CARAVAN_URL: api.url, CARAVAN_TOKEN_FILE: api.tokenFile };
  const call = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(out);
        else reject(new Error(`caravan ${args.join(' ')} failed (exit ${code}): ${err.trim() || out.trim()}`));
      });
    });
  return Object.assign(call, { env, main });
}
