import { describe, expect, it } from 'vitest';
import { productionSizes } from '../limits.js';
import { StreamWindow } from './stream-window.js';

const { smallWindow: SMALL, largeWindow: LARGE } = productionSizes;

function lineWith({ confirms = true } = {}) {
  const line = { asked: [] as number[], room: Infinity, confirm: () => undefined as void, heard: 0 };
  const session = {
    destroyed: false,
    settings: ({ initialWindowSize }: { initialWindowSize?: number }, confirmed?: () => void) => {
      line.asked.push(initialWindowSize!);
      line.confirm = confirmed as () => void;
      if (confirms) line.confirm();
    },
  };
  const window = new StreamWindow(session as never, productionSizes, (each) => each <= line.room);
  const tick = (bytes: number, times = 1): boolean => {
    let isConfirmed = true;
    for (let i = 0; i < times; i++) isConfirmed = window.tick((line.heard += bytes));
    return isConfirmed;
  };
  return { line, window, tick };
}

describe('the window of a stream', () => {
  it('is small, and stays so without bulk', () => {
    const { line, window, tick } = lineWith();
    tick(10_000, 60);
    expect([window.bytes, line.asked]).toEqual([SMALL, []]);
  });

  it('is large once there is bulk, and small again some time after', () => {
    const { line, window, tick } = lineWith();
    tick(1_000_000);
    expect(window.bytes).toBe(LARGE);
    tick(0, 60);
    expect(line.asked).toEqual([LARGE, SMALL]);
  });

  it('is never larger than what the connection may have under way: more would only be held', () => {
    expect(LARGE).toBeLessThanOrEqual(productionSizes.connectionWindow);
  });

  it('stays small where there is no room for all that larger ones may bring', () => {
    const { line, window, tick } = lineWith();
    line.room = LARGE - SMALL - 1;
    tick(1_000_000, 5);
    expect(window.bytes).toBe(SMALL);
    line.room++;
    tick(1_000_000);
    expect(window.bytes).toBe(LARGE);
    line.room = 0;
    tick(1_000_000, 5);
    expect(line.asked).toEqual([LARGE]);
  });

  it('is small while memory is short, bulk or not', () => {
    const { line, window, tick } = lineWith();
    tick(1_000_000);
    line.room = -1;
    window.follow();
    tick(1_000_000, 5);
    expect([window.bytes, line.asked]).toEqual([SMALL, [LARGE, SMALL]]);
  });

  it('changes once the last change is confirmed, and then to what is right by now', () => {
    const { line, window, tick } = lineWith({ confirms: false });
    tick(1_000_000);
    line.room = -1;
    window.follow();
    expect(line.asked).toEqual([LARGE]);
    line.confirm();
    expect(line.asked).toEqual([LARGE, SMALL]);
  });

  it('is no promise of an end that does not confirm it', () => {
    const { tick } = lineWith({ confirms: false });
    expect(tick(1_000_000, 11)).toBe(true);
    expect(tick(1_000_000)).toBe(false);
  });
});
