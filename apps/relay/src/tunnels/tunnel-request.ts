import type { Reach } from '@caravan/data-plane';
import { addressSchema, CONTROL_ADDRESS } from '@caravan/data-plane';
import type { Facet } from '../links/facet.js';
import { limits } from '../limits.js';
import { ownScope } from '../routes/offer.js';
import type { Scope } from '../routes/scope.js';
import { CONTROL_SCOPE, fitsScope, scopeSchema } from '../routes/scope.js';
import { Refusal } from './refusal.js';

/** What a tunnel is asked for with: `CONNECT`, `:authority` the address, and these (RFC 9113, 8.5). */
export const tunnelHeaders = {
  scope: 'caravan-scope',
  connection: 'caravan-connection',
  hops: 'caravan-hops',
  origin: 'caravan-origin',
  code: 'caravan-code',
} as const;

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface TunnelRequest {
  readonly scope: Scope;
  readonly address: string;
  /** Made where the connection came in; undefined: it has none yet, or none that can be read. */
  readonly connection: string | undefined;
  readonly hops: readonly string[];
  /** The member site where it began, so that no relay brings it back there: that site has tried its own servers. */
  readonly origin?: string | undefined;
}

interface Asking {
  readonly facet: Facet;
  readonly reach: Reach;
  readonly selfId: string;
  /** Of the peer, as its certificate proves it; null at the dialling end. */
  readonly identity: string | null;
}

const SITE = /^[A-Za-z0-9._-]{1,128}$/;
const CONNECTION = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Judges what a peer asks for. The scope of a stream comes from the link it came in on; only relays of one backbone say it
 * themselves. Throws `Refusal`.
 */
export function readTunnelRequest({ facet, reach, selfId, identity }: Asking, headers: Headers): TunnelRequest {
  const address = headers[':authority'];
  if (typeof address !== 'string' || !addressSchema.safeParse(address).success) {
    throw new Refusal('tunnel.malformed', 'the authority is not an address');
  }
  const connection = single(headers, tunnelHeaders.connection);
  const common = { address, connection: connection && CONNECTION.test(connection) ? connection : undefined };
  switch (facet.admits) {
    case 'nothing':
      throw new Refusal('tunnel.not-permitted', `nothing may be opened over this link, asked for ${address}`);
    case 'control':
      if (address !== CONTROL_ADDRESS) {
        throw new Refusal('tunnel.confined', `this link reaches ${CONTROL_ADDRESS} only, asked for ${address}`);
      }
      return { ...common, scope: CONTROL_SCOPE, hops: [] };
    case 'network':
      return { ...common, scope: networkRequestScope(facet, reach, address), hops: [], origin: siteIn(identity) };
    case 'backbone':
      return { ...common, ...backboneRequest(headers, address, selfId) };
  }
}

function networkRequestScope(facet: Facet, reach: Reach, address: string): Scope {
  if (address === CONTROL_ADDRESS) {
    // A member asks its access point for it; an access point has no business asking a member.
    if (facet.transit) return CONTROL_SCOPE;
    throw new Refusal('tunnel.not-permitted', `${CONTROL_ADDRESS} is not at a member site`);
  }
  const scope = ownScope(reach);
  if (scope === undefined) throw new Refusal('tunnel.not-permitted', 'this link has no network');
  return scope;
}

type Told = Pick<TunnelRequest, 'scope' | 'hops' | 'origin'>;

function backboneRequest(headers: Headers, address: string, selfId: string): Told {
  const scope = scopeSchema.safeParse(single(headers, tunnelHeaders.scope));
  if (!scope.success) throw new Refusal('tunnel.malformed', 'no scope, or an unknown kind of one');
  if (!fitsScope(scope.data, address)) throw new Refusal('tunnel.malformed', `${address} is not in ${scope.data}`);
  const hops = (single(headers, tunnelHeaders.hops) ?? '').split(',').filter((hop) => hop !== '');
  if (hops.some((hop) => !SITE.test(hop))) throw new Refusal('tunnel.malformed', 'a hop that is no site');
  if (hops.includes(selfId) || hops.length >= limits.hops) throw new Refusal('tunnel.loop', `after ${hops.join(' ')}`);
  const origin = single(headers, tunnelHeaders.origin);
  return { scope: scope.data, hops, origin: origin !== undefined && SITE.test(origin) ? origin : undefined };
}

/** The site that an identity names: its last segment, `spiffe://<installation>/network/<id>/member/<site>`. */
const siteIn = (identity: string | null): string | undefined => identity?.slice(identity.lastIndexOf('/') + 1);

/** Whether a line leads to a site that the connection has been at. */
export const leadsBack = (
  {
    site,
    init: { identity },
  }: { readonly site: string | undefined; readonly init: { readonly identity: string | null } },
  { hops, origin }: TunnelRequest,
): boolean =>
  (site !== undefined && hops.includes(site)) ||
  (origin !== undefined && identity !== null && siteIn(identity) === origin);

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** What goes on to the next relay. Outside the backbone nothing is told about it. */
export function onwardHeaders(
  facet: Facet,
  selfId: string,
  { scope, address, hops, origin }: TunnelRequest,
  connection: string,
): Record<string, string> {
  const plain = { ':method': 'CONNECT', ':authority': address, [tunnelHeaders.connection]: connection };
  if (facet.hears !== 'backbone') return plain;
  return {
    ...plain,
    [tunnelHeaders.scope]: scope,
    [tunnelHeaders.hops]: [...hops, selfId].join(','),
    ...(origin !== undefined && { [tunnelHeaders.origin]: origin }),
  };
}
