import {
  AccessPointAdded,
  AccessPointAddressed,
  AuthorityEstablished,
  authorityStream,
  BackboneCreated,
  BackboneSiteAdded,
  backboneStream,
  CertificateIssued,
  certificateStream,
  ConnectorClosed,
  ConnectorOpened,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationIssued,
  InvitationListed,
  InvitationMemberGone,
  invitationStream,
  LinkAdded,
  ListenerChanged,
  ListenerClosed,
  ListenerOpened,
  MemberAdmitted,
  MemberRemoved,
  memberStream,
  NetworkCreated,
  NetworkPlaced,
  networkStream,
  SiteClassAdded,
  PLAIN_TERMS,
} from '@caravan/events';
import type { Event, Holder, InvitationTerms, StreamName } from '@caravan/events';
import { derivedId } from '@caravan/platform/ids';
import type { PlannedCommit } from '../stage/log-writer.js';
import type { Papers } from './papers.js';

const SITES = 25;
const MEMBERS_OF_A_NETWORK = 250;
const INVITATIONS_OF_A_NETWORK = 5;
const NETWORKS_OF_A_BACKBONE = 50;
const KINDS = ['claim', 'member', 'peer', 'manage'] as const;

/**
 * A log as a busy installation has it after a while: backbones of 25 sites with their access points and links, fifty networks on
 * each, 250 members in a network that came by five invitations, each with its certificate, and with listeners and connectors; some
 * were changed, and one member in twenty is gone again. Always the same for the same number of members.
 */
export function* generatedLog(members: number, papers: Papers): Generator<PlannedCommit> {
  let at = Date.parse('2026-01-01T00:00:00Z');
  const commit = (stream: StreamName, ...events: Event[]): PlannedCommit => ({
    stream,
    events,
    at: new Date((at += 1_000)),
  });
  const networks = Math.ceil(members / MEMBERS_OF_A_NETWORK);
  let left = members;
  for (let n = 0; n < networks; n++) {
    const backboneId = derivedId('backbone', String(Math.floor(n / NETWORKS_OF_A_BACKBONE)));
    if (n % NETWORKS_OF_A_BACKBONE === 0) yield* backboneOf(backboneId, n / NETWORKS_OF_A_BACKBONE, papers, commit);
    yield* networkOf(backboneId, n, Math.min(left, MEMBERS_OF_A_NETWORK), papers, commit);
    left -= MEMBERS_OF_A_NETWORK;
  }
}

type MakeCommit = (stream: StreamName, ...events: Event[]) => PlannedCommit;

const siteId = (backboneId: string, s: number): string => derivedId('site', backboneId, String(s));
const accessPointId = (site: string, kind: string): string => derivedId('access point', site, kind);

function* backboneOf(backboneId: string, n: number, papers: Papers, commit: MakeCommit): Generator<PlannedCommit> {
  const stream = backboneStream(backboneId);
  yield commit(stream, BackboneCreated({ backboneId, name: `backbone-${n}`, issuers: INSTALLATION_ISSUERS }));
  yield authority(papers, commit, 'infrastructure', backboneId, null);
  for (let s = 0; s < SITES; s++) {
    const site = siteId(backboneId, s);
    yield commit(stream, BackboneSiteAdded({ backboneId, siteId: site, name: `site-${s}` }));
    for (const [k, kind] of KINDS.entries()) {
      const at = { backboneId, siteId: site, accessPointId: accessPointId(site, kind) };
      const bind = { bindHost: '0.0.0.0', bindPort: 4_000 + k, host: null, port: null };
      yield commit(stream, AccessPointAdded({ ...at, name: kind, kind, ...bind }));
      const host = `site-${s}.example.org`;
      yield commit(stream, AccessPointAddressed({ ...at, host, port: 4_000 + k, source: 'site' }));
      yield issued(papers, commit, derivedId('certificate', at.accessPointId), { kind: 'access-point', ...at });
    }
    if (s === 0) continue;
    const accepting = siteId(backboneId, (s - 1) >> 1);
    const ends = { siteId: site, acceptingSiteId: accepting, accessPointId: accessPointId(accepting, 'peer') };
    yield commit(stream, LinkAdded({ backboneId, linkId: derivedId('link', site), ...ends, cost: 1 }));
  }
}

function* networkOf(
  backboneId: string,
  n: number,
  members: number,
  papers: Papers,
  commit: MakeCommit,
): Generator<PlannedCommit> {
  const networkId = derivedId('network', String(n));
  const term = { startsAt: '2026-01-01T00:00:00.000Z', endsAt: null, deleteAfterSeconds: DELETE_AFTER_SECONDS };
  const network = { backboneId, networkId, name: `network-${n}`, ...term };
  yield commit(backboneStream(backboneId), NetworkPlaced(network));
  yield commit(networkStream(networkId), NetworkCreated(network));
  for (const kind of ['claim', 'member'] as const) yield authority(papers, commit, kind, backboneId, networkId);
  const siteClassId = derivedId('class', networkId);
  yield commit(networkStream(networkId), SiteClassAdded({ networkId, siteClassId, name: 'store' }));
  const each = Math.ceil(members / INVITATIONS_OF_A_NETWORK);
  for (let i = 0; i < INVITATIONS_OF_A_NETWORK; i++) {
    const claims = Math.max(0, Math.min(each, members - i * each));
    yield* invitationOf({ backboneId, networkId }, i, claims, papers, commit);
  }
}

