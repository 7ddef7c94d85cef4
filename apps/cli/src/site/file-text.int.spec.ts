import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSiteFile } from './site-file.js';

/** What people hand in as an invitation. Each is refused at once, in a line of words. */
describe('a file that a site is to be started with', () => {
  const dir = mkdtempSync(join(tmpdir(), 'caravan-files-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const at = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const invitation = { format: 'caravan.invitation', version: 1 };

  it.each<[string, () => string, RegExp]>([
    ['nothing', () => at('empty', ''), /not JSON/],
    ['text', () => at('text', 'Dear customer,'), /not JSON/],
    ['half of one', () => at('half', '{"format":"caravan.invitation","ver'), /not JSON/],
    ['bytes', () => at('bytes', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])), /no text/],
    ['a list', () => at('list', '[]'), /expected object|Invalid input/],
    ['another format', () => at('other', '{"format":"caravan.other"}'), /format/],
    ['a version of the future', () => at('future', JSON.stringify({ ...invitation, version: 2 })), /version/],
    ['a version of the past', () => at('past', JSON.stringify({ ...invitation, version: 0 })), /version/],
    [
      'a member with a long name',
      () => at('long', JSON.stringify({ ...invitation, ['x'.repeat(500_000)]: 1 })),
      /version|installation/,
    ],
    ['ten thousand levels', () => at('deep', '['.repeat(10_000) + ']'.repeat(10_000)), /expected object|Invalid input/],
    [
      'a hundred megabytes',
      () => (truncateSync(at('huge', ' '), 100 * 1_048_576), join(dir, 'huge')),
      /104857600 bytes/,
    ],
    ['a directory', () => dir, /is a directory/],
    ['a device without an end', () => '/dev/zero', /pipe or a device/],
    ['a named pipe', () => (execFileSync('mkfifo', [join(dir, 'pipe')]), join(dir, 'pipe')), /pipe or a device/],
  ])('is refused when it is %s', async (_, file, says) => {
    const error = await readSiteFile(file()).then(
      () => undefined,
      (failure: unknown) => failure as { code: string; message: string; exit: number },
    );
    expect(error).toMatchObject({ code: 'cli.bad-site-file', exit: 2, message: expect.stringMatching(says) });
    expect(error!.message.length).toBeLessThan(500);
  });
});
