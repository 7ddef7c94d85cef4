import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSupplied } from './supplied-files.js';

describe('what is read of what a user supplies', () => {
  const directory = mkdtempSync(join(tmpdir(), 'caravan-supplied-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const at = (...names: string[]): string => {
    const path = join(directory, ...names);
    mkdirSync(join(path, '..'), { recursive: true });
    return path;
  };

  it('is what is asked for by name, and nothing outside', async () => {
    writeFileSync(at('web', 'tls.crt'), 'one');
    writeFileSync(at('other', 'tls.crt'), 'two');
    const found = await readSupplied(directory, ['web', 'absent', '..', '../web', '']);
    expect([...found]).toEqual([['web', { certificate: 'one' }]]);
    expect(await readSupplied(join(directory, 'nowhere'), ['web'])).toEqual(new Map());
  });

  it('is neither waited for nor read without an end', async () => {
    execFileSync('mkfifo', [at('odd', 'tls.crt')]);
    symlinkSync('/dev/zero', at('odd', 'tls.key'));
    mkdirSync(at('odd', 'ca.crt'));
    const { unreadable } = (await readSupplied(directory, ['odd'])).get('odd')!;
    expect(unreadable).toMatch(/tls\.crt: it is no file; tls\.key: it is no file; ca\.crt: it is no file/);
    writeFileSync(at('large', 'ca.crt'), 'x'.repeat(70_000));
    expect((await readSupplied(directory, ['large'])).get('large')?.unreadable).toContain('more than 65536 bytes');
  });
});
