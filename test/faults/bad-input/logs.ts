import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage.js';

/** All log files: those of servers and services, and those of each site. */
function logFiles({ installation: { state } }: Stage): string[] {
  const sites = readdirSync(state.sites).map((name) => join(state.sites, name, 'logs'));
  return [state.logs, ...sites]
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => readdirSync(dir).map((file) => join(dir, file)));
}

export const logBytes = (stage: Stage): number => logFiles(stage).reduce((sum, file) => sum + statSync(file).size, 0);

/** What a line must not hold: controls, what turns text around, and every secret that was said to anybody. */
// eslint-disable-next-line no-control-regex -- those are what must not be there
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const MOST_OF_A_LINE = 16_384;

/** Processes of ours, which write JSON; nats-server and PostgreSQL write as they do. */
const OURS = /(controller|cert-service|router-config|relay|supervisor)[^/]*\.log$/;

/** What is wrong with what was logged, in words. */
export function logFaults(stage: Stage): string[] {
  const secrets = [stage.token, stage.localApi(stage.client).token, stage.member.credential.key.slice(60, 120)];
  return logFiles(stage).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const says = (what: string) => [`${file}: ${what}`];
    const lines = text.split('\n').slice(0, -1);
    return [
      ...(/PRIVATE KEY/.test(text) ? says('a private key') : []),
      ...secrets.filter((secret) => text.includes(secret)).flatMap(() => says('a secret')),
      ...(OURS.test(file)
        ? lines
            .filter((line) => !isJson(line))
            .slice(0, 3)
            .flatMap((line) => says(`no JSON: ${line.slice(0, 200)}`))
        : []),
      ...lines
        .filter((line) => UNSEEN.test(line))
        .slice(0, 3)
        .flatMap((line) => says(`unseen: ${JSON.stringify(line.slice(0, 200))}`)),
      ...lines
        .filter((line) => line.length > MOST_OF_A_LINE)
        .slice(0, 3)
        .flatMap((line) => says(`a line of ${line.length}`)),
    ];
  });
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
