import type { Holder } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import { NATS_HOSTS } from '@caravan/pki';
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

type CredentialHolder = Extract<Holder, { kind: 'nats-server' | 'service' | 'management-site' }>;

/** All credentials that the management plane starts with. */
export const credentials = (natsHosts: readonly string[], managementSite: string | undefined): Credential[] => [
  credentialOf({ kind: 'nats-server' }, [...new Set([...NATS_HOSTS, ...natsHosts])]),
  ...SERVICES.map((name) => credentialOf({ kind: 'service', name })),
  ...(managementSite === undefined ? [] : [credentialOf({ kind: 'management-site', siteId: managementSite })]),
];

/** The credential of somebody who was certified before. */
export function credentialOf(of: CredentialHolder, hosts: readonly string[] = []): Credential {
  switch (of.kind) {
    case 'nats-server':
      return { file: 'nats-server', holder: { kind: 'nats-server' }, profile: 'natsServer', hosts };
    case 'service':
      return { file: of.name, holder: { kind: 'service', name: of.name }, profile: 'service', hosts };
    case 'management-site': {
      const holder = { kind: 'management-site', siteId: of.siteId } as const;
      return { file: 'management-site', holder, profile: 'managementSite', hosts };
    }
    default:
      return assertNever(of);
  }
}

export const isCredentialHolder = (holder: Holder): holder is CredentialHolder =>
  holder.kind === 'nats-server' || holder.kind === 'service' || holder.kind === 'management-site';

/** The id of a holder's n-th certificate: a second run finds what the first one made. */
export const certificateIdOf = (installation: string, { holder }: Credential, ordinal: number): string =>
  derivedId('certificate', installation, JSON.stringify(holder), String(ordinal));

/** Renewed while a third of its life is left, so that somebody who runs `init` every month is always in time. */
export function isAboutToExpire({ notBefore, notAfter }: { notBefore: string; notAfter: string }, now: Date): boolean {
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  return end - now.getTime() < (end - start) / 3;
}
