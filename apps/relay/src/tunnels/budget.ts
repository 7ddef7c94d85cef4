import { limits } from '../limits.js';
import { Refusal } from './refusal.js';

/**
 * The one place that says whether the relay can carry another connection. What a tunnel may hold is its stream window, so
 * their number bounds memory; an aggregate of slow readers is to be judged here too.
 */
export class Budget {
  #tunnels = 0;

  constructor(private readonly most: number = limits.tunnels) {}

  get tunnels(): number {
    return this.#tunnels;
  }

  /** Throws `Refusal` `relay.full`. Call the answer once when the tunnel is gone. */
  take(): () => void {
    if (this.#tunnels >= this.most) throw new Refusal('relay.full', `${this.most} tunnels are open`);
    this.#tunnels++;
    let given = false;
    return () => {
      if (!given) this.#tunnels--;
      given = true;
    };
  }
}
