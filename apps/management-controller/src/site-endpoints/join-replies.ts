import { Injectable } from '@nestjs/common';
import type { JoinReply } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { DesiredState } from '../desired-state/desired-state.js';

/** Below the patience of whoever asks, so that they hear `pending` and not nothing. */
const SIGNED_WITHIN_MS = 3_000;
const RETRY_AFTER_MS = 500;

/** What a site hears that was admitted: its certificate and how to come back with it, or that both are on their way. */
@Injectable()
export class JoinReplies {
  constructor(
    private readonly issuing: Issuing,
    private readonly desiredState: DesiredState,
  ) {}

  async of(site: {
    readonly siteId: string;
    readonly name: string;
    readonly networkId: string | null;
    readonly certificateId: string;
  }): Promise<JoinReply> {
    const pending: JoinReply = { status: 'pending', siteId: site.siteId, retryAfterMs: RETRY_AFTER_MS };
    const issued = await this.issuing.within(SIGNED_WITHIN_MS, site.certificateId);
    if (!issued) return pending;
    try {
      const { items } = await this.desiredState.of('site', site.siteId, issued.position);
      return { status: 'admitted', ...site, chain: chainOf(issued), items: [...items] };
    } catch (error) {
      // The site is admitted; only where to dial is not known while router-config is away.
      if (error instanceof Rejection && error.code === 'service.unavailable') return pending;
      throw error;
    }
  }
}
