import { seeded } from '@caravan/testing';

/** Choices that a seed determines. */
export class Random {
  /** In [0, 1). */
  readonly next: () => number;

  constructor(readonly seed: number) {
    this.next = seeded(seed);
  }

  /** An integer in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  bytes(length: number): Buffer {
    const data = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) data[i] = this.below(256);
    return data;
  }
}
