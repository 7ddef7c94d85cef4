import { describe, expect, it } from 'vitest';
import { CLAIM_PATTERN, claimSubject, sitePattern, siteSubject } from '@caravan/events';
import { InFlight, MOST_IN_FLIGHT } from './in-flight.js';

const [SYNC, REPORT] = [sitePattern('sync'), sitePattern('report')];
const most = { all: 8, ofOnePattern: 6, ofOne: 2, ofOneInvitation: 4 };

describe('requests that are being answered', () => {
  /** Enters, works until it is let go, and leaves. */
  const begin = (inFlight: InFlight, pattern: string, subject: string): (() => Promise<void>) => {
    const leave = inFlight.enter(pattern, subject);
    let finish = (): void => undefined;
    const work = inFlight.during(new Promise<void>((resolve) => (finish = resolve)).finally(leave));
    return () => {
      finish();
      return work;
    };
  };
  const sync = (site: number): string => siteSubject(String(site), 'sync');
  const busy = (work: () => unknown): void => expect(work).toThrow('service.busy');

  it('of one subject have their share; claims of one invitation a greater one', async () => {
    const inFlight = new InFlight(most);
    const first = begin(inFlight, SYNC, sync(1));
    begin(inFlight, SYNC, sync(1));
    busy(() => inFlight.enter(SYNC, sync(1)));
    for (let claim = 0; claim < 4; claim++) begin(inFlight, CLAIM_PATTERN, claimSubject('1'));
    busy(() => inFlight.enter(CLAIM_PATTERN, claimSubject('1')));
    await first();
    begin(inFlight, SYNC, sync(1));
  });

  it('of one kind leave room for the others, however many ask', async () => {
    const inFlight = new InFlight(most);
    const claims = Array.from({ length: 6 }, (_, index) => begin(inFlight, CLAIM_PATTERN, claimSubject(String(index))));
    busy(() => inFlight.enter(CLAIM_PATTERN, claimSubject('another')));
    begin(inFlight, SYNC, sync(1));
    begin(inFlight, SYNC, sync(2));
    busy(() => inFlight.enter(REPORT, siteSubject('3', 'report'))); // all together
    await claims[0]!();
    begin(inFlight, CLAIM_PATTERN, claimSubject('another'));
  });

  it('are forgotten once they are answered', async () => {
    const inFlight = new InFlight({ ...most, ofOnePattern: 1 });
    for (let turn = 0; turn < 20; turn++) await begin(inFlight, SYNC, sync(turn))();
    begin(inFlight, SYNC, sync(0));
    busy(() => inFlight.enter(SYNC, sync(1)));
  });

  it('have room beside the greatest flood of one kind', () => {
    expect(MOST_IN_FLIGHT.all - MOST_IN_FLIGHT.ofOnePattern).toBeGreaterThanOrEqual(MOST_IN_FLIGHT.ofOne);
    expect(MOST_IN_FLIGHT.ofOneInvitation).toBeLessThan(MOST_IN_FLIGHT.ofOnePattern);
  });
});
