import { describe, expect, it } from 'vitest';
import { createLog } from '../log.js';
import { ControlLink } from './control-link.js';
import type { ControlLinkOptions } from './control-link.js';

/** A way that never opens, and how long it waits between the tries. */
function failing({ seldom }: Pick<ControlLinkOptions, 'seldom'> = {}) {
  const pauses: number[] = [];
  let tried: () => void = () => undefined;
  const log = createLog('site-controller', 'debug', (line) => {
    const { pauseMs } = JSON.parse(line) as { pauseMs?: number };
    if (pauseMs === undefined) return;
    pauses.push(pauseMs);
    tried();
  });
  const link = new ControlLink({
    open: () => Promise.reject(new Error('no link leads there')),
    ends: () => Promise.reject(new Error('not asked')) as never,
    log,
    backOff: { firstMs: 1, mostMs: 16 },
    random: () => 1,
    ...(seldom && { seldom }),
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      tried = () => void (pauses.length >= count && resolve());
      tried();
    });
  return { link, pauses, until };
}

describe('the pauses of a control link', () => {
  it('grow while nothing changes, and begin anew when something did', async () => {
    const { link, pauses, until } = failing();
    link.start();
    await until(6);
    expect(pauses.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 16]);
    const before = pauses.length;
    link.retryNow();
    await until(before + 2);
    expect(pauses.slice(before, before + 2)).toEqual([1, 2]);
    await link.stop();
  });

  it('are a minute while nobody will let the site in, and short again when that is over or something changed', async () => {
    let over = true;
    const { link, pauses, until } = failing({ seldom: () => over });
    link.start();
    await until(1);
    link.retryNow();
    await until(2);
    expect(pauses.slice(0, 2)).toEqual([60_000, 60_000]);
    over = false;
    link.retryNow();
    await until(4);
    expect(pauses.slice(2, 4)).toEqual([1, 2]);
    await link.stop();
  });
});
