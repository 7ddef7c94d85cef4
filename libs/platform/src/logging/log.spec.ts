import { Secret } from '@caravan/pki';
import { describe, expect, it } from '@jest/globals';
import { createLog } from './index.js';
import type { Log } from './index.js';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----';

function written(write: (log: Log) => void): string {
  const lines: string[] = [];
  write(createLog('test', 'info', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

describe('the log', () => {
  it('writes one JSON object a line, with level and time in words', () => {
    const line = JSON.parse(written((log) => log.info({ networkId: 'n' }, 'created'))) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', service: 'test', networkId: 'n', msg: 'created' });
    expect(line['time']).toMatch(/^\d{4}-.*Z$/);
  });

  it.each([
    ['a secret', { made: new Secret(KEY) }],
    ['what is called a token', { deep: { token: 'MIGHAgEAMBMG' } }],
    ['a key in a message', { err: new Error(`cannot read ${KEY}`) }],
    ['the password of a URL', { url: 'postgres://caravan:MIGHAgEAMBMG@db.example/caravan' }],
  ])('does not print %s', (_, fields) => {
    const text = written((log) => log.info(fields, 'done'));
    expect(text).not.toContain('MIGHAgEAMBMG');
    expect(text).toContain('[secret]');
  });

  it('prints what is no secret', () => {
    expect(written((log) => log.info({ certificate: 'MIGHAgEAMBMG' }, 'done'))).toContain('MIGHAgEAMBMG');
  });
});
