import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '@caravan/pki';
import type { KeySource } from './index.js';
import { readKeys } from './index.js';

const [first, second] = [randomBytes(32), randomBytes(32)];
const base64 = first.toString('base64');

describe('sealing keys', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'caravan-keys-'))));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const value = (text: string): KeySource => ({ value: new Secret(text) });
  const file = (content: string | Buffer): KeySource => {
    const path = join(directory, 'key');
    writeFileSync(path, content);
    return { file: path };
  };
  const command = (text: string): KeySource => ({ command: text });
  const keysOf = async (source: KeySource) => (await readKeys(source)).map((key) => key.reveal());

  it.each([
    ['hex', first.toString('hex')],
    ['capital hex', first.toString('hex').toUpperCase()],
    ['base64', base64],
    ['base64 without padding and with a line end', `${base64.replace('=', '')}\n`],
  ])('are read from %s, wherever it stands', async (_, text) => {
    for (const source of [value(text), file(text), command(`printf '%s' '${text}'`)]) {
      expect(await keysOf(source)).toEqual([first]);
    }
  });

  it('are several, the newest last', async () => {
    const text = `${base64}\n${second.toString('hex')}\n`;
    for (const source of [value(text), file(text)]) expect(await keysOf(source)).toEqual([first, second]);
  });

  it('may be the bare bytes of one', async () => {
    const source = file(first);
    expect(await keysOf(source)).toEqual([first]);
    expect(await keysOf(command(`cat '${(source as { file: string }).file}'`))).toEqual([first]);
  });

  it('are never printed', async () => {
    expect(inspect(await readKeys(value(base64)))).toBe('[ [secret] ]');
  });

  it.each([
    ['half of one', first.toString('hex').slice(0, 32)],
    ['garbage in one', `${base64.slice(0, 42)}*=`],
    ['a password', 'correct-horse-battery-staple'],
    ['one and a half', `${base64} ${base64.slice(0, 20)}`],
  ])('are refused with %s, which is not quoted', async (_, text) => {
    const refusal = await readKeys(value(text)).catch((error: Error) => error.message);
    expect(refusal).toMatch(/^is not a key: .*openssl rand/);
    expect(refusal).not.toContain(text);
  });

  it.each([
    [() => value(' '), 'has no key'],
    [() => file('\n'), 'has no key'],
    [() => ({ file: join(directory, 'missing') }), 'cannot be read (ENOENT)'],
    [() => command('true'), 'has no key'],
    [() => command('echo "no such slot" >&2; exit 3'), 'ended with exit code 3: no such slot'],
    [() => command('no-such-program-at-all'), 'ended with exit code 127'],
    [() => command('head -c 5000 /dev/zero'), 'wrote more than 4096 bytes'],
    [() => command('read line; echo "asked $?" >&2; exit 1'), 'ended with exit code 1: asked 1'],
  ])('%#: a source that has none says so', async (source, says) => {
    await expect(readKeys(source())).rejects.toThrow(says);
  });
});
