import type { AccessKind, AdmissionItem, Reach } from '@caravan/data-plane';
import { serverNameOf } from '@caravan/data-plane';
import type { Authority, Credential } from './authorities.js';
import { INSTALLATION, issue, makeAuthority, makeRoot } from './authorities.js';

export const BACKBONE = 'backbone-1';
const uri = (path: string): string => `spiffe://${INSTALLATION}/${path}`;

export interface Network {
  readonly id: string;
  readonly claimCa: Authority;
  readonly memberCa: Authority;
}

/** The trust of a small installation: one backbone, two networks. The tree is the one of the architecture, section 4. */
export class World {
  readonly #backboneCa: Authority;
  readonly infrastructure: Authority;
  readonly a: Network;
  readonly b: Network;

  constructor() {
    this.#backboneCa = makeAuthority(makeRoot(), 'backboneCa', 'backbone');
    this.infrastructure = makeAuthority(this.#backboneCa, 'infrastructureCa', 'infrastructure');
    this.a = this.network('net-a');
    this.b = this.network('net-b');
  }

  network(id: string): Network {
    const networkCa = makeAuthority(this.#backboneCa, 'networkCa', id);
    const claimCa = makeAuthority(networkCa, 'claimCa', `${id} claims`);
    return { id, claimCa, memberCa: makeAuthority(networkCa, 'memberCa', `${id} members`) };
  }

  member({ id, memberCa }: Network, name: string, more: { withIntermediates?: boolean } = {}): Credential {
    return issue(memberCa, 'member', { identity: memberIdentity(id, name) }, more);
  }

  claim({ id, claimCa }: Network, name: string, more: { withIntermediates?: boolean } = {}): Credential {
    return issue(claimCa, 'claim', { identity: uri(`network/${id}/claim/${name}`) }, more);
  }

  backboneSite(siteId: string): Credential {
    const identity = uri(`backbone/${BACKBONE}/site/${siteId}`);
    return issue(this.infrastructure, 'backboneSite', { identity });
  }

  manageLink(siteId: string): Credential {
    return issue(this.infrastructure, 'manageLink', { identity: uri(`backbone/${BACKBONE}/manage/${siteId}`) });
  }

  accessPoint(id: string, hosts: readonly string[] = ['127.0.0.1']): Credential {
    return issue(this.infrastructure, 'accessPoint', { identity: this.accessPointIdentity(id), hosts });
  }

  accessPointIdentity(id: string): string {
    return uri(`backbone/${BACKBONE}/access-point/${id}`);
  }

  /** The doors of both networks and of the backbone, as router-config would compile them. */
  admissions(): AdmissionItem[] {
    const { a, b, infrastructure } = this;
    return [
      ...[a, b].flatMap(({ id, claimCa, memberCa }) => [
        door('claim', id, claimCa, uri(`network/${id}/claim/*`), { kind: 'control' }),
        door('member', id, memberCa, memberIdentity(id, '*'), { kind: 'network', networkId: id }),
      ]),
      door('peer', BACKBONE, infrastructure, uri(`backbone/${BACKBONE}/site/*`), { kind: 'backbone' }),
      door('manage', BACKBONE, infrastructure, uri(`backbone/${BACKBONE}/manage/*`), { kind: 'management' }),
    ];
  }
}

export const memberIdentity = (networkId: string, name: string): string => uri(`network/${networkId}/member/${name}`);

export function door(
  access: AccessKind,
  ownerId: string,
  trusted: Authority,
  identity: string,
  reach: Reach,
): AdmissionItem {
  const serverName = serverNameOf(access, ownerId);
  const trust = [trusted.certificatePem];
  return { kind: 'admission', id: `${access}-${ownerId}`, access, serverName, trust, identity, denied: [], reach };
}
