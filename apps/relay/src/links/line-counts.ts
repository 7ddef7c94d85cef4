import { limits } from '../limits.js';
import { sourceOf } from './source.js';

/** How many lines there are of whom, and whether one more is too many. */
export class LineCounts {
  readonly #of = new Map<string, number>();
  #all = 0;

  /** Counts a line of `identity` from `address`; returns the way to count it no more. */
  add(identity: string | null, address: string | undefined): () => void {
    const names = namesOf(identity, address);
    this.#all++;
    for (const name of names) this.#of.set(name, this.#count(name) + 1);
    return () => {
      this.#all--;
      for (const name of names) {
        const left = this.#count(name) - 1;
        if (left > 0) this.#of.set(name, left);
        else this.#of.delete(name);
      }
    };
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
