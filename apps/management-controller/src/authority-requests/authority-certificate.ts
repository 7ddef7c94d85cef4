import { AuthorityCertificateBrought } from '@caravan/events';
import type { AuthorityCertificateEvent } from '@caravan/events';
import type { Command, Decider } from '@caravan/event-store';

/** The fingerprint of the last one. */
export interface AuthorityCertificateState {
  readonly brought: string | null;
}

export type AuthorityCertificateCommand = Command<'BringCertificate'> & {
  readonly authorityId: string;
  /** PEM, found fit for its place. */
  readonly certificate: string;
  readonly intermediates: readonly string[];
  readonly fingerprint: string;
};

/** What people brought for the request of an authority. Whether one of them counts cert-service decides, which has the key. */
export const authorityCertificate: Decider<
  AuthorityCertificateState,
  AuthorityCertificateCommand,
  AuthorityCertificateEvent
> = {
  initial: () => ({ brought: null }),
  decide: ({ authorityId, certificate, intermediates, fingerprint }, { brought }) =>
    brought === fingerprint
      ? []
      : [AuthorityCertificateBrought({ authorityId, certificate, intermediates: [...intermediates], fingerprint })],
  evolve: (_, { data }) => ({ brought: data.fingerprint }),
};
