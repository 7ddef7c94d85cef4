import type { HandOver } from '@caravan/data-plane/relay';
import { Secret } from '@caravan/pki/secret';

/**
 * What the relay shall be, as its site-controller said last: in memory and nowhere else, until the next one or the end. The
 * last one counts, not the highest log position: it came over one channel in its order, and a log that was restored goes back.
 */
export class KeptConfiguration {
  private kept: Secret<Uint8Array> | undefined;

  keep(configuration: Uint8Array): void {
    this.forget();
    this.kept = new Secret(configuration);
  }

  /** What a relay is started with; undefined while there is nothing. */
  handOver(): HandOver | undefined {
    return this.kept && { configuration: this.kept.reveal() };
  }

  /** Nothing of it stays, keys included. */
  forget(): void {
    this.kept?.reveal().fill(0);
    this.kept = undefined;
  }
}
