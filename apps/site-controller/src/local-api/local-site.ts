import type {
  ChangedConnector,
  ChangedListener,
  NewConnector,
  NewListener,
  SiteConnection,
  SiteEndpoint,
} from '@caravan/api';
import type { Connection } from '@caravan/data-plane';
import { CAPABILITY, siteCommandReplySchema, siteCommandSchema, siteSubject } from '@caravan/events';
import type { SiteCommandReply } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { derivedId, newId } from '@caravan/platform/ids';
import { ask } from '../control/index.js';
import { observationOf } from '../reporting/index.js';
import type { SiteController } from '../site-controller.js';
import { VERSION } from '../version.js';
import { awayInWords } from './away.js';
import { Refused, refusedBy } from './refused.js';
import { Written } from './written.js';
import { certificateOf, endpointsOf, itemsOf, linksOf, stateOf, troublesToTell } from './site-view.js';

export type EndpointKind = 'listener' | 'connector';

const SHOWS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 150;

/** The site as its local API knows it. What is not carried out is thrown as `Refused`. */
export class LocalSite {
  constructor(private readonly site: SiteController) {}

  state() {
    const { state, control, applying, observed, relayConnected, troubles } = this.site;
    const { joining } = state.journal;
    if (!joining) throw new Refused('site.not-joined', 'This site has not taken its file yet.');
    this.site.over(); // so that it is said from that moment on, not from the next try on
    const away = control.trouble;
    const all = troubles.list();
    if (away) {
      const detail = awayInWords(away.detail, joining, observed);
      all.unshift({ code: 'management.away', detail, since: away.since.toISOString() });
    }
    return stateOf({
      version: VERSION,
      joining,
      connected: control.connected,
      relayConnected,
      revision: state.desired.state.revision,
      appliedRevision: state.desired.reachedWith(applying.appliedRevision),
      troubles: troublesToTell(all),
    });
  }

  items() {
    return itemsOf(this.site.state.desired.state, this.observation());
  }

  links() {
    if (!this.site.relayConnected) {
      throw new Refused(
        'relay.unavailable',
        'The relay of this site, which knows its links, does not answer. One that has ended is started again.',
      );
    }
    return linksOf(this.site.state.desired.understood.items, this.observation());
  }

  certificates() {
    return this.site.state.certificates.all().map(certificateOf);
  }

  async connections(id: string | undefined): Promise<SiteConnection[]> {
    const connections: Connection[] = await this.site.dataPlane.connections(id);
    return connections;
  }

  endpoints(kind: EndpointKind) {
    return endpointsOf(kind, this.site.state.desired.understood.items, this.observation());
  }

  endpoint(kind: EndpointKind, id: string) {
    const endpoint = this.endpoints(kind).find((each) => each.id === id);
    if (endpoint) return endpoint;
    throw new Refused(`${kind}.unknown`, `This site has no ${kind} ${id}.`);
  }

  async open(
    kind: EndpointKind,
    wanted: NewListener | NewConnector,
    key: string | undefined,
  ): Promise<Written<SiteEndpoint>> {
    const { tls, ...at } = wanted;
    // An older management plane knows nothing of TLS, and needs to know nothing where there is none.
    const { id, position } = await this.wish({ command: `open-${kind}`, ...at, ...(tls && { tls }) }, key);
    return new Written(position, this.endpointAfter(kind, id, wanted));
  }

  async change(
    kind: EndpointKind,
    id: string,
    { tls, ...change }: ChangedListener | ChangedConnector,
    key: string | undefined,
  ) {
    const now = this.endpoint(kind, id);
    const { address = now.address, host = now.host, port = now.port } = change;
    const wanted = { address, host, port, ...(tls !== undefined && { tls }) };
    const { position } = await this.wish({ command: `change-${kind}`, [`${kind}Id`]: id, ...wanted }, key);
    return new Written(position, this.endpointAfter(kind, id, { tls: now.tls, ...wanted }));
  }

  async close(kind: EndpointKind, id: string, key: string | undefined): Promise<Written<undefined>> {
    const { position } = await this.wish({ command: `close-${kind}`, [`${kind}Id`]: id }, key);
    return new Written(position, undefined);
  }

  /** Nobody tells a site that has left anything any more: there is nothing to wait for. */
  async leave(key: string | undefined) {
    const { network } = this.state();
    if (!network) throw new Refused('site.not-a-member', 'Only member sites are in a network.');
    // The answer to an earlier one may have been lost: whom nobody knows has left.
    const left = this.decided({ command: 'leave' }, key).catch((error: unknown) => {
      if (error instanceof Refused && ['member.unknown', 'site.removed'].includes(error.code)) return { position: 0 };
      throw error;
    });
    return new Written((await left).position, { network });
  }

  /** Resolves when the management plane has accepted, and this site has heard of it or did not within some seconds. */
  private async wish(wish: object, key: string | undefined): Promise<SiteCommandReply> {
    const reply = await this.decided(wish, key);
    await this.seen(reply.position);
    return reply;
  }

  /** Asks the management plane, which decides. */
  private async decided(wish: object, key: string | undefined): Promise<SiteCommandReply> {
    const siteId = this.memberId();
    const over = this.site.over();
    if (over) throw new Refused(over.code, `${over.message} Nothing was changed.`);
    // The same key with another request is another command.
    const commandId = key === undefined ? newId() : derivedId('site-command', siteId, key, JSON.stringify(wish));
    const command = siteCommandSchema.parse({ ...wish, capability: CAPABILITY, commandId });
    if (killPoint) await killPoint('command.sending', command.command);
    try {
      const reply = await ask(this.site.control, siteSubject(siteId, 'command'), command, siteCommandReplySchema);
      if (killPoint) await killPoint('command.answered', command.command);
      return reply;
    } catch (error) {
      throw refusedBy(error);
    }
  }

  /** Once it is desired it has a state; until then it is what was asked for. */
  private endpointAfter(
    kind: EndpointKind,
    id: string,
    wanted: Omit<SiteEndpoint, 'id' | 'state' | 'detail'>,
  ): SiteEndpoint {
    const desired = this.endpoints(kind).find((endpoint) => endpoint.id === id);
    return desired ?? { id, ...wanted, state: 'unknown', detail: null };
  }

  /** Resolves when the desired state of this site is of that log position, or did not come within some seconds. */
  async seen(position: number): Promise<void> {
    const { desired } = this.site.state;
    const until = performance.now() + SHOWS_WITHIN_MS;
    while (desired.state.revision < position && performance.now() < until && this.site.control.connected) {
      this.site.syncNow();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private memberId(): string {
    const { joining } = this.site.state.journal;
    if (joining?.status !== 'joined') throw new Refused('site.not-joined', 'This site has not joined its network yet.');
    if (joining.site.role === 'member') return joining.site.siteId;
    throw new Refused(
      'site.not-a-member',
      `This is a ${joining.site.role} site; only member sites have listeners and connectors.`,
    );
  }

  private observation() {
    const { items, refused } = this.site.state.desired.understood;
    const certificateState = (item: Parameters<SiteController['certificateState']>[0]) =>
      this.site.certificateState(item);
    const shut = this.site.doors.shut(items);
    return observationOf({ items, refused, observed: this.site.observed, shut, certificateState });
  }
}
