import { limits } from '../limits.js';
import { sourceOf } from './source.js';

/** A line that is counted. */
export interface Counted {
  /** It only finishes what it carries, and is counted apart. A claim's goes on to count as it did: many sites share that identity. */
  drain(): void;
  /** It is gone. */
  forget(): void;
}

/** How many lines there are of whom, and whether one more is too many. */
export class LineCounts {
  readonly #of = new Map<string, number>();
  /** Of each identity, oldest first: how to end them. */
  readonly #draining = new Map<string, Set<() => void>>();
  #all = 0;

  /** Counts a line of `identity` from `address`. `end` is called when it drains and has to make room for a later one. */
  add(identity: string | null, isClaim: boolean, address: string | undefined, end: () => void): Counted {
    const names = namesOf(identity, address);
    this.#all++;
    for (const name of names) this.#of.set(name, this.#count(name) + 1);
    let isForgotten = false;
    const isApart = (): boolean => identity !== null && this.#draining.get(identity)?.has(end) === true;
    return {
      drain: () => {
        if (identity === null || isClaim || isForgotten || isApart()) return;
        this.#subtract(names);
        this.#setApart(identity, end);
      },
      forget: () => {
        isForgotten = true;
        this.#all--;
        if (isApart()) this.#forgetApart(identity!, end);
        else this.#subtract(names);
      },
    };
  }

  #setApart(identity: string, end: () => void): void {
    const apart = this.#draining.get(identity) ?? new Set();
    this.#draining.set(identity, apart.add(end));
    const [oldest] = apart;
    if (apart.size > limits.drainingLinesOfOneIdentity) oldest?.();
  }

  #forgetApart(identity: string, end: () => void): void {
    const apart = this.#draining.get(identity);
    apart?.delete(end);
    if (apart?.size === 0) this.#draining.delete(identity);
  }

  #subtract(names: readonly string[]): void {
    for (const name of names) {
      const left = this.#count(name) - 1;
      if (left > 0) this.#of.set(name, left);
      else this.#of.delete(name);
    }
  }

  /** Why one more line of `identity` from `address` is too many; undefined when it is not. */
  refusal(identity: string, isClaim: boolean, address: string | undefined): string | undefined {
    if (this.#all >= limits.lines) return `${limits.lines} lines are all this relay takes`;
    const { control, controlFromOneSource, other } = limits.linesOfOneIdentity;
    const most = isClaim ? control : other;
    const [all = 0, ofSource = 0] = namesOf(identity, address).map((name) => this.#count(name));
    if (all >= most) return `${identity} has ${most} lines here already`;
    // Who holds an invitation's certificate must not be able to keep the others out that it invites.
    if (!isClaim || ofSource < controlFromOneSource) return undefined;
    return `${identity} has ${controlFromOneSource} lines here from ${sourceOf(address)} already`;
  }

  #count(name: string): number {
    return this.#of.get(name) ?? 0;
  }
}

/** An identity is counted as a whole, and apart for each place that it comes from. */
const namesOf = (identity: string | null, address: string | undefined): string[] =>
  identity === null ? [] : [identity, `${identity} from ${sourceOf(address)}`];
