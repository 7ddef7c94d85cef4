import {
  AccessPointAdded,
  AccessPointRemoved,
  BackboneDeleted,
  BackboneSiteRemoved,
  ConnectorClosed,
  InvitationDeleted,
  InvitationRevoked,
  LinkCostChanged,
  LinkRemoved,
  ListenerChanged,
  ListenerClosed,
  ManagementSiteMoved,
  NetworkDeleted,
  NetworkWithdrawn,
} from '@caravan/events';
import fc from 'fast-check';
import {
  accessPoint,
  addressed,
  backbone,
  connector,
  example,
  invitation,
  link,
  listener,
  managementSite,
  member,
  memberRemoved,
  network,
  site,
} from './example.fixture.js';
import { daysLater, id } from './names.fixture.js';
import { forLinks, proof } from './supplied.fixture.js';
import {
  authority,
  due,
  managementSiteAsked,
  issued,
  revoked,
  revokedCertificate,
  rotated,
} from './trust-events.fixture.js';
import type { LogEvent } from './model/index.js';

const backboneName = fc.constantFrom('demo', 'other');
const siteName = fc.constantFrom('north', 'south', 'east', 'west');
const kind = fc.constantFrom('claim' as const, 'member' as const, 'peer' as const, 'manage' as const);
const networkName = fc.constantFrom('retail', 'travel', 'late');
const memberName = fc.constantFrom('hq', 'agency', 'branch', 'kiosk');
const invitationName = fc.constantFrom('store', 'desk');
const host = fc.constantFrom('a.example', 'b.example', '192.0.2.1');
const ordinal = fc.integer({ min: 1, max: 3 });
const phase = fc.constantFrom('listeners' as const, 'diallers' as const, 'retire' as const);
const address = fc.constantFrom('inventory', 'till');
const sites = fc.array(siteName, { minLength: 1, maxLength: 3 });

/** So few that two sites show the same. */
const supply = fc.constantFrom('till', 'desk', null);

const demo = id('demo');

