import { describe, expect, it } from 'vitest';
import { commandMetadata } from '@caravan/testing/specification';
import { DAY, END, EndingNetwork, KEPT, Replica } from './network-ends.fixture.js';
import { networkId } from './network.fixture.js';

const OVER = ['NetworkCreated', 'InvitationListed', 'NetworkEnded'];
const GONE = [...OVER, 'NetworkDeletionBegun', 'InvitationUnlisted', 'NetworkDeleted'];

describe('the end of a network', () => {
  it('is recorded when it comes, and not a millisecond before; once, however many look', async () => {
    const network = await new EndingNetwork().open();
    const { here, log } = network;
    const there = new Replica(log);
    await network.look(END - 1);
    expect(await network.ofNetwork()).not.toContain('NetworkEnded');
    await Promise.all([here, there].map((replica) => replica.look(END)));
    await log.settled();
    expect(await network.ofNetwork()).toEqual(OVER);
    expect([here, there].flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it('leaves what it was for as long as it is to stay, and nothing after that', async () => {
    const network = await new EndingNetwork().open();
    await network.look(END);
    await network.look(END + KEPT - 1);
    expect(await network.ofNetwork()).toEqual(OVER);
    expect(network.here.directory.members.size).toBe(3);
    await network.look(END + KEPT, { times: 2 });
    expect(await network.ofNetwork()).toEqual(GONE);
  });

  it('leaves nothing where it is to stay for no time', async () => {
    const network = await new EndingNetwork().open(0);
    await network.look(END, { times: 3 });
    expect(await network.ofNetwork()).toEqual(GONE);
  });

  it('is found after a year in which nobody looked, and what it was stays for as long as ever', async () => {
    const network = await new EndingNetwork().open();
    const found = END + 365 * DAY;
    await network.look(found, { times: 3 });
    expect(await network.ofNetwork()).toEqual(OVER);
    await network.look(found + KEPT - 1, { times: 2 });
    expect(await network.ofNetwork()).toEqual(OVER);
    await network.look(found + KEPT, { times: 2 });
    expect(await network.ofNetwork()).toEqual(GONE);
  });

  it('is past also where the clock is set back, and nothing goes before its time', async () => {
    const network = await new EndingNetwork().open();
    await network.look(END);
    await network.look(END - DAY);
    const extended = { endsAt: '2027-01-01T00:00:00.000Z', metadata: commandMetadata({ now: new Date(END - DAY) }) };
    const extend = network.here.deciders.network({ type: 'RescheduleNetwork', networkId, ...extended });
    await expect(extend).rejects.toMatchObject({ code: 'network.ended' });
    expect(await network.ofNetwork()).toEqual(OVER);
  });
});
