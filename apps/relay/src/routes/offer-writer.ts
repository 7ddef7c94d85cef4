import type { Writable } from 'node:stream';
import { limits } from '../limits.js';
import type { Offer, OffersLine } from './offer.js';
import type { Key } from './route-table.js';

/**
 * Tells a neighbour what changed since it was last told. Changes of one turn go together; while the neighbour does not read,
 * they gather by address, so that what waits is bounded by the table and not by its history.
 */
export class OfferWriter {
  readonly #told = new Map<Key, string>();
  readonly #pending = new Set<Key>();
  /** To be called when all that there was at first has been written. */
  #allTold: (() => void) | undefined;
  #isBlocked = false;
  #isScheduled = false;

  constructor(
    private readonly stream: Writable,
    private readonly offerOf: (key: Key) => Offer | undefined,
  ) {
    stream.on('drain', () => {
      this.#isBlocked = false;
      this.#write();
    });
  }

  /**
   * The first telling. A line with nothing in it ends it, also where there was nothing to tell: who hears it knows all that is
   * offered. `told` is called when that has left.
   */
  tellAll(keys: Iterable<Key>, told: () => void): void {
    this.#allTold = told;
    this.tell(keys);
  }

  tell(keys: Iterable<Key>): void {
    for (const key of keys) this.#pending.add(key);
    if (this.#isScheduled || this.#isBlocked) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#write();
    });
  }

  #write(): void {
    while (this.#pending.size > 0 && !this.#isBlocked && this.stream.writable) {
      const line = this.#nextLine();
      if (line) this.#isBlocked = !this.stream.write(JSON.stringify(line) + '\n');
    }
    if (this.#pending.size === 0) this.#endFirst();
  }

  #endFirst(): void {
    const told = this.#allTold;
    if (!told || !this.stream.writable) return;
    this.#allTold = undefined;
    const isRoomLeft = this.stream.write('{}\n', (error) => {
      if (!error) told();
    });
    this.#isBlocked ||= !isRoomLeft;
  }

  #nextLine(): OffersLine | undefined {
    const line: OffersLine = { set: [], gone: [] };
    for (const key of this.#pending) {
      if (line.set.length + line.gone.length === limits.offersPerWireLine) break;
      this.#pending.delete(key);
      this.#add(line, key);
    }
    return line.set.length + line.gone.length > 0 ? line : undefined;
  }

  #add(line: OffersLine, key: Key): void {
    const offer = this.offerOf(key);
    const text = offer && JSON.stringify(offer);
    if (text === this.#told.get(key)) return;
    if (offer && text) {
      this.#told.set(key, text);
      line.set.push(offer);
    } else {
      this.#told.delete(key);
      const [scope, address] = key.split(' ') as [Offer['scope'], string];
      line.gone.push({ scope, address });
    }
  }
}
