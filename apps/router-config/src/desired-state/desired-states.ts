import { Rejection } from '@caravan/event-store';
import { asKnownBy } from '@caravan/data-plane';
import type { Item, ItemKey } from '@caravan/data-plane';
import type { SyncReply } from '@caravan/events';
import { compile, compileBundle, compileInvitation } from '../compiling/index.js';
import { emptyModel, evolve } from '../model/index.js';
import type { Affected, LogEvent, Model, Site } from '../model/index.js';
import { byKey, changesSince, SiteRevisions } from '../revisions/index.js';

/** A file is read by whatever version of a site somebody has: it leaves out what only newer ones understand, and keeps whom to refuse. */
const inFile = (item: Item): Item[] => [asKnownBy(4, item) ?? []].flat();

/**
 * The desired state of every site at one log position. Reading the log only notes which items an event concerns; a site is
 * compiled when somebody asks for it, and again only after an event affected it. So a long log is caught up with at the price
 * of its events, and what is answered depends on the events alone and not on when it was asked before.
 */
export class DesiredStates {
  readonly #model: Model;
  readonly #revisions = new Map<string, SiteRevisions>();
  readonly #compiled = new Map<string, ReadonlyMap<ItemKey, Item>>();
  /** Also of sites that were removed: they are to hear so. */
  readonly #lastChange = new Map<string, number>();

  /** `installation`: the trust domain of all identities. */
  constructor(installation: string) {
    this.#model = emptyModel(installation);
  }

  /** Takes in an event, which was decided at that time (ISO-8601) and stands at this position of the log, and names the sites that it affects. */
  take(event: LogEvent, position: number, at: string): Iterable<string> {
    const affected = evolve(this.#model, event, at);
    this.#note(affected, position);
    return affected.sites();
  }

  /** Every site, and the position of the last event that concerned it: a site that knows less has something to ask for. */
  lastChanges(): ReadonlyMap<string, number> {
    return this.#lastChange;
  }

  /**
   * What a site that knows `revision` must be told, or that nothing is left when it was removed. `position`: how far the log was
   * read, also where it says nothing about sites.
   * @throws Rejection `site.unknown`
   */
  changesSince(siteId: string, revision: number, position: number): SyncReply {
    const { kind } = this.#siteOf(siteId);
    if (kind === 'removed') return { kind: 'snapshot', revision: position, items: [], removed: [] };
    return changesSince(revision, this.#revisionsOf(siteId), { position, items: this.#itemsOf(siteId) });
  }

  /** @throws Rejection `site.unknown` */
  site(siteId: string): Item[] {
    this.#siteOf(siteId);
    return [...this.#itemsOf(siteId).values()];
  }

  /**
   * The items of a new backbone site's bundle.
   * @throws Rejection `site.unknown`
   */
  bundle(siteId: string): Item[] {
    const site = this.#siteOf(siteId);
    if (site.kind !== 'backbone') throw new Rejection('site.unknown', { siteId });
    return compileBundle(this.#model, site).flatMap(inFile);
  }

  /**
   * Where to claim.
   * @throws Rejection `invitation.unknown`
   */
  invitation(invitationId: string): Item[] {
    const invitation = this.#model.invitations.get(invitationId);
    if (!invitation) throw new Rejection('invitation.unknown', { invitationId });
    return compileInvitation(this.#model, invitation).flatMap(inFile);
  }

  #siteOf(siteId: string): Site {
    const site = this.#model.sites.get(siteId);
    if (!site) throw new Rejection('site.unknown', { siteId });
    return site;
  }

  #itemsOf(siteId: string): ReadonlyMap<ItemKey, Item> {
    let items = this.#compiled.get(siteId);
    if (!items) this.#compiled.set(siteId, (items = byKey(compile(this.#model, siteId))));
    return items;
  }

  #note(affected: Affected, position: number): void {
    for (const siteId of affected.sites()) {
      this.#lastChange.set(siteId, position);
      this.#compiled.delete(siteId);
      if (this.#model.sites.get(siteId)?.kind === 'removed') this.#revisions.delete(siteId);
      else this.#revisionsOf(siteId).note(affected.itemsOf(siteId), position);
    }
  }

  #revisionsOf(siteId: string): SiteRevisions {
    let revisions = this.#revisions.get(siteId);
    if (!revisions) this.#revisions.set(siteId, (revisions = new SiteRevisions()));
    return revisions;
  }
}
