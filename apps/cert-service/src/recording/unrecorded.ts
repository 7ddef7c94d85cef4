import {
  AuthorityEstablished,
  AuthorityRequested,
  authorityRequestStream,
  authorityStream,
  CertificateIssued,
  CertificateRefused,
  certificateStream,
} from '@caravan/events';
import type { EventOf, StreamName } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';

export type TrustEvent = EventOf<
  typeof AuthorityEstablished | typeof AuthorityRequested | typeof CertificateIssued | typeof CertificateRefused
>;

/** A row that names an event which may not be in the log yet: rows are committed first (docs/adr/0004). */
export interface Unrecorded {
  readonly event: TrustEvent;
  readonly metadata: CommandMetadata;
}

/** `CommandMetadata` as JSON. */
export type StoredMetadata = Omit<CommandMetadata, 'now'> & { readonly now: string };

export const storedMetadata = (metadata: CommandMetadata): StoredMetadata => ({
  ...metadata,
  now: metadata.now.toISOString(),
});

export const commandMetadata = (stored: StoredMetadata): CommandMetadata => ({ ...stored, now: new Date(stored.now) });

/** The event of a stored row; `type` and `data` were written by us. */
export function trustEvent(type: string, data: unknown): TrustEvent {
  switch (type) {
    case AuthorityEstablished.type:
      return AuthorityEstablished(AuthorityEstablished.schema.parse(data));
    case AuthorityRequested.type:
      return AuthorityRequested(AuthorityRequested.schema.parse(data));
    case CertificateIssued.type:
      return CertificateIssued(CertificateIssued.schema.parse(data));
    case CertificateRefused.type:
      return CertificateRefused(CertificateRefused.schema.parse(data));
    default:
      throw new TypeError(`the pki schema holds an unknown event ${type}: it was written by a newer cert-service`);
  }
}

export const idOf = ({ data }: TrustEvent): string => ('authorityId' in data ? data.authorityId : data.certificateId);

/** Each has a stream of its own, so that revision 0 says "once". */
export function streamOf(event: TrustEvent): StreamName {
  switch (event.type) {
    case 'AuthorityEstablished':
      return authorityStream(event.data.authorityId);
    case 'AuthorityRequested':
      return authorityRequestStream(event.data.authorityId);
    case 'CertificateIssued':
    case 'CertificateRefused':
      return certificateStream(event.data.certificateId);
    default:
      return assertNever(event);
  }
}

/** What two tellings of one fact have in common: the certificate itself, the key that it is asked for, or why there is none. */
export function essenceOf(event: TrustEvent): string {
  switch (event.type) {
    case 'AuthorityEstablished':
    case 'CertificateIssued':
      return event.data.fingerprint;
    case 'AuthorityRequested':
      return event.data.publicKeyFingerprint;
    case 'CertificateRefused':
      return event.data.code;
    default:
      return assertNever(event);
  }
}
