import { describe, expect, it } from 'vitest';
import { emptyConfiguration } from '@caravan/data-plane';
import { Safekeeping } from './safekeeping.js';

/** A supervisor that takes one when it is told to. */
function supervisor() {
  const taken: string[] = [];
  const given: Buffer[] = [];
  let take: () => void = () => undefined;
  const send = (configuration: Buffer): Promise<void> => {
    given.push(configuration);
    taken.push((JSON.parse(configuration.toString()) as { siteId: string }).siteId);
    return new Promise((resolve) => (take = resolve));
  };
  return { taken, given, send, take: () => take() };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a configuration that is given to the supervisor', () => {
  it('is there before whoever gave it goes on', async () => {
    const { taken, send, take } = supervisor();
    let goesOn = false;
    const given = new Safekeeping(send).give(emptyConfiguration('one')).then(() => (goesOn = true));
    await turn();
    expect([taken, goesOn]).toEqual([['one'], false]);
    take();
    await given;
    expect(goesOn).toBe(true);
  });

  it('is overwritten here once it is there', async () => {
    const { given, send, take } = supervisor();
    const giving = new Safekeeping(send).give(emptyConfiguration('one'));
    expect(given[0]?.toString()).toContain('one');
    take();
    await giving;
    expect(given[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('holds nobody up when it is not taken', async () => {
    const { send } = supervisor();
    await new Safekeeping(send, 5).give(emptyConfiguration('one'));
  });

  it('waits behind the one under way, and only the newest of those that wait is sent', async () => {
    const { taken, send, take } = supervisor();
    const safekeeping = new Safekeeping(send, 5);
    for (const id of ['one', 'two', 'three']) await safekeeping.give(emptyConfiguration(id));
    expect(taken).toEqual(['one']);
    take();
    await turn();
    expect(taken).toEqual(['one', 'three']);
    take();
    const last = safekeeping.give(emptyConfiguration('four'));
    await turn();
    take();
    await last;
    expect(taken).toEqual(['one', 'three', 'four']);
  });
});
