import { describe, expect, it } from 'vitest';
import jsqr from 'jsqr';
import { qrImage, qrLines } from './qr-code.js';

const url = 'https://caravan.example.com:4443/join#bNB0kBgGZ0zNbDc1oGAcFQ.n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
const SCALE = 4;

/** What a camera sees of a terminal on which light or dark is printed, as somebody else's reader reads it. */
function seen(lines: readonly string[], printed: 'light' | 'dark'): string | undefined {
  const [paper, ink] = printed === 'dark' ? [255, 0] : [0, 255];
  const rows = lines.flatMap((line) => [
    [...line].map((each) => '█▀'.includes(each)),
    [...line].map((each) => '█▄'.includes(each)),
  ]);
  const width = rows[0]!.length * SCALE;
  const pixels = rows.flatMap((row) => {
    const across = row.flatMap((isInk) => Array<number>(SCALE).fill(isInk ? ink : paper));
    return Array.from({ length: SCALE }, () => across.flatMap((value) => [value, value, value, 255])).flat();
  });
  const read = jsqr.default ?? jsqr;
  return read(Uint8ClampedArray.from(pixels), width, rows.length * SCALE, { inversionAttempts: 'dontInvert' })?.data;
}

describe('a QR code', () => {
  it('is read where dark is printed, and where light is', () => {
    expect(seen(qrLines(url, 'dark'), 'dark')).toBe(url);
    expect(seen(qrLines(url, 'light'), 'light')).toBe(url);
    expect(seen(qrLines(url, 'light'), 'dark')).toBeUndefined();
  });

  it('is not read where it is damaged', () => {
    const damaged = qrLines(url, 'dark').map((line) => line.replaceAll('▀', ' '));
    expect(seen(damaged, 'dark')).toBeUndefined();
  });

  it('fits into a window of 80 columns and 30 lines, also with a long name', () => {
    const lines = qrLines(url.replace('caravan', 'a-rather-long-name-for-a-machine'), 'dark');
    expect(lines.length).toBeLessThan(30);
    expect(lines[0]!.length).toBeLessThan(80);
  });

  it('is an image, to be printed', () => {
    expect(qrImage(url)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>\n$/s);
  });
});