function* invitationOf(
  of: { readonly backboneId: string; readonly networkId: string },
  i: number,
  claims: number,
  papers: Papers,
  commit: MakeCommit,
): Generator<PlannedCommit> {
  const { networkId, backboneId } = of;
  const invitationId = derivedId('invitation', networkId, String(i));
  const [first, second] = [siteId(backboneId, i), siteId(backboneId, i + 1)];
  const terms: InvitationTerms = {
    ...{ ...of, invitationId, ...PLAIN_TERMS },
    name: `invitation-${i}`,
    namePrefix: `store-${i}`,
    deadline: '2026-12-31T00:00:00.000Z',
    instanceLimit: 1_000,
    siteClasses: ['store'],
    claimAccessPoints: [accessPointId(first, 'claim')],
    memberAccessPoints: [accessPointId(first, 'member'), accessPointId(second, 'member')],
  };
  const stream = invitationStream(invitationId);
  yield commit(networkStream(networkId), InvitationListed(terms));
  yield commit(stream, InvitationIssued(terms));
  const certificateId = derivedId('claim certificate', invitationId);
  yield commit(stream, InvitationCredentialRequested({ invitationId, networkId, certificateId, csr: papers.csr }));
  yield issued(papers, commit, certificateId, { kind: 'claim', invitationId, networkId });
  for (let ordinal = 1; ordinal <= claims; ordinal++) yield* memberOf(terms, ordinal, papers, commit);
}

function* memberOf(terms: InvitationTerms, ordinal: number, papers: Papers, commit: MakeCommit) {
  const { invitationId, networkId, backboneId, siteClasses, memberAccessPoints } = terms;
  const memberId = derivedId('member', invitationId, String(ordinal));
  const certificateId = derivedId('member certificate', memberId);
  const claimantKey = derivedId('key', memberId).replaceAll('-', '').repeat(2);
  const name = `${terms.namePrefix}-${ordinal}`;
  const site = { memberId, networkId, backboneId, invitationId, siteClasses, memberAccessPoints, details: {} };
  const proof = { claimantKey, certificateId, csr: papers.csr };
  yield commit(invitationStream(invitationId), InvitationClaimed({ ...site, memberName: name, ordinal, ...proof }));
  const stream = memberStream(memberId);
  yield commit(stream, MemberAdmitted({ ...site, name, ...proof }));
  yield issued(papers, commit, certificateId, { kind: 'member', memberId, networkId });

  const listenerId = derivedId('listener', memberId);
  const connectorId = derivedId('connector', memberId);
  const at = { host: '127.0.0.1', port: 8_000 + (ordinal % 1_000) };
  yield commit(stream, ListenerOpened({ memberId, networkId, listenerId, address: `service-${ordinal % 10}`, ...at }));
  if (ordinal % 2 === 0) {
    const address = `service-${ordinal % 20}`;
    yield commit(stream, ConnectorOpened({ memberId, networkId, connectorId, address, ...at }));
  }
  if (ordinal % 10 === 1) {
    const changed = { address: 'service-moved', host: '0.0.0.0', port: at.port };
    yield commit(stream, ListenerChanged({ memberId, listenerId, ...changed }));
  }
  if (ordinal % 20 === 0) {
    const closed = [ListenerClosed({ memberId, listenerId }), ConnectorClosed({ memberId, connectorId })];
    yield commit(stream, ...closed, MemberRemoved({ memberId, networkId, invitationId }));
    yield commit(invitationStream(invitationId), InvitationMemberGone({ invitationId, memberId }));
  }
}

function issued(papers: Papers, commit: MakeCommit, certificateId: string, holder: Holder): PlannedCommit {
  const identity = `spiffe://bench/${holder.kind}/${certificateId}`;
  const issuerId = derivedId('authority', 'infrastructure', certificateId);
  return commit(
    certificateStream(certificateId),
    CertificateIssued({ ...papers.leaf, certificateId, holder, identity, hosts: [], ordinal: 1, issuerId }),
  );
}

function authority(
  papers: Papers,
  commit: MakeCommit,
  kind: 'infrastructure' | 'claim' | 'member',
  backboneId: string,
  networkId: string | null,
): PlannedCommit {
  const authorityId = derivedId('authority', kind, networkId ?? backboneId);
  const place = { backboneId, networkId, ordinal: 1, issuerId: derivedId('authority', 'above', backboneId) };
  return commit(
    authorityStream(authorityId),
    AuthorityEstablished({ ...papers.authority, authorityId, kind, ...place, origin: 'issued', intermediates: [] }),
  );
}
