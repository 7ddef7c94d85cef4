import { SITE_CERTIFICATE } from '@caravan/data-plane';
import { overOf } from './joining/index.js';
import type { Over } from './joining/index.js';
import type { Log } from './log.js';
import type { SiteState } from './site-state.js';
import type { Troubles } from './troubles.js';

class Removed extends Error {
  readonly code = 'site.removed';

  constructor() {
    super('Nothing is asked of this site any more: it was removed from its network, or the network has ended.');
  }
}

export interface StandingOptions {
  readonly state: Pick<SiteState, 'journal' | 'certificates' | 'desired'>;
  readonly troubles: Troubles;
  readonly log: Log;
}

/** Why nothing works for this site any more, so far as it knows by itself: nobody is asked, since nobody may be there to answer. */
export class Standing {
  private said = false;

  constructor(private readonly options: StandingOptions) {}

  /** Why nobody lets it in any more; undefined as soon as somebody does, or the clock or its certificate is another one. */
  look(connected: boolean, now: Date): Over | undefined {
    this.lookForRemoval(now);
    return this.lookForEnd(connected, now);
  }

  /** A member without a link will not hear of anything again; whoever runs it is told why nothing works. */
  private lookForRemoval(now: Date): void {
    const { journal, desired } = this.options.state;
    const isMember = journal.joining?.status === 'joined' && journal.joining.site.role === 'member';
    const isLeft =
      isMember && desired.state.revision > 0 && !desired.understood.items.some(({ kind }) => kind === 'link');
    if (isLeft) this.options.troubles.set('removed', new Removed(), now);
    else this.options.troubles.clear('removed');
  }

  /** Who is connected is let in, whatever the clock of this machine says. */
  private lookForEnd(connected: boolean, now: Date): Over | undefined {
    const { state, troubles, log } = this.options;
    const { joining } = state.journal;
    const chain = state.certificates.get(SITE_CERTIFICATE)?.held?.chain;
    const over = !connected && joining?.status === 'joined' && chain ? overOf(joining.site, chain, now) : undefined;
    if (over) troubles.set('over', over, new Date(over.at));
    else troubles.clear('over');
    if (over && !this.said) log.warn({ code: over.code, reason: over.message }, 'nobody lets this site in any more');
    this.said = over !== undefined;
    return over;
  }
}
