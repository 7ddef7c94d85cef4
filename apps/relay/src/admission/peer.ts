import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { LinkItem, PeerChain } from '@caravan/data-plane';
import type { TlsUsage } from '@caravan/pki';
import { describeCertificate, verifyChain } from '@caravan/pki';

/** The other end of a TLS connection, from what it presented in the handshake. */
export interface Peer {
  /** URI names of the leaf; the leaf alone was proven. */
  readonly uris: readonly string[];
  readonly chain: PeerChain;
  /** Milliseconds since 1970: from when on the leaf is valid. */
  readonly begins: number;
  /** Milliseconds since 1970: the first end of validity in the chain. */
  readonly expires: number;
  /** PEM, leaf first. */
  readonly presented: readonly string[];
}

/** More certificates than any tree here has are not looked at. */
const MAX_CHAIN = 8;

/** Undefined when the peer presented nothing, or something that cannot be read. */
export function peerOf(socket: TLSSocket): Peer | undefined {
  const presented = presentedBy(socket);
  if (presented.length === 0) return undefined;
  try {
    const facts = presented.map((pem) => describeCertificate(pem));
    return {
      uris: facts[0]!.uris,
      chain: facts.map(({ subject, issuer, serial, notAfter }) => ({ subject, issuer, serial, notAfter })),
      begins: Date.parse(facts[0]!.notBefore),
      expires: Math.min(...facts.map(({ notAfter }) => Date.parse(notAfter))),
      presented,
    };
  } catch {
    return undefined;
  }
}

/** Whether the peer's leaf leads to `trust` as it is now; asked again whenever trust changes. */
export function isTrusted({ presented }: Peer, trust: readonly string[], now: Date, usage?: TlsUsage): boolean {
  const [leaf, ...intermediates] = presented;
  return leaf !== undefined && verifyChain(leaf, intermediates, trust, now, usage).ok;
}

/** Whether the peer's certificate is worth nothing any more, though it leads to what is trusted: by what was signed, not by its bytes. */
export const isRevoked = ({ chain: [leaf] }: Pick<Peer, 'chain'>, { revoked }: Pick<LinkItem, 'revoked'>): boolean =>
  leaf !== undefined && revoked?.includes(leaf.serial) === true;

/** Whether the peer is one that the link leads to. With two names, whoever reads the first and whoever reads the last meet different peers. */
export const isExpected = ({ uris }: Pick<Peer, 'uris'>, { identities }: Pick<LinkItem, 'identities'>): boolean =>
  identities === undefined || (uris.length === 1 && identities.includes(uris[0]!));

/**
 * Whether its host is all that the peer had to prove, since it leads to what its operator supplies. For which use, the handshake has asked: that
 * certificate may say nothing of it.
 */
export const isSupplied = (peer: Peer, supplied: readonly string[] | undefined, now: Date): boolean =>
  supplied !== undefined && isTrusted(peer, supplied, now);

/** What one that is up may lead to: also what was trusted when it was made and is no more. */
export const everTrusted = ({ trust, retired = [] }: Pick<LinkItem, 'trust' | 'retired'>): readonly string[] => [
  ...trust,
  ...retired,
];

function presentedBy(socket: TLSSocket): string[] {
  const chain: string[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw && chain.length < MAX_CHAIN) {
    chain.push(new X509Certificate(certificate.raw).toString());
    // A self-signed one names itself as its issuer.
    certificate = certificate.issuerCertificate === certificate ? undefined : certificate.issuerCertificate;
  }
  return chain;
}
