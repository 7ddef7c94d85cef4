import type { Holder } from '@caravan/events';
import type { LeafProfileName } from '@caravan/pki';
import { derivedId } from '@caravan/platform/ids';

/** A certificate of the management plane itself: whose, under which file name, reached where. */
export interface Credential {
  readonly file: string;
  readonly holder: Holder;
  readonly profile: LeafProfileName;
  readonly hosts: readonly string[];
}

const SERVICES = ['management-controller', 'cert-service', 'router-config'] as const;
/** What every client of NATS may call it: on this machine, and from sites through the data plane. */
const NATS_HOSTS = ['localhost', '127.0.0.1', 'caravan.control'];

/** All credentials that the management plane starts with. */
export function credentials(natsHosts: readonly string[], managementSite: string | undefined): Credential[] {
  return [
    {
      file: 'nats-server',
      holder: { kind: 'nats-server' },
      profile: 'natsServer',
      hosts: [...new Set([...NATS_HOSTS, ...natsHosts])],
    },
    ...SERVICES.map((name): Credential => ({
      file: name,
      holder: { kind: 'service', name },
      profile: 'service',
      hosts: [],
    })),
    ...(managementSite === undefined
      ? []
      : [
          {
            file: 'management-site',
            holder: { kind: 'management-site', siteId: managementSite },
            profile: 'managementSite',
            hosts: [],
          } as const,
        ]),
  ];
}

/** The id of a holder's n-th certificate: a second run finds what the first one made. */
export const certificateIdOf = (installation: string, { holder }: Credential, ordinal: number): string =>
  derivedId('certificate', installation, JSON.stringify(holder), String(ordinal));

/** Renewed while a third of its life is left, so that somebody who runs `init` every month is always in time. */
export function isAboutToExpire({ notBefore, notAfter }: { notBefore: string; notAfter: string }, now: Date): boolean {
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  return end - now.getTime() < (end - start) / 3;
}
