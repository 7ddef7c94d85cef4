import type { ObservedLink, Reach } from '@caravan/data-plane';

export type Direction = ObservedLink['direction'];
/** Which end of a line opens streams: the HTTP/2 client calls, the server answers. */
export type Role = 'calls' | 'answers';

/**
 * What one end of a link grants and expects, by who dialled and by the link's reach. Everything that a peer may do is read
 * from this table; nothing is from what it says about itself.
 */
export interface Facet {
  /** How a stream from the peer is judged (tunnels/tunnel-request.ts). */
  readonly admits: 'nothing' | 'control' | 'network' | 'backbone';
  /** Whether such a stream may go on over another link, or ends at this site's own connectors. A member carries for nobody. */
  readonly transit: boolean;
  /** The peer's offers that count, and the offers it gets. */
  readonly hears: 'nothing' | 'control' | 'network' | 'backbone';
  readonly offers: 'nothing' | 'control' | 'network' | 'backbone';
  /** What is sent there without being offered: a member knows no routes, its access point does. */
  readonly upward: 'nothing' | 'control' | 'network';
  /** The lines of such a link, by this end's role in each. A line that nothing may use is not made. */
  readonly roles: readonly Role[];
}

const nothing: Facet = {
  admits: 'nothing',
  transit: false,
  hears: 'nothing',
  offers: 'nothing',
  upward: 'nothing',
  roles: [],
};
const backbone: Facet = {
  ...nothing,
  admits: 'backbone',
  transit: true,
  hears: 'backbone',
  offers: 'backbone',
  roles: ['calls', 'answers'],
};

const FACETS: Readonly<Record<Reach['kind'], Readonly<Record<Direction, Facet>>>> = {
  control: {
    accepted: { ...nothing, admits: 'control', transit: true, roles: ['answers'] },
    dialled: { ...nothing, upward: 'control', roles: ['calls'] },
  },
  network: {
    accepted: { ...nothing, admits: 'network', transit: true, hears: 'network', roles: ['calls', 'answers'] },
    dialled: { ...nothing, admits: 'network', offers: 'network', upward: 'network', roles: ['calls', 'answers'] },
  },
  backbone: { accepted: backbone, dialled: backbone },
  management: {
    accepted: { ...nothing, hears: 'control', roles: ['calls'] },
    dialled: { ...nothing, admits: 'control', offers: 'control', roles: ['answers'] },
  },
};

export const facetOf = (direction: Direction, reach: Reach): Facet => FACETS[reach.kind][direction];

/** TLS application protocols: the dialler's choice says which end of the connection calls. */
export const ALPN = { dialledCalls: 'h2', dialledAnswers: 'caravan-h2r' } as const;

export const alpnOf = (role: Role): string => (role === 'calls' ? ALPN.dialledCalls : ALPN.dialledAnswers);

/** The accepting end's role; undefined for a protocol that is none of ours. */
export function acceptedRole(alpn: string | false | null): Role | undefined {
  if (alpn === ALPN.dialledCalls) return 'answers';
  return alpn === ALPN.dialledAnswers ? 'calls' : undefined;
}
