import type { Credential, Network } from '@caravan/api';
import type { AuthorityKind } from '@caravan/events';
import { describeCertificate } from '@caravan/pki';
import { presented } from './forge.js';
import type { Forge, Forgery, Signer } from './forge.js';
import type { StolenKey } from './stolen-keys.js';

/** The doors of a backbone site, and who is let in by them. */
export const DOORS = ['claim', 'member', 'peer', 'manage'] as const;
/** And the API over TLS, which lets in administrators. */
export type Target = (typeof DOORS)[number] | 'api';

/** What a certificate for a door has to be. */
export interface Right {
  readonly kind: Extract<AuthorityKind, 'claim' | 'member' | 'infrastructure' | 'management'>;
  /** Of a holder that there is. */
  readonly identity: string;
}

/** What somebody forges with. There is a network beside the one that is meant, and one on another backbone. */
export interface Ground {
  readonly forge: Forge;
  readonly keys: readonly StolenKey[];
  readonly network: Pick<Network, 'id' | 'backboneId'>;
  readonly right: Readonly<Record<Target, Right>>;
}

export interface Forgeries {
  /** By what is wrong with it, to be read behind "what". */
  readonly forgeries: Readonly<Record<string, (to: Target) => Credential>>;
  /** One with which nothing is wrong. */
  readonly honest: (to: Target) => Credential;
}

/** Which is right for the API, and forged for every door. */
export const BY_MANAGEMENT = 'is signed by the management authority';

