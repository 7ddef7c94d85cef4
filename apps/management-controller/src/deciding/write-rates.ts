import { Rejection } from '@caravan/event-store';

export interface WriteRate {
  /** So many at once. */
  readonly burst: number;
  /** And so many in each second after that, while it has written less. */
  readonly perSecond: number;
}

/**
 * What is written is kept for ever, and what one site may open and close again has no end: without a rate one certificate fills the
 * log of everybody. 120 at once is more than a script ever asks that opens all that one site may have (48 listeners and 48
 * connectors), or a backbone site that obtains the certificates of a hundred access points. Two a second is faster than people are,
 * and 63 million entries a year at most, of one site that does nothing else: time enough for somebody to notice it.
 */
export const SITE_WRITES: WriteRate = { burst: 120, perSecond: 2 };

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Who is refused, and how that is said. */
interface Refused {
  readonly code: string;
  /** `This site`. */
  readonly whose: string;
}
const SITES: Refused = { code: 'site.too-fast', whose: 'This site' };

/** A token bucket for each site, or whoever else writes. One that is full again is forgotten: it is as one that never was. */
export class WriteRates {
  /** The one longest unused first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly rate: WriteRate,
    private readonly refused: Refused = SITES,
  ) {}

  /** How many of them it remembers. */
  get size(): number {
    return this.#buckets.size;
  }

  /** One write of a site. @throws Rejection `site.too-fast`, or as it was told, with `retryAfterMs` */
  pay(siteId: string, now: Date): void {
    const at = now.getTime();
    this.#forgetFull(at);
    const tokens = this.#tokensOf(siteId, at);
    const isEnough = tokens >= 1;
    this.#buckets.delete(siteId); // so that it comes to the end of the order
    this.#buckets.set(siteId, { tokens: isEnough ? tokens - 1 : tokens, at });
    if (isEnough) return;
    const { burst, perSecond } = this.rate;
    const retryAfterMs = Math.ceil(((1 - tokens) / perSecond) * 1_000);
    const { code, whose } = this.refused;
    const detail = `${whose} changes more than it may: ${burst} things at once and ${perSecond} a second after that. Ask again in ${retryAfterMs} ms`;
    throw new Rejection(code, { detail, retryAfterMs });
  }

  /** A clock that went back gives nothing and takes nothing. */
  #tokensOf(siteId: string, at: number): number {
    const { burst, perSecond } = this.rate;
    const bucket = this.#buckets.get(siteId);
    if (!bucket) return burst;
    return Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1_000) * perSecond);
  }

  #forgetFull(at: number): void {
    const fullAfterMs = (this.rate.burst / this.rate.perSecond) * 1_000;
    for (const [siteId, bucket] of this.#buckets) {
      if (Math.abs(at - bucket.at) < fullAfterMs) return;
      this.#buckets.delete(siteId);
    }
  }
}
