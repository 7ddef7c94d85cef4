import type { Connection } from '@caravan/data-plane';

/** The last so many connections, for tracing. A ring: what is old makes room, whatever the load. */
export class Connections {
  readonly #ring: Connection[] = [];
  #next = 0;

  constructor(private readonly kept: number) {}

  add(connection: Connection): void {
    this.#ring[this.#next] = connection;
    this.#next = (this.#next + 1) % this.kept;
  }

  /** Newest first. */
  recent(id?: string): Connection[] {
    const inOrder = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].reverse();
    return id === undefined ? inOrder : inOrder.filter((connection) => connection.id === id);
  }
}
