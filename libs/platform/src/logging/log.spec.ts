import { Secret } from '@caravan/pki';
import { describe, expect, it } from 'vitest';
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

  it.each([
    ['a line of its own', 'x\n{"level":"error","msg":"forged"}\r\n'],
    ['a colour', '\u001b[31mred\u001b[0m'],
    ['an escape of one character', '\u009b31mred'],
    ['text that is turned around', 'evil\u202egnp.exe\u2066'],
    ['a line for JavaScript alone', 'a\u2028b\u0085c'],
  ])('shows somebody else’s text as it is, and not as %s', (_, name) => {
    const text = written((log) => log.warn({ name }, `refused ${name}`));
    expect(text.split('\n')).toHaveLength(2);
    // eslint-disable-next-line no-control-regex -- those are what must not come through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066]/);
    expect(JSON.parse(text)).toMatchObject({ name, msg: `refused ${name}` });
  });

  it('cuts a line that quotes too much, says so, and it is JSON still', () => {
    const long = 'x'.repeat(100_000);
    const name = long.slice(0, 200);
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`${name}${index}`, index ? long.slice(0, 5_000) : long]),
    );
    for (const fields of [{ long }, { many }, { deep: { er: { st: { one: { more: [long] } } } } }]) {
      const text = written((log) => log.warn({ ...fields, code: 'request.invalid' }, `refused: ${long}`));
      expect(text.length).toBeLessThanOrEqual(16_384);
      expect(text.endsWith('}\n')).toBe(true);
      expect(JSON.parse(text)).toMatchObject({ level: 'warn', service: 'test', cutFrom: expect.any(Number) });
    }
  });

  it('prints what is no secret', () => {
    expect(written((log) => log.info({ certificate: 'MIGHAgEAMBMG' }, 'done'))).toContain('MIGHAgEAMBMG');
  });
});