/** Any event about a few sites and networks, whether or not a decider would ever let it happen in that place. */
const anyEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  backboneName.map(backbone),
  fc.constantFrom(BackboneDeleted({ backboneId: id('other') }), backbone('demo'), backbone('other')),
  fc.tuple(siteName, backboneName).map(([name, on]) => site(name, on)),
  siteName.map((name) => BackboneSiteRemoved({ backboneId: demo, siteId: id(name) })),
  fc
    .tuple(siteName, kind, backboneName, fc.option(host))
    .map(([name, of, on, at]) => accessPoint(name, of, { on, host: at, port: at && 7000 })),
  fc.tuple(siteName, kind, host, ordinal).map(([name, of, at, port]) => addressed(name, of, at, port)),
  fc
    .tuple(siteName, kind)
    .map(([name, of]) =>
      AccessPointRemoved({ backboneId: demo, siteId: id(name), accessPointId: id(`${name} ${of}`) }),
    ),
  fc.tuple(siteName, siteName, ordinal).map(([from, to, cost]) => link(from, to, cost)),
  fc
    .tuple(siteName, siteName, ordinal)
    .map(([from, to, cost]) => LinkCostChanged({ backboneId: demo, linkId: id(`${from}-${to}`), cost })),
  fc.tuple(siteName, siteName).map(([from, to]) => LinkRemoved({ backboneId: demo, linkId: id(`${from}-${to}`) })),
  fc.tuple(networkName, backboneName).map(([name, on]) => network(name, on)),
  networkName.map((name) => NetworkWithdrawn({ backboneId: demo, networkId: id(name) })),
  networkName.map((name) => NetworkDeleted({ backboneId: demo, networkId: id(name) })),
  fc.tuple(networkName, ordinal).map(([name, each]) => authority('claim', name, each)),
  fc.tuple(networkName, ordinal).map(([name, each]) => authority('member', name, each)),
  fc.tuple(backboneName, ordinal).map(([name, each]) => authority('infrastructure', name, each)),
  fc.tuple(memberName, ordinal).map(([name, each]) => due.member(name, each)),
  fc.tuple(siteName, ordinal).map(([name, each]) => due.site(name, each)),
  fc.tuple(siteName, kind, ordinal).map(([name, of, each]) => due.accessPoint(name, of, each)),
  ordinal.map(due.manageLink),
  ordinal.map((each) => managementSiteAsked(each + 1)),
  ordinal.map((each) => authority('management', 'all', each)),
  fc.tuple(phase, ordinal).map(([to, each]) => rotated('installation', 'all', to, each)),
  fc.tuple(networkName, phase, ordinal).map(([name, to, each]) => rotated('network', name, to, each)),
  fc.tuple(backboneName, phase, ordinal).map(([name, to, each]) => rotated('backbone', name, to, each)),
  fc
    .tuple(fc.constantFrom('a', 'b'), networkName)
    .map(([digit, of]) =>
      revokedCertificate(digit, { kind: 'member', memberId: id('hq'), networkId: id(of) }, daysLater(20)),
    ),
  fc
    .tuple(memberName, networkName, fc.integer({ min: 0, max: 80 }))
    .map(([name, of, days]) => issued({ kind: 'member', memberId: id(name), networkId: id(of) }, daysLater(days))),
  fc
    .tuple(siteName, fc.integer({ min: 0, max: 80 }))
    .map(([name, days]) => issued({ kind: 'backbone-site', siteId: id(name), backboneId: demo }, daysLater(days))),
  siteName.map((name) => revokedCertificate('c', { kind: 'bootstrap', siteId: id(name), backboneId: demo })),
  fc.tuple(fc.constantFrom('a', 'b'), siteName, kind).map(([digit, at, of]) =>
    revokedCertificate(digit, {
      kind: 'access-point',
      accessPointId: id(`${at} ${of}`),
      siteId: id(at),
      backboneId: demo,
    }),
  ),
  fc
    .tuple(memberName, networkName)
    .map(([name, of]) => revoked({ kind: 'member', memberId: id(name), networkId: id(of), backboneId: demo })),
  networkName.map((name) => revoked({ kind: 'network', networkId: id(name), backboneId: demo })),
  siteName.map((name) => revoked({ kind: 'backbone-site', siteId: id(name), backboneId: demo })),
  fc.tuple(invitationName, networkName, sites).map(([name, of, at]) => invitation(name, of, at)),
  invitationName.map((name) => InvitationRevoked({ invitationId: id(name) })),
  fc
    .tuple(invitationName, networkName)
    .map(([name, of]) => InvitationDeleted({ invitationId: id(name), networkId: id(of) })),
  fc.tuple(memberName, networkName, sites).map(([name, of, at]) => member(name, of, at)),
  fc.tuple(memberName, networkName).map(([name, of]) => memberRemoved(name, of)),
  fc.tuple(memberName, networkName, address).map(([at, of, to]) => listener(at, of, to)),
  fc.tuple(memberName, address, ordinal).map(([at, to, port]) =>
    ListenerChanged({
      memberId: id(at),
      listenerId: id(`${at} listens ${to}`),
      address: to,
      host: '127.0.0.1',
      port,
    }),
  ),
  fc
    .tuple(memberName, address)
    .map(([at, to]) => ListenerClosed({ memberId: id(at), listenerId: id(`${at} listens ${to}`) })),
  fc.tuple(memberName, networkName, address).map(([at, of, to]) => connector(at, of, to)),
  fc
    .tuple(memberName, address)
    .map(([at, to]) => ConnectorClosed({ memberId: id(at), connectorId: id(`${at} connects ${to}`) })),
  fc.tuple(siteName, fc.constantFrom('company', 'successor')).map(([name, by]) => proof.supplied(name, by)),
  siteName.map(proof.withdrawn),
  fc
    .tuple(memberName, networkName, siteName, supply)
    .map(([name, of, at, by]) =>
      forLinks.ofMember(name, of, by === null ? {} : { [`member-${id(`${at} member`)}`]: by }),
    ),
  fc
    .tuple(siteName, siteName, supply)
    .map(([name, to, by]) => forLinks.ofSite(name, by === null ? {} : { [id(`${name}-${to}`)]: by })),
  fc.constant(managementSite),
  ordinal.map((port) => ManagementSiteMoved({ siteId: id('management'), controlHost: 'nats', controlPort: port })),
);

/** Ids are made anew for everything that is added: that of an access point never comes back. */
function neverTwice(events: readonly LogEvent[]): LogEvent[] {
  const added = new Set<string>();
  return events.filter((event) => {
    if (event.type !== AccessPointAdded.type) return true;
    const isNew = !added.has(event.data.accessPointId);
    added.add(event.data.accessPointId);
    return isNew;
  });
}

/** A log: the example and what chance adds to it, or chance alone. */
export const anyLog: fc.Arbitrary<LogEvent[]> = fc
  .tuple(fc.boolean(), fc.array(anyEvent, { minLength: 1, maxLength: 80 }))
  .map(([fromExample, events]) => neverTwice(fromExample ? [...example, ...events] : events));

export const everySite = ['north', 'south', 'east', 'west', 'hq', 'agency', 'branch', 'kiosk', 'management'].map(id);
