import { isDeepStrictEqual } from 'node:util';
import type { AdmissionItem, ItemState, Phase } from '@caravan/data-plane';
import { phaseAt } from '@caravan/data-plane';

/** One admission and what has become of its window, by the clock of this relay. */
export class Door {
  /** It was seen past its end once. A clock that steps back afterwards must not let anybody in again. */
  #isOver: boolean;

  /** `before`: the door of the same admission so far. Only another window makes what is over begin anew. */
  constructor(
    readonly admission: AdmissionItem,
    before: Door | undefined,
  ) {
    this.#isOver =
      before !== undefined && before.#isOver && isDeepStrictEqual(before.admission.window, admission.window);
  }

  phase(now: number): Phase {
    if (this.#isOver) return 'ended';
    const phase = phaseAt(this.admission.window, now);
    this.#isOver = phase === 'ended';
    return phase;
  }

  /** As asked whether it lets in or not: what it does is in the detail. */
  state(now: number): ItemState {
    const { window } = this.admission;
    return { state: 'applied', ...(window && { detail: this.#inWords(this.phase(now), window, now) }) };
  }

  #inWords(phase: Phase, { from, until }: NonNullable<AdmissionItem['window']>, now: number): string {
    if (from === until) return 'suspended: nobody is let in until it is resumed';
    switch (phase) {
      case 'not-started':
        return `not started: nobody is let in before ${from}`;
      case 'open':
        return until === undefined ? `open since ${from}` : `open since ${from}, until ${until}`;
      case 'ended':
        return phaseAt({ from, until }, now) === 'ended'
          ? `ended: nobody is let in since ${until}`
          : `ended: it was seen past ${until}, and the clock went back since; only another window opens it`;
    }
  }
}
