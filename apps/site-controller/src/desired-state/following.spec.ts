import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { CAPABILITY, syncRequestSchema } from '@caravan/events';
import type { SyncRequest } from '@caravan/events';
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
  /** What was asked of it. */
  readonly questions: SyncRequest[] = [];
  refuses: string | undefined;
  capability = 1;
  nudge: (revision: number) => void = () => undefined;
  hear = (_: string, listener: (data: Uint8Array) => void): void => {
    this.nudge = (revision) => listener(encoded({ revision }));
  };
  onChange = (): void => undefined;
  request = (_: string, message: Uint8Array): Promise<Uint8Array> => {
    const question = syncRequestSchema.parse(JSON.parse(Buffer.from(message).toString()));
    this.questions.push(question);
    if (question.latest && this.refuses) {
      return Promise.resolve(encoded({ error: { code: this.refuses, detail: 'it is behind', retry: 'later' } }));
    }
    const { capability } = this;
    return new Promise((resolve) =>
      this.asked.push((revision) => resolve(encoded({ capability, kind: 'delta', revision, items: [], removed: [] }))),
    );
  };
}

describe('following what a site shall be', () => {
  let control: Control;
  let following: Following;
  let state: DesiredState;
  let troubles: Troubles;
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
    const doors = {
      get hasHeard() {
        return heardAt.length > 0;
      },
      hear: () => void heardAt.push(state.revision),
    };
    troubles = new Troubles();
    const common = { siteId: 'site', log, doors, everyMs: 60_000, troubles, backOff: { firstMs: 20, mostMs: 20 } };
    following = new Following({ ...common, control: control as unknown as ControlLink, store });
  });
  /** As it was when it was heard last. */
  const know = (capability: number): void => {
    state = { ...state, capability };
    control.capability = capability;
  };
  const begin = async (): Promise<void> => {
    following.start();
    await eventually('it asks', () => control.asked.length === 1);
  };
  afterEach(async () => {
    const stopped = following.stop();
    for (const answer of control.asked) answer(9);
    await stopped;
  });

  it('says that it has heard once the answer is kept, and not before', async () => {
    await begin();
    expect(heardAt).toEqual([]);
    control.asked[0]!(8);
    await eventually('it has heard', () => heardAt.length > 0);
    expect(heardAt).toEqual([8]);
  });

  it('asks for the latest until it has heard that, and not after that', async () => {
    know(CAPABILITY);
    await begin();
    control.asked[0]!(8);
    await eventually('it has heard', () => heardAt.length > 0);
    control.nudge(9);
    await eventually('it asks again', () => control.asked.length === 2);
    expect(control.questions.map(({ latest }) => latest)).toEqual([true, undefined]);
  });

  it('takes what somebody knows who is behind, has not heard with that, and asks on', async () => {
    know(CAPABILITY);
    control.refuses = 'desired-state.not-ready';
    await begin();
    control.asked[0]!(8);
    await eventually('it asks on', () => control.asked.length === 2);
    expect(state.revision).toBe(8);
    expect(heardAt).toEqual([]);
    expect(JSON.stringify(troubles.list())).toContain('it is behind');
    control.refuses = undefined;
    control.asked[1]!(8);
    await eventually('it asks once more', () => control.asked.length === 3);
    control.asked[2]!(9);
    await eventually('it has heard', () => heardAt.length > 0);
    expect(control.questions.map(({ latest }) => latest)).toEqual([true, undefined, true, undefined, true]);
  });

  it('does not ask somebody for the latest who may not know what that is', async () => {
    know(4);
    await begin();
    expect(control.questions).toMatchObject([{ revision: 7 }]);
    expect(control.questions[0]).not.toHaveProperty('latest');
  });

  it('asks again, on a nudge, when whoever was asked is gone', async () => {
    await begin();
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
    await begin();
    control.nudge(8);
    await sleep(100);
    expect(control.asked).toHaveLength(1);
    control.asked[0]!(7);
    await eventually('it asks once more', () => control.asked.length === 2);
  });

  it('does not ask on a nudge that it has had the answer to', async () => {
    await begin();
    control.asked[0]!(8);
    await eventually('the answer counts', () => state.revision === 8);
    control.nudge(8);
    await sleep(50);
    expect(control.asked).toHaveLength(1);
  });
});
