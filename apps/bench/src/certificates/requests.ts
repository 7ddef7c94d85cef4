import {
  BackboneCreated,
  backboneStream,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  MemberAdmitted,
  memberStream,
  NetworkCreated,
  NetworkPlaced,
  networkStream,
} from '@caravan/events';
import { createCsr, generateKeyPair } from '@caravan/pki';
import { derivedId } from '@caravan/platform/ids';
import type { PlannedCommit } from '../stage/log-writer.js';

const backboneId = derivedId('backbone', 'bench');
const networkId = derivedId('network', 'bench');

/** A backbone with one network, whose authorities are established because of it. */
export function ground(at: Date): PlannedCommit[] {
  const term = { startsAt: '2026-01-01T00:00:00.000Z', endsAt: null, deleteAfterSeconds: DELETE_AFTER_SECONDS };
  const network = { backboneId, networkId, name: 'bench', ...term };
  return [
    {
      stream: backboneStream(backboneId),
      events: [BackboneCreated({ backboneId, name: 'bench', issuers: INSTALLATION_ISSUERS })],
      at,
    },
    { stream: backboneStream(backboneId), events: [NetworkPlaced(network)], at },
    { stream: networkStream(networkId), events: [NetworkCreated(network)], at },
  ];
}

/** What asks for a certificate: so many members, each with a key of its own. */
export function requests(count: number, batch: string, at: Date): PlannedCommit[] {
  return Array.from({ length: count }, (_, n) => {
    const memberId = derivedId('member', batch, String(n));
    const site = { siteClasses: [], memberAccessPoints: [], invitationId: derivedId('invitation', batch), details: {} };
    const proof = {
      claimantKey: derivedId('key', memberId).replaceAll('-', '').repeat(2),
      certificateId: derivedId('certificate', memberId),
      csr: createCsr({ subject: { commonName: 'store' }, keyPair: generateKeyPair() }),
    };
    const event = MemberAdmitted({ memberId, networkId, backboneId, name: `store-${n}`, ...site, ...proof });
    return { stream: memberStream(memberId), events: [event], at };
  });
}
