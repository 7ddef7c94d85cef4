import { describe, it } from 'vitest';
import { commandMetadata } from '@caravan/testing/specification';
import {
  created,
  deletionBegun,
  ended,
  given,
  listed,
  networkId,
  rescheduled,
  resumed,
  revoked,
  suspended,
} from './network.fixture.js';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-02T00:00:00.000Z';
const LATER = '2026-01-03T00:00:00.000Z';
const at = (time: string) => ({ networkId, metadata: commandMetadata({ now: new Date(time) }) });
const reschedule = (times: { startsAt?: string; endsAt?: string | null }, now = START) =>
  ({ type: 'RescheduleNetwork', ...times, ...at(now) }) as const;
const end = (now: string) => ({ type: 'EndNetwork', ...at(now) }) as const;
const suspend = (now = START) => ({ type: 'SuspendNetwork', ...at(now) }) as const;
const resume = (now = START) => ({ type: 'ResumeNetwork', ...at(now) }) as const;

/** Begins at `START`; ends at `END`. */
const ending = rescheduled(START, END);

describe('the window of a network', () => {
  it('is extended and shortened until it is over, and has no end if that is wanted', () => {
    given(created)
      .when(reschedule({ endsAt: END }))
      .then(rescheduled(START, END));
    given(created, ending)
      .when(reschedule({ endsAt: LATER }))
      .then(rescheduled(START, LATER));
    given(created, ending)
      .when(reschedule({ endsAt: null }))
      .then(rescheduled(START, null));
    given(created, rescheduled(START, LATER))
      .when(reschedule({ endsAt: END }))
      .then(ending);
    given(created, ending)
      .when(reschedule({ endsAt: LATER }, END))
      .thenRejects('network.ended');
  });

  it('stays where it is asked to be what it is, also when that is over', () => {
    given(created, ending)
      .when(reschedule({ endsAt: END }, LATER))
      .thenNothing();
    given(created, ending).when(reschedule({}, LATER)).thenNothing();
  });

  it('is moved before it begins, and not afterwards', () => {
    const before = '2025-12-31T00:00:00.000Z';
    given(created)
      .when(reschedule({ startsAt: END }, before))
      .then(rescheduled(END, null));
    given(created)
      .when(reschedule({ startsAt: before }, before))
      .then(rescheduled(before, null));
    given(created)
      .when(reschedule({ startsAt: END }))
      .thenRejects('network.started');
  });

  it('has a length, and an end that is to come', () => {
    const before = '2025-12-31T00:00:00.000Z';
    given(created)
      .when(reschedule({ endsAt: START }, before))
      .thenRejects('network.ends-before-it-starts');
    given(created, ending)
      .when(reschedule({ startsAt: LATER }, before))
      .thenRejects('network.ends-before-it-starts');
    given(created)
      .when(reschedule({ endsAt: END }, LATER))
      .thenRejects('network.end-passed');
    given(created)
      .when(reschedule({ endsAt: END }, END))
      .thenRejects('network.end-passed');
  });

  it('stays for another time after its end, also once it is over, until it is taken apart', () => {
    const keep = { ...reschedule({}), deleteAfterSeconds: 60 };
    given(created)
      .when(keep)
      .then(rescheduled(START, null, 60));
    given(created, rescheduled(START, null, 60))
      .when(keep)
      .thenNothing();
    for (const over of [[], [ended(END)]])
      given(created, ending, ...over)
        .when({ ...keep, ...at(LATER) })
        .then(rescheduled(START, END, 60));
    given(created, ending, ended(END), deletionBegun).when(keep).thenRejects('network.ended');
  });

  it('is what it was once its end is recorded, also by a clock that is behind', () => {
    const over = [created, ending, ended(END)];
    given(...over)
      .when(reschedule({ endsAt: LATER }))
      .thenRejects('network.ended');
    given(...over)
      .when(suspend())
      .thenRejects('network.ended');
    given(...over)
      .when(end(START))
      .thenNothing();
  });

  it('ends now, with the second that has passed', () => {
    given(created).when(end('2026-01-01T10:00:00.999Z')).then(rescheduled(START, '2026-01-01T10:00:00.000Z'));
    given(created).when(end('2026-01-01T00:00:00.500Z')).then(rescheduled(START, '2026-01-01T00:00:01.000Z'));
    given(created, ending).when(end(LATER)).thenNothing();
    given(created).when(end('2025-12-31T00:00:00.000Z')).thenRejects('network.not-started');
    const [last, end_] = ['9999-12-31T23:59:59.000Z', '9999-12-31T23:59:59.999Z']; // a year has four digits
    given(created, rescheduled(last, null)).when(end(end_)).then(rescheduled(last, end_));
  });

  it('goes by while it is suspended', () => {
    given(created).when(suspend()).then(suspended);
    given(created, suspended).when(suspend()).thenNothing();
    given(created, suspended).when(resume()).then(resumed);
    given(created).when(resume()).thenNothing();
    given(created, suspended, resumed).when(suspend()).then(suspended);
    given(created, suspended)
      .when(reschedule({ endsAt: END }))
      .then(ending);
    given(created, ending).when(suspend(LATER)).thenRejects('network.ended');
    given(created, ending, suspended).when(resume(LATER)).then(resumed);
    given(created, suspended)
      .when(reschedule({ endsAt: END }))
      .then(ending);
  });

  it('is nobody’s any more once the network is revoked, or is not there', () => {
    for (const command of [reschedule({ endsAt: END }), end(START), suspend(), resume()]) {
      given(created, listed('friends'), revoked).when(command).thenRejects('network.revoked');
      given().when(command).thenRejects('network.unknown');
    }
  });
});
