import { Inject, Injectable } from '@nestjs/common';
import { asKnownBy, withoutWindow } from '@caravan/data-plane';
import { KNOWS_APPROVAL, KNOWS_WINDOWS } from '@caravan/events';
import type { JoinReply } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { DesiredState } from '../desired-state/desired-state.js';

/** Below the patience of whoever asks, so that they hear `pending` and not nothing. */
const SIGNED_WITHIN_MS = 3_000;
const RETRY_AFTER_MS = 500;
/** People take their time. */
const LOOK_AGAIN_AFTER_MS = 2_000;

export interface JoinedSite {
  readonly siteId: string;
  readonly name: string;
  readonly networkId: string | null;
  readonly certificateId: string;
}

/** What a site hears that was admitted: its certificate and how to come back with it, or that both are on their way. */
@Injectable()
export class JoinReplies {
  constructor(
    private readonly issuing: Issuing,
    private readonly desiredState: DesiredState,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** It may be a member when somebody approves of it. A site that does not know of that waits as if for its certificate. */
  awaiting(siteId: string, capability: number): JoinReply {
    const pending = { status: 'pending', siteId, retryAfterMs: LOOK_AGAIN_AFTER_MS } as const;
    return capability >= KNOWS_APPROVAL ? { ...pending, awaits: 'approval' } : pending;
  }

  /** `capability`: of the site that asks. */
  async of(site: JoinedSite, capability: number): Promise<JoinReply> {
    const pending: JoinReply = { status: 'pending', siteId: site.siteId, retryAfterMs: RETRY_AFTER_MS };
    const issued = await this.issuing.within(SIGNED_WITHIN_MS, site.certificateId);
    if (!issued) return pending;
    try {
      const { items } = await this.desiredState.of('site', site.siteId, issued.position);
      // It asks again as soon as it is in: what is true now only is true long enough.
      const now = this.clock.now().getTime();
      const known = items.flatMap((item) => asKnownBy(capability, item) ?? []);
      const told = capability >= KNOWS_WINDOWS ? known : known.flatMap((item) => withoutWindow(item, now) ?? []);
      return { status: 'admitted', ...site, chain: chainOf(issued), items: told };
    } catch (error) {
      // The site is admitted; only where to dial is not known while router-config is away.
      if (error instanceof Rejection && error.code === 'service.unavailable') return pending;
      throw error;
    }
  }
}
