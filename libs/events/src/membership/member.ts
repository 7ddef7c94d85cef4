import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { siteDetailsSchema, withoutDetails } from './site-details.js';
import { connectorTlsSchema, listenerTlsSchema } from './endpoint-tls.js';
import {
  addressSchema,
  csrSchema,
  hostSchema,
  id,
  keyFingerprintSchema,
  linkCertificatesSchema,
  nameSchema,
  portSchema,
} from '../vocabulary.js';

/** A member site with its listeners and connectors. Its member id is its site id. */
export const memberCategory = { context: 'membership', aggregate: 'member' } as const;
export const memberStream = (memberId: string) => streamName(memberCategory, memberId);
const event = eventsOf(memberCategory);

const memberId = id;
const endpoint = { address: addressSchema, host: hostSchema, port: portSchema };

/** What a claim led to; with it the site exists and its certificate is asked for. */
export const MemberAdmitted = event({
  type: 'MemberAdmitted',
  version: 2,
  upcasters: { 1: withoutDetails },
  schema: z.strictObject({
    memberId,
    networkId: id,
    backboneId: id,
    invitationId: id,
    name: nameSchema,
    siteClasses: z.array(nameSchema),
    memberAccessPoints: z.array(id),
    claimantKey: keyFingerprintSchema,
    certificateId: id,
    csr: csrSchema,
    details: siteDetailsSchema,
  }),
});
export const MemberRemoved = event({
  type: 'MemberRemoved',
  schema: z.strictObject({ memberId, networkId: id, invitationId: id }),
});

/** From here on it shall have the certificate of this ordinal, because somebody wants it so. */
export const MemberCertificateDue = event({
  type: 'MemberCertificateDue',
  schema: z.strictObject({ memberId, networkId: id, ordinal: z.int().min(2) }),
});
/** The certificate of an ordinal is asked for: by the age of the one before, or because its desired state says so. */
export const MemberCertificateRequested = event({
  type: 'MemberCertificateRequested',
  schema: z.strictObject({
    memberId,
    networkId: id,
    certificateId: id,
    ordinal: z.int().min(2),
    claimantKey: keyFingerprintSchema,
    csr: csrSchema,
  }),
});

/** From here on the site shows these, and none of those before, when it dials those links; others know it by them too. Empty: none any more. */
export const MemberLinkCertificatesSupplied = event({
  type: 'MemberLinkCertificatesSupplied',
  schema: z.strictObject({
    memberId,
    networkId: id,
    linkCertificates: linkCertificatesSchema,
  }),
});

/** A local port of the site that leads to `address`. */
export const ListenerOpened = event({
  type: 'ListenerOpened',
  version: 2,
  schema: z.strictObject({
    memberId,
    networkId: id,
    listenerId: id,
    ...endpoint,
    tls: listenerTlsSchema.exactOptional(),
  }),
  upcasters: { 1: (data) => data }, // nobody spoke TLS with applications
});
export const ListenerChanged = event({
  type: 'ListenerChanged',
  version: 2,
  schema: z.strictObject({ memberId, listenerId: id, ...endpoint, tls: listenerTlsSchema.exactOptional() }),
  upcasters: { 1: (data) => data }, // nobody spoke TLS with applications
});
export const ListenerClosed = event({
  type: 'ListenerClosed',
  schema: z.strictObject({ memberId, listenerId: id }),
});

/** A server at the site that answers for `address`. */
export const ConnectorOpened = event({
  type: 'ConnectorOpened',
  version: 2,
  schema: z.strictObject({
    memberId,
    networkId: id,
    connectorId: id,
    ...endpoint,
    tls: connectorTlsSchema.exactOptional(),
  }),
  upcasters: { 1: (data) => data }, // nobody spoke TLS with applications
});
export const ConnectorChanged = event({
  type: 'ConnectorChanged',
  version: 2,
  schema: z.strictObject({ memberId, connectorId: id, ...endpoint, tls: connectorTlsSchema.exactOptional() }),
  upcasters: { 1: (data) => data }, // nobody spoke TLS with applications
});
export const ConnectorClosed = event({
  type: 'ConnectorClosed',
  schema: z.strictObject({ memberId, connectorId: id }),
});

export const memberEvents = [
  MemberAdmitted,
  MemberRemoved,
  MemberCertificateDue,
  MemberCertificateRequested,
  MemberLinkCertificatesSupplied,
  ListenerOpened,
  ListenerChanged,
  ListenerClosed,
  ConnectorOpened,
  ConnectorChanged,
  ConnectorClosed,
] as const;
export type MemberEvent = EventOf<typeof memberEvents>;
