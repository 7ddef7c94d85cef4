/** What is served at the far end of every way: bytes vanish, or come back. */
export const ADDRESSES = ['sink', 'echo'] as const;
export type Ports = Readonly<Record<(typeof ADDRESSES)[number], number>>;

/** A way from ports of this machine to the servers of the benchmark, over three hops of mutual TLS between four processes. */
export interface Way {
  /** Where it begins. */
  readonly ports: Ports;
  /** The processes that carry. */
  readonly pids: Readonly<Record<string, number>>;
  /** Protocol, cipher and kind of key of a hop. */
  readonly tls: string;
}
