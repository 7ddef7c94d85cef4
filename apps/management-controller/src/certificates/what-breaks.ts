import type { AuthorityKind, Holder } from '@caravan/events';

/** What no longer works when an authority is trusted by nobody from one moment to the next: in words, for people. */
export const BREAKS_WITHOUT_AUTHORITY: Readonly<Record<AuthorityKind, string>> = {
  root: 'No site and no service reaches NATS any more; nothing can be decided, and relays go on with what they know.',
  management: 'No service reaches NATS any more, and sites take nobody there for the management plane.',
  backbone: 'Nothing at once: no door trusts it. No authority can be signed below it, and no chain leads to the root.',
  infrastructure:
    'Every link between the backbone’s sites ends, and those of the management plane to them: its networks carry nothing over two relays.',
  network: 'Nothing at once: no door trusts it. No authority can be signed below it, and members do not reach NATS.',
  claim: 'Nobody joins the network any more: every invitation that was downloaded is worth nothing.',
  member: 'Every member loses its links: the network carries nothing.',
};

/** What no longer works when a certificate is taken by nobody from one moment to the next. */
export const BREAKS_WITHOUT: Readonly<Record<Holder['kind'], string>> = {
  'nats-server': 'Services and sites take the server for nobody’s, and are disconnected.',
  'api-server': 'Clients take the API for nobody’s.',
  service: 'The service does not reach NATS, and does nothing.',
  'management-site': 'caravan.control leads nowhere: sites that reach NATS only through it go on with what they know.',
  administrator: 'Its holder is refused by the API, unless by a token.',
  'manage-link': 'The management plane does not reach the sites of that backbone through their manage access points.',
  bootstrap: 'The site cannot be set up with its bundle; one that was is not concerned.',
  'backbone-site': 'The site’s links to its peers end, and its way to the management plane.',
  'access-point': 'Nobody dials the access point any more; who is connected stays until its link ends.',
  claim: 'Nobody joins by that copy of the invitation any more.',
  member: 'The member loses its links: its listeners answer nobody, and its connectors are reached by nobody.',
};