/** All that our own code would never sign. `ground` is asked when one is made. */
export function forgeriesOn(ground: () => Ground): Forgeries {
  const key = (kind: AuthorityKind, of: 'ours' | 'beside' | 'elsewhere' = 'ours'): StolenKey => {
    const isOurs = ({ backboneId, networkId }: StolenKey): boolean =>
      (networkId === null || networkId === ground().network.id) &&
      (backboneId === null || backboneId === ground().network.backboneId);
    const isBeside = ({ backboneId, networkId }: StolenKey): boolean =>
      networkId !== ground().network.id && backboneId === ground().network.backboneId;
    const isElsewhere = ({ backboneId }: StolenKey): boolean => backboneId !== ground().network.backboneId;
    const fits = { ours: isOurs, beside: isBeside, elsewhere: isElsewhere }[of];
    const found = ground().keys.find((each) => each.kind === kind && fits(each));
    if (!found) throw new Error(`no ${kind} authority ${of}`);
    return found;
  };
  const subjectOf = ({ certificate }: Signer): string => `/${describeCertificate(certificate).subject}`;
  const above = (target: Target): readonly StolenKey[] => {
    const { kind } = ground().right[target];
    if (kind === 'management') return [key('root')];
    return kind === 'infrastructure' ? [key('backbone')] : [key('network'), key('backbone')];
  };
  const isOfNetwork = (target: Target): boolean => ['claim', 'member'].includes(ground().right[target].kind);
  const sibling: Record<Right['kind'], AuthorityKind> = {
    claim: 'member',
    member: 'claim',
    infrastructure: 'management',
    management: 'infrastructure',
  };
  const leaf = (target: Target, more: Forgery = {}): Forgery => ({ uris: [ground().right[target].identity], ...more });
  const rightly = (target: Target): StolenKey => key(ground().right[target].kind);

  const forgeries: Readonly<Record<string, (to: Target) => Credential>> = {
    'is over': (to) => presented(ground().forge.signed(rightly(to), leaf(to, { from: -3, until: -1 })), rightly(to)),
    'has not begun': (to) =>
      presented(ground().forge.signed(rightly(to), leaf(to, { from: 1, until: 3 })), rightly(to)),
    'is for servers only': (to) =>
      presented(ground().forge.signed(rightly(to), leaf(to, { usage: 'server' })), rightly(to)),
    'is the authority itself': (to) => presented(rightly(to), ...above(to)),
    'is an authority below the right one': (to) =>
      presented(ground().forge.signed(rightly(to), leaf(to, { ca: { pathLength: 0 } })), rightly(to)),
    'is signed by an authority below the right one': (to) => {
      const below = ground().forge.signed(rightly(to), { ca: { pathLength: 0 } });
      return presented(ground().forge.signed(below, leaf(to)), below, rightly(to), ...above(to));
    },
    'is signed by one that is no authority': (to) => {
      const holder = ground().forge.signed(rightly(to), leaf(to));
      return presented(ground().forge.signed(holder, leaf(to)), holder, rightly(to), ...above(to));
    },
    'is signed by its parent': (to) => presented(ground().forge.signed(above(to)[0]!, leaf(to)), ...above(to)),
    'is signed by the backbone authority': (to) =>
      presented(ground().forge.signed(key('backbone'), leaf(to)), key('backbone')),
    'is signed by the root': (to) => presented(ground().forge.signed(key('root'), leaf(to)), key('root')),
    [BY_MANAGEMENT]: (to) => presented(ground().forge.signed(key('management'), leaf(to)), key('management')),
    'is signed by the authority of another kind': (to) => {
      const other = key(sibling[ground().right[to].kind]);
      return presented(ground().forge.signed(other, leaf(to)), other, ...above(to));
    },
    'is signed by the authority of the network beside, or of another backbone': (to) => {
      const other = isOfNetwork(to) ? key(ground().right[to].kind, 'beside') : key('infrastructure', 'elsewhere');
      return presented(ground().forge.signed(other, leaf(to)), other);
    },
    'is signed by the authority of a network elsewhere': (to) => {
      const other = key(isOfNetwork(to) ? ground().right[to].kind : 'member', 'elsewhere');
      return presented(ground().forge.signed(other, leaf(to)), other);
    },
    'is signed by a second authority of the right name, below the right parent': (to) => {
      const twin = ground().forge.signed(above(to)[0]!, { subject: subjectOf(rightly(to)), ca: { pathLength: 0 } });
      return presented(ground().forge.signed(twin, leaf(to)), twin, ...above(to));
    },
    'is signed by an authority of the right name that signed itself': (to) => {
      const twin = ground().forge.selfSigned({ subject: subjectOf(rightly(to)), ca: { pathLength: 0 } });
      return presented(ground().forge.signed(twin, leaf(to)), twin);
    },
    'has a gap in its chain': (to) => {
      const between = ground().forge.signed(rightly(to), { ca: { pathLength: 0 } });
      return presented(ground().forge.signed(between, leaf(to)), rightly(to), ...above(to));
    },
    'signed itself, in the name of its holder': (to) => presented(ground().forge.selfSigned(leaf(to))),
    'is of an authority that every system trusts': (to) => {
      const known = ground().forge.selfSigned({ subject: '/CN=ISRG Root X1', ca: { pathLength: 1 } });
      return presented(ground().forge.signed(known, leaf(to)), known);
    },
    'has no name': (to) => presented(ground().forge.signed(rightly(to), {}), rightly(to)),
    'has two names': (to) => {
      const uris = [ground().right[to].identity, ground().right[to].identity.replace(/[^/]+$/, 'another')];
      return presented(ground().forge.signed(rightly(to), { uris }), rightly(to));
    },
    'has the name of another installation': (to) => {
      const uris = [ground().right[to].identity.replace(/^spiffe:\/\/[^/]+/, 'spiffe://another')];
      return presented(ground().forge.signed(rightly(to), { uris }), rightly(to));
    },
    'has a name below that of its holder': (to) =>
      presented(ground().forge.signed(rightly(to), { uris: [`${ground().right[to].identity}/more`] }), rightly(to)),
    'has the name of its owner only': (to) =>
      presented(
        ground().forge.signed(rightly(to), { uris: [ground().right[to].identity.replace(/[^/]+$/, '')] }),
        rightly(to),
      ),
    'has the name of another kind': (to) => {
      const kinds: Record<Target, [string, string]> = {
        claim: ['/claim/', '/member/'],
        member: ['/member/', '/claim/'],
        peer: ['/site/', '/access-point/'],
        manage: ['/manage/', '/access-point/'],
        api: ['/administrator/', '/service/'],
      };
      return presented(
        ground().forge.signed(rightly(to), { uris: [ground().right[to].identity.replace(...kinds[to])] }),
        rightly(to),
      );
    },
  };
  const made = new Map<string, Credential>();
  /** What was forged for one door is shown at others too: it is made once. */
  const once = Object.entries(forgeries).map(([what, make]): [string, (to: Target) => Credential] => [
    what,
    (to) => {
      const name = `${what} ${to}`;
      const credential = made.get(name) ?? make(to);
      made.set(name, credential);
      return credential;
    },
  ]);
  const honest = (to: Target): Credential => presented(ground().forge.signed(rightly(to), leaf(to)), rightly(to));
  return { forgeries: Object.fromEntries(once), honest };
}
