import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@caravan/testing';
import type { ControlLink } from '../control/index.js';
import type { Log } from '../log.js';
import { Troubles } from '../troubles.js';
import type { DesiredStateStore } from './desired-state-store.js';
import { nothingDesired } from './desired-state.js';
import type { DesiredState } from './desired-state.js';
import { Following } from './following.js';

const log = { info: () => undefined, warn: () => undefined } as unknown as Log;
const encoded = (message: object): Uint8Array => Buffer.from(JSON.stringify(message));

/** A connection that is asked, and answers only when it is told to. */
class Control {
  readonly connected = true;
  readonly asked: ((revision: number) => void)[] = [];
  nudge: (revision: number) => void = () => undefined;
  hear = (_: string, listener: (data: Uint8Array) => void): void => {
    this.nudge = (revision) => listener(encoded({ revision }));
  };
  onChange = (): void => undefined;
  request = (): Promise<Uint8Array> =>
    new Promise((resolve) =>
      this.asked.push((revision) =>
        resolve(encoded({ capability: 1, kind: 'delta', revision, items: [], removed: [] })),
      ),
    );
}

describe('following what a site shall be', () => {
  let control: Control;
  let following: Following;
  let state: DesiredState;
  /** The revision that was kept each time that it was said to be what is desired now. */
  let heardAt: number[];
  beforeEach(async () => {
    control = new Control();
    state = { ...nothingDesired, revision: 7 };
    const store = {
      get state() {
        return state;
      },
      keep: async (next: DesiredState) => void (state = next),
    } as unknown as DesiredStateStore;
    heardAt = [];
    const heard = () => void heardAt.push(state.revision);
    const common = { siteId: 'site', log, heard, everyMs: 60_000, troubles: new Troubles() };
    following = new Following({ ...common, control: control as unknown as ControlLink, store });
    following.start();
    await eventually('it asks', () => control.asked.length === 1);
  });
  afterEach(async () => {
    for (const answer of control.asked) answer(9);
    await following.stop();
  });

  it('says that it has heard once the answer is kept, and not before', async () => {
    expect(heardAt).toEqual([]);
    control.asked[0]!(8);
    await eventually('it has heard', () => heardAt.length > 0);
    expect(heardAt).toEqual([8]);
  });

  it('asks again, on a nudge, when whoever was asked is gone', async () => {
    await sleep(1_050);
    expect(control.asked).toHaveLength(1);
    control.nudge(8);
    await eventually('it asks again', () => control.asked.length === 2);
    control.asked[1]!(8);
    await eventually('the answer counts', () => state.revision === 8);
    control.asked[0]!(7); // the answer to the question that was given up changes nothing
    await sleep(20);
    expect(state.revision).toBe(8);
  });

  it('waits for the answer to a question that is young, and then asks once more', async () => {
    control.nudge(8);
    await sleep(100);
    expect(control.asked).toHaveLength(1);
    control.asked[0]!(7);
    await eventually('it asks once more', () => control.asked.length === 2);
  });

  it('does not ask on a nudge that it has had the answer to', async () => {
    control.asked[0]!(8);
    await eventually('the answer counts', () => state.revision === 8);
    control.nudge(8);
    await sleep(50);
    expect(control.asked).toHaveLength(1);
  });
});
