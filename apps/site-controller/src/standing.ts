import { keyOf, SITE_CERTIFICATE } from '@caravan/data-plane';
import type { ItemState, Observation } from '@caravan/data-plane';
import { overOf } from './joining/index.js';
import type { Over, Site } from './joining/index.js';
import type { Log } from './log.js';
import type { SiteState } from './site-state.js';
import type { Troubles } from './troubles.js';

class Removed extends Error {
  readonly code = 'site.removed';

  constructor() {
    super('Nothing is asked of this site any more: it was removed from its network, or the network has ended.');
  }
}

/** All that this site dials is a stranger to it, or takes it for one. */
class NotLetIn extends Error {
  readonly code: 'site.left-behind' | 'site.not-let-in';

  constructor({ role }: Site, distrust: NonNullable<ItemState['distrust']>, detail: string) {
    const why =
      distrust === 'ours'
        ? 'Whom this site dials shows certificates of an authority that it does not know: others came into use while it was away'
        : 'Whom this site dials does not let it in: it lets nobody in just now, which ends by itself, or this site was removed or revoked, or other authorities came into use while it was away';
    const whom =
      role === 'member'
        ? 'ask whoever invited it for an invitation'
        : 'ask whoever runs the backbone for another bundle';
    const what = `${whom}, and join with that in this folder: it stays who it is.`;
    super(`${why} (${detail}). ${distrust === 'ours' ? `Stop this site, ${what}` : `Should it stay so, ${what}`}`);
    this.code = distrust === 'ours' ? 'site.left-behind' : 'site.not-let-in';
  }
}

/** A relay that ends cuts connections too. */
const STRANGER_AFTER_MS = 5_000;

export interface StandingOptions {
  readonly state: Pick<SiteState, 'journal' | 'certificates' | 'desired'>;
  readonly troubles: Troubles;
  readonly log: Log;
  /** What the data plane said last; undefined while it is away. */
  readonly observed: () => Observation | undefined;
}

/** Why nothing works for this site any more, so far as it knows by itself: nobody is asked, since nobody may be there to answer. */
export class Standing {
  private said = false;
  private strangerSince: Date | undefined;

  constructor(private readonly options: StandingOptions) {}

  /** Why nobody lets it in any more; undefined as soon as somebody does, or the clock or its certificate is another one. */
  look(connected: boolean, now: Date): Over | undefined {
    this.lookForRemoval(now);
    const over = this.lookForEnd(connected, now);
    this.lookForStrangers(connected || over !== undefined, now);
    return over;
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

  /** While there is one link that is down for another reason, that may be why. */
  private lookForStrangers(isExplained: boolean, now: Date): void {
    const { state, troubles, observed } = this.options;
    const { joining } = state.journal;
    const links = state.desired.understood.items.filter(({ kind }) => kind === 'link');
    const states = links.map((link) => observed()?.items[keyOf(link)]);
    const distrusts = states.flatMap((each) => each?.distrust ?? []);
    const isStranger = links.length > 0 && distrusts.length === links.length;
    if (isExplained || joining?.status !== 'joined' || !isStranger) {
      this.strangerSince = undefined;
      return troubles.clear('let in');
    }
    this.strangerSince ??= now;
    if (now.getTime() - this.strangerSince.getTime() < STRANGER_AFTER_MS) return;
    const of = distrusts.includes('ours') ? 'ours' : 'theirs';
    const detail = states.find((each) => each?.distrust === of)?.detail ?? '';
    troubles.set('let in', new NotLetIn(joining.site, of, detail), now);
  }
}
