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

/** Whose credentials are files: everybody whom an authority of the installation itself signs. */
export const CREDENTIAL_HOLDERS = ['nats-server', 'api-server', 'service', 'management-site', 'administrator'] as const;
type CredentialHolder = Extract<Holder, { kind: (typeof CREDENTIAL_HOLDERS)[number] }>;

/** Where the API is reached on its own machine. */
const API_HOSTS = ['localhost', '127.0.0.1'];

/** Who is to be certified. */
export interface Wanted {
  /** Where clients reach NATS and the API, beside what is usual; none: where they did before. */
  readonly natsHosts: readonly string[];
  readonly apiHosts: readonly string[];
  /** Its id; undefined: not wanted. */
  readonly managementSite: string | undefined;
  /** Names. */
  readonly administrators: readonly string[];
}

/** All credentials that the management plane starts with. */
export const credentials = ({ natsHosts, apiHosts, managementSite, administrators }: Wanted): Credential[] => [
  credentialOf({ kind: 'nats-server' }, [...new Set([...NATS_HOSTS, ...natsHosts])]),
  credentialOf({ kind: 'api-server' }, [...new Set([...API_HOSTS, ...apiHosts])]),
  ...SERVICES.map((name) => credentialOf({ kind: 'service', name })),
  ...(managementSite === undefined ? [] : [credentialOf({ kind: 'management-site', siteId: managementSite })]),
  ...administrators.map((name) => credentialOf({ kind: 'administrator', name })),
];

/** The credential of somebody who was certified before. */
export function credentialOf(of: CredentialHolder, hosts: readonly string[] = []): Credential {
  switch (of.kind) {
    case 'nats-server':
      return { file: 'nats-server', holder: { kind: 'nats-server' }, profile: 'natsServer', hosts };
    case 'api-server':
      return { file: 'api-server', holder: { kind: 'api-server' }, profile: 'apiServer', hosts };
    case 'service':
      return { file: of.name, holder: { kind: 'service', name: of.name }, profile: 'service', hosts };
    case 'management-site': {
      const holder = { kind: 'management-site', siteId: of.siteId } as const;
      return { file: 'management-site', holder, profile: 'managementSite', hosts };
    }
    case 'administrator': {
      const holder = { kind: 'administrator', name: of.name } as const;
      return { file: `administrator-${of.name}`, holder, profile: 'administrator', hosts };
    }
    default:
      return assertNever(of);
  }
}

export const isCredentialHolder = (holder: Holder): holder is CredentialHolder =>
  CREDENTIAL_HOLDERS.some((kind) => kind === holder.kind);

/** The id of a holder's n-th certificate: a second run finds what the first one made. */
export const certificateIdOf = (installation: string, { holder }: Credential, ordinal: number): string =>
  derivedId('certificate', installation, JSON.stringify(holder), String(ordinal));

/** Renewed while a third of its life is left, so that somebody who runs `init` every month is always in time. */
export function isAboutToExpire({ notBefore, notAfter }: { notBefore: string; notAfter: string }, now: Date): boolean {
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  return end - now.getTime() < (end - start) / 3;
}
