import { AuthorityCertificateBrought } from '@caravan/events';
import type { AuthorityCertificateEvent } from '@caravan/events';
import type { Command, Decider } from '@caravan/event-store';

/** The last one, with what stands between it and the root. */
export interface AuthorityCertificateState {
  readonly brought: string | null;
}

const essenceOf = ({
  fingerprint,
  intermediates,
}: {
  readonly fingerprint: string;
  readonly intermediates: readonly string[];
}): string => [fingerprint, ...intermediates].join('\n');

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
    brought === essenceOf({ fingerprint, intermediates })
      ? []
      : [AuthorityCertificateBrought({ authorityId, certificate, intermediates: [...intermediates], fingerprint })],
  evolve: (_, { data }) => ({ brought: essenceOf(data) }),
};
